// Runs the examples of rules: each subject must get the outcome, and depend on the facts,
// that the pack says.
#pragma once

#include <string>
#include <vector>

#include "rules/rule_pack.h"

namespace weighbridge {

struct ExampleResult {
  std::string rule;
  std::string pointer;  // of the example in its pack
  std::string note;
  std::string expected, got;  // "prohibited", "review, depends on context.sector", "none"
  bool passed() const { return expected == got; }
};

// `today` is the day of examples that name none. A rule that is only proposed is asked as
// if it were in force, so that its condition is tested too. `groups` may be empty.
std::vector<ExampleResult> RunExamples(const std::vector<Rule>& rules, const std::string& today,
                                       const GroupLookup& groups);

}  // namespace weighbridge
