// What writers say about each rule, from the rule packs.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "rules/rule_set.h"
#include "sbom/writer.h"
#include "weighbridge/result.h"

namespace weighbridge {

// The built-in packs and those of the files named.
Result<std::unique_ptr<RuleSet>> LoadRules(const std::vector<std::string>& pack_files);

// All built-in rules, the WB- findings and the rules of the packs named.
Result<std::vector<WriterRule>> RuleTexts(const std::vector<std::string>& pack_files);

}  // namespace weighbridge
