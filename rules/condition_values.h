// Values that a predicate's fact can have: words of closed vocabularies, country codes,
// Country Groups, sectors. One that is none of them never matches.
#pragma once

#include <string>
#include <vector>

#include "rules/condition_checks.h"

namespace weighbridge {

void CheckValues(const Json& condition, const std::string& pointer,
                 std::vector<ConditionProblem>& problems);

}  // namespace weighbridge
