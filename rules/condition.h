// Condition: a test over the facts of a model or an accelerator and the policy's context, in
// Kleene's three-valued logic. An unknown fact makes "unknown", never yes or no, and the missing
// facts are named. The language is documented in rules/README.md. Immutable once compiled; shared
// by const reference.
#pragma once

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "rules/facts.h"
#include "rules/policy.h"
#include "scanner/base/json.h"

namespace weighbridge {

enum class Truth { kFalse, kUnknown, kTrue };

struct Verdict {
  Truth truth = Truth::kUnknown;
  std::set<std::string> missing;   // facts that would settle it, when unknown
  std::set<std::string> listings;  // listings that matched, in words for the finding
};

// What a condition is asked about.
struct Question {
  const ModelFacts& facts;
  const Context& context;
  const std::string& as_of;  // ISO date; listings start on their own date
  // Day of the rule's source: by then a listing without a first day stood on its list.
  std::string source_date = {};
  // Set when the question is about an accelerator; `facts` are then those of no model.
  const AcceleratorFacts* accelerator = nullptr;
  const GroupLookup* groups = nullptr;
};

class Condition {
 public:
  virtual ~Condition() = default;
  virtual Verdict Ask(const Question& question) const = 0;
};

// Compiles the JSON form. Every error is added to `errors` as "POINTER: message";
// the result is null when there was any.
// `subject` is "model" or "accelerator": a predicate about the other is an error.
std::unique_ptr<Condition> CompileCondition(const Json& json, const std::string& pointer,
                                            std::vector<std::string>& errors,
                                            const std::string& subject = "model");

// Names of all predicates, for documentation tests and "did you mean".
std::vector<std::string> PredicateNames();

}  // namespace weighbridge
