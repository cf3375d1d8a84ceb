// One rule asked of one model or one accelerator on one day: which period of its history
// stands, what the condition and the context answer, and the finding that follows.
#pragma once

#include <string>
#include <vector>

#include "rules/rule_pack.h"

namespace weighbridge {

// The period of a rule on a day, and whether it is known to apply then. Null: none.
struct Standing {
  Truth truth = Truth::kFalse;
  const RulePeriod* period = nullptr;
};
Standing StandingOn(const RuleInfo& rule, const std::string& as_of);

// `as_if_in_force` asks a rule that is only proposed as it would stand if it were adopted.
void JudgeModel(const Rule& rule, const ModelFacts& facts, const Context& context,
                const std::string& as_of, std::vector<Finding>& findings,
                bool as_if_in_force = false);
void JudgeAccelerator(const Rule& rule, const AcceleratorFacts& facts, const Context& context,
                      const std::string& as_of, const GroupLookup& groups,
                      std::vector<Finding>& findings, bool as_if_in_force = false);

}  // namespace weighbridge
