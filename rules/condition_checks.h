// Conditions that cannot hold: values that no fact ever has, demands that contradict each
// other. Conservative: what is reported never holds; what is not reported may still not.
#pragma once

#include <string>
#include <vector>

#include "scanner/base/json.h"

namespace weighbridge {

struct ConditionProblem {
  bool is_error = true;  // false: one of several alternatives only
  std::string pointer;
  std::string text;
};

// Of a rule's condition and context together, both compiled before, at the rule's pointer.
std::vector<ConditionProblem> CheckConditions(const Json& condition, const Json& context,
                                              const std::string& rule_pointer);

}  // namespace weighbridge
