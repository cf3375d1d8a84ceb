#include "rules/rule_diff.h"

#include <map>

#include "scanner/base/text.h"

namespace weighbridge {
namespace {

// Each period as one text, so that a history compares as a list of them.
std::string HistoryText(const RuleInfo& info) {
  if (info.history.size() < 2) return {};
  std::vector<std::string> periods;
  for (const RulePeriod& period : info.history) {
    periods.push_back(period.from + ".." + period.to + " " + period.status + " " + period.outcome +
                      " (" + period.citation + ", " + period.source_date + ", " +
                      period.confidence + ")");
  }
  return Join(periods, "; ");
}

std::string JsonText(const Json& json) { return json.is_null() ? std::string() : Dump(json); }

std::vector<std::pair<const char*, std::string>> Fields(const Rule& rule) {
  const RuleInfo& info = rule.info;
  return {{"pack", info.pack},
          {"title", info.title},
          {"jurisdiction", info.jurisdiction},
          {"authority", info.authority},
          {"citation", info.citation},
          {"source_url", info.source_url},
          {"source_date", info.source_date},
          {"confidence", info.confidence},
          {"status", info.status},
          {"effective_from", info.effective_from},
          {"effective_to", info.effective_to},
          {"subject_kind", info.subject_kind},
          {"outcome", info.outcome},
          {"sentence", info.sentence},
          {"history", HistoryText(info)},
          {"condition", JsonText(rule.condition_json)},
          {"context", JsonText(rule.context_json)},
          {"needs_context", rule.needs_context ? "true" : ""},
          {"review_by", info.review_by},
          {"see", Join(info.see, ", ")},
          {"supersedes", Join(info.supersedes, ", ")}};
}

std::map<std::string, const Rule*> ById(const std::vector<Rule>& rules) {
  std::map<std::string, const Rule*> map;
  for (const Rule& rule : rules) map.emplace(rule.info.id, &rule);
  return map;
}

}  // namespace

std::vector<RuleChange> DiffRules(const std::vector<Rule>& before, const std::vector<Rule>& after) {
  using Kind = RuleChange::Kind;
  const auto old_rules = ById(before), new_rules = ById(after);
  std::map<std::string, RuleChange> changes;
  for (const auto& [id, rule] : new_rules) {
    const auto old = old_rules.find(id);
    if (old == old_rules.end()) {
      changes[id] = {Kind::kAdded, id, rule->info.title, {}};
      continue;
    }
    RuleChange change{Kind::kChanged, id, rule->info.title, {}};
    const auto left = Fields(*old->second), right = Fields(*rule);
    for (std::size_t i = 0; i < left.size(); ++i) {
      if (left[i].second != right[i].second)
        change.fields.push_back({left[i].first, left[i].second, right[i].second});
    }
    if (!change.fields.empty()) changes[id] = std::move(change);
  }
  for (const auto& [id, rule] : old_rules) {
    if (new_rules.count(id) == 0) changes[id] = {Kind::kRemoved, id, rule->info.title, {}};
  }
  std::vector<RuleChange> list;
  for (auto& [id, change] : changes) list.push_back(std::move(change));
  return list;
}

}  // namespace weighbridge
