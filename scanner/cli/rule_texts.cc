#include "scanner/cli/rule_texts.h"

#include <fstream>
#include <iterator>

#include "scanner/base/text.h"

namespace weighbridge {

Result<std::unique_ptr<RuleSet>> LoadRules(const std::vector<std::string>& pack_files) {
  auto rules = RuleSet::Builtin();
  if (!rules.ok()) return std::move(rules).error();
  for (const std::string& path : pack_files) {
    std::ifstream file(path, std::ios::binary);
    if (!file) return Error{ErrorCode::kNotFound, Printable(path) + ": cannot be read"};
    const std::string text((std::istreambuf_iterator<char>(file)), {});
    Status added = rules.value()->AddPack(text, path);
    if (!added.ok()) return std::move(added).error();
  }
  return rules;
}

Result<std::vector<WriterRule>> RuleTexts(const std::vector<std::string>& pack_files) {
  auto rules = LoadRules(pack_files);
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
