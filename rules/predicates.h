// The predicates of the rule language, listed in one table.
#pragma once

#include <string>
#include <vector>

#include "rules/condition.h"

namespace weighbridge {

struct Predicate {
  const char* name;
  // What the argument must be: "strings" (non-empty list of strings), "pattern" (RE2),
  // "number" or "month" (YYYY-MM).
  const char* argument;
  Verdict (*ask)(const Json& argument, const Question& question);
};

const std::vector<Predicate>& Predicates();

// The 27 member states; the licences and acts that say "EU" do not say "EEA".
bool IsEuMember(const std::string& country);

}  // namespace weighbridge
