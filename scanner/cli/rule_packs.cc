#include "scanner/cli/rule_packs.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "scanner/base/text.h"

namespace weighbridge {
namespace {

namespace fs = std::filesystem;

Status ReadPack(const std::string& path, std::vector<PackText>& packs) {
  std::error_code ignored;
  std::ifstream file(path, std::ios::binary);
  if (!file || fs::is_directory(path, ignored))
    return Error{ErrorCode::kNotFound, Printable(path) + ": cannot be read"};
  packs.push_back({path, std::string((std::istreambuf_iterator<char>(file)), {})});
  return {};
}

Status ReadFolder(const std::string& folder, std::vector<PackText>& packs) {
  std::vector<std::string> paths;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    if (entry->path().extension() == ".json") paths.push_back(entry->path().string());
  }
  if (error) return Error{ErrorCode::kNotFound, Printable(folder) + ": cannot be read"};
  if (paths.empty())
    return Error{ErrorCode::kNotFound, Printable(folder) + ": holds no rule pack (*.json)"};
  std::sort(paths.begin(), paths.end());
  for (const std::string& path : paths) {
    Status read = ReadPack(path, packs);
    if (!read.ok()) return read;
  }
  return {};
}

}  // namespace

Result<std::vector<PackText>> ReadPacks(const std::vector<std::string>& names) {
  std::vector<PackText> packs;
  const std::vector<std::string> all = names.empty() ? std::vector<std::string>{"built-in"} : names;
  for (const std::string& name : all) {
    std::error_code ignored;
    Status read;
    if (name == "built-in")
      for (const EmbeddedPack& pack : EmbeddedPacks())
        packs.push_back({pack.name, std::string(pack.text)});
    else
      read = fs::is_directory(name, ignored) ? ReadFolder(name, packs) : ReadPack(name, packs);
    if (!read.ok()) return std::move(read).error();
  }
  return packs;
}

Result<std::vector<Rule>> ParsePacks(const std::vector<PackText>& packs) {
  std::vector<Rule> rules;
  std::vector<std::string> errors;
  for (std::size_t i = 0; i < packs.size(); ++i) {
    auto parsed = ParseRulePack(packs[i].text, packs[i].name);
    if (!parsed.ok()) {
      errors.push_back(parsed.error().message);
      continue;
    }
    for (Rule& rule : parsed.value()) {
      rule.pack_index = i;
      rules.push_back(std::move(rule));
    }
  }
  if (!errors.empty()) return Error{ErrorCode::kInvalidArgument, Join(errors, "\n")};
  return rules;
}

}  // namespace weighbridge
