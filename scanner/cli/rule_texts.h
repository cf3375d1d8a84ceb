// What writers say about each rule, from the rule packs.
#pragma once

#include <string>
#include <vector>

#include "sbom/writer.h"
#include "weighbridge/result.h"

namespace weighbridge {

// All built-in rules, the WB- findings and the rules of the packs named.
Result<std::vector<WriterRule>> RuleTexts(const std::vector<std::string>& pack_files);

}  // namespace weighbridge
