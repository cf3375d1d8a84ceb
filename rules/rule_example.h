// Example subjects of a rule: facts that must match it and facts that must not, in the pack
// beside the rule, run by `weighbridge rules test`. Format: rules/README.md.
#pragma once

#include <string>
#include <vector>

#include "rules/facts.h"
#include "rules/policy.h"
#include "scanner/base/json.h"

namespace weighbridge {

struct RuleExample {
  std::string pointer;  // "/rules/3/examples/0"
  std::string note;
  bool is_accelerator = false;
  ModelFacts model;
  AcceleratorFacts accelerator;
  Context context;
  std::string as_of;   // "" = the day of the test
  std::string expect;  // an outcome, or "none"
  std::vector<std::string> depends_on;
  Json facts;  // as written: model or accelerator, context, as_of
};

// Reads the list at `pointer`; errors as "POINTER: message". `subject` is "model" or
// "accelerator", the kind of thing that the rule is asked of.
std::vector<RuleExample> ReadExamples(const Json& list, const std::string& pointer,
                                      const std::string& subject, std::vector<std::string>& errors);

// How many facts tell the subjects apart: entries of the subject, of the context, the day.
std::size_t FactsApart(const RuleExample& a, const RuleExample& b);

}  // namespace weighbridge
