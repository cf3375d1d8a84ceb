// What writers say about each rule, from the rule packs.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "rules/rule_set.h"
#include "sbom/writer.h"
#include "scanner/cli/options.h"
#include "weighbridge/result.h"

namespace weighbridge {

// The packs of the database in use and those of the files that --rules names.
Result<std::unique_ptr<RuleSet>> LoadRules(const CommandLine& line);

// All of these rules and the WB- findings, for a report made with the database of this
// digest. When another has been installed meanwhile, that is said.
Result<std::vector<WriterRule>> RuleTexts(const CommandLine& line, const std::string& digest);

}  // namespace weighbridge
