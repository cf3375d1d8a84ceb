// What two sets of rules have apart: rules added, removed and changed, field by field.
#pragma once

#include <string>
#include <vector>

#include "rules/rule_pack.h"

namespace weighbridge {

struct FieldChange {
  std::string field, before, after;  // "" where one side has none
};

struct RuleChange {
  enum class Kind { kAdded, kRemoved, kChanged };
  Kind kind = Kind::kChanged;
  std::string id, title;
  std::vector<FieldChange> fields;  // of kChanged
};

// In order of id.
std::vector<RuleChange> DiffRules(const std::vector<Rule>& before, const std::vector<Rule>& after);

}  // namespace weighbridge
