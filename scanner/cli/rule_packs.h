// Rule packs that a command names: files, folders of *.json, or "built-in".
#pragma once

#include <string>
#include <vector>

#include "rules/rule_pack.h"
#include "weighbridge/result.h"

namespace weighbridge {

// Names none: the built-in packs. A folder gives its *.json files in order of name.
Result<std::vector<PackText>> ReadPacks(const std::vector<std::string>& names);

// The rules of all of them, read and checked; every error of every pack at once.
Result<std::vector<Rule>> ParsePacks(const std::vector<PackText>& packs);

}  // namespace weighbridge
