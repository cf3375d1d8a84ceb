#include "scanner/cli/rule_texts.h"

#include <fstream>
#include <iterator>

#include "scanner/base/text.h"
#include "scanner/cli/commands.h"
#include "scanner/cli/database_cli.h"

namespace weighbridge {

namespace {

Result<std::unique_ptr<RuleSet>> WithFiles(const Database& database, const CommandLine& line) {
  auto rules = LoadPacks(database);
  if (!rules.ok()) return std::move(rules).error();
  for (const std::string& path : line.scan.rule_packs) {
    std::ifstream file(path, std::ios::binary);
    if (!file) return Error{ErrorCode::kNotFound, Printable(path) + ": cannot be read"};
    const std::string text((std::istreambuf_iterator<char>(file)), {});
    Status added = rules.value()->AddPack(text, path);
    if (!added.ok()) return std::move(added).error();
  }
  return rules;
}

}  // namespace

Result<std::unique_ptr<RuleSet>> LoadRules(const CommandLine& line) {
  auto database = DatabaseOf(line);
  if (!database.ok()) return std::move(database).error();
  return WithFiles(database.value(), line);
}

Result<std::vector<WriterRule>> RuleTexts(const CommandLine& line, const std::string& digest) {
  CommandLine silent = line;  // the scan has said what there is to say
  silent.quiet = true;
  auto database = DatabaseOf(silent);
  if (!database.ok()) return std::move(database).error();
  if (database.value().FromBundle() && database.value().bundle.Digest() != digest && !line.quiet)
    Complain("another database was installed during the scan; rules are described as it has them");
  auto rules = WithFiles(database.value(), line);
  if (!rules.ok()) return std::move(rules).error();
  std::vector<RuleInfo> all = rules.value()->List();
  for (RuleInfo& rule : BuiltinRules()) all.push_back(std::move(rule));
  std::vector<WriterRule> texts;
  for (RuleInfo& rule : all) {
    texts.push_back({rule.id, rule.title, rule.sentence, rule.jurisdiction, rule.authority,
                     rule.citation, rule.source_url, rule.source_date, rule.confidence, rule.status,
                     rule.effective_from, rule.effective_to, rule.outcome});
  }
  return texts;
}

}  // namespace weighbridge
