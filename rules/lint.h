// Checks of rule packs beyond what the reader refuses: dates, reviews, overlaps, conditions
// that never hold, dead references, examples that say nothing.
#pragma once

#include <string>
#include <vector>

#include "rules/json_places.h"
#include "rules/rule_pack.h"

namespace weighbridge {

struct LintMessage {
  bool is_error = false;
  std::string file;
  Place place;
  std::string rule;  // "" when it is about the pack
  std::string text;
};

struct LintResult {
  std::vector<LintMessage> messages;  // by pack, then by place
  std::size_t errors = 0, warnings = 0;
  Horizon horizon;
};

// `today` judges reviews and days. Ids are compared with those of the built-in packs too,
// but for packs that have the name of a built-in one.
LintResult LintPacks(const std::vector<PackText>& packs, const std::string& today);

}  // namespace weighbridge
