// A condition in plain words, a line a part, for `weighbridge rules explain`.
#pragma once

#include <string>
#include <vector>

#include "scanner/base/json.h"

namespace weighbridge {

struct ConditionLine {
  int depth = 0;  // 0: the sentence itself; each group's parts stand one deeper
  std::string text;
};

// Of a condition that has been compiled. Empty when it always holds.
std::vector<ConditionLine> ConditionWords(const Json& condition);

// The sentence of one predicate with its argument; "" for a name that is none.
std::string PredicateWords(const std::string& name, const Json& argument, bool negated);

}  // namespace weighbridge
