#include "rules/rule_set.h"

#include <algorithm>

#include "rules/judge.h"
#include "rules/rule_pack.h"
#include "scanner/base/text.h"

namespace weighbridge {
namespace {

class LoadedRules final : public RuleSet {
 public:
  Status AddPack(std::string_view text, const std::string& file_name) override {
    auto rules = ParseRulePack(text, file_name);
    if (!rules.ok()) return std::move(rules).error();
    std::vector<std::string> errors;
    for (const Rule& rule : rules.value()) {
      const bool known = std::any_of(rules_.begin(), rules_.end(), [&](const Rule& other) {
        return other.info.id == rule.info.id;
      });
      if (known)
        errors.push_back(Printable(file_name) + ": rule " + Quote(rule.info.id) +
                         " is already in another pack");
    }
    if (!errors.empty()) return Error{ErrorCode::kInvalidArgument, Join(errors, "\n")};
    std::move(rules.value().begin(), rules.value().end(), std::back_inserter(rules_));
    return {};
  }

  std::vector<RuleInfo> List() const override {
    std::vector<RuleInfo> list;
    for (const Rule& rule : rules_) list.push_back(rule.info);
    return list;
  }

  Horizon HorizonOn(const std::string& as_of) const override {
    Horizon horizon;
    for (const Rule& rule : rules_) AddToHorizon(rule.info, as_of, horizon);
    return horizon;
  }

  std::vector<Finding> Evaluate(const ModelFacts& facts, const Policy& policy,
                                const std::string& as_of) const override {
    std::vector<Finding> findings;
    const auto names = SubjectNames(facts);
    for (const Rule& rule : rules_) {
      if (IsOff(rule, policy) || rule.info.subject_kind == "accelerator") continue;
      JudgeModel(rule, facts, policy.context, as_of, findings);
    }
    for (Finding& finding : findings) finding.subject_names = names;
    return findings;
  }

  std::vector<Finding> EvaluateAccelerator(const AcceleratorFacts& facts, const Policy& policy,
                                           const std::string& as_of,
                                           const GroupLookup& groups) const override {
    std::vector<Finding> findings;
    const auto names = std::make_shared<std::vector<std::string>>();
    if (!facts.display_name.empty()) names->push_back(facts.display_name);
    for (const ProductFact& product : facts.products) names->push_back(product.id);
    for (const Rule& rule : rules_) {
      if (IsOff(rule, policy) || rule.info.subject_kind != "accelerator") continue;
      JudgeAccelerator(rule, facts, policy.context, as_of, groups, findings);
    }
    for (Finding& finding : findings) finding.subject_names = names;
    return findings;
  }

 private:
  static bool IsOff(const Rule& rule, const Policy& policy) {
    return !policy.packs.empty() && std::find(policy.packs.begin(), policy.packs.end(),
                                              rule.info.pack) == policy.packs.end();
  }

  std::vector<Rule> rules_;
};

}  // namespace

bool IsPastReview(const RuleInfo& rule, const std::string& as_of) {
  const bool ended =
      rule.status == "rescinded" && !rule.effective_to.empty() && rule.effective_to < as_of;
  return !ended && !rule.review_by.empty() && rule.review_by < as_of;
}

void AddToHorizon(const RuleInfo& rule, const std::string& as_of, Horizon& horizon) {
  ++horizon.rules;
  if (IsPastReview(rule, as_of)) ++horizon.past_review;
  if (rule.source_date.empty()) {
    ++horizon.without_source;
    return;
  }
  // A month counts from its first day.
  const std::string day = rule.source_date + (rule.source_date.size() == 7 ? "-01" : "");
  if (horizon.oldest_source.empty() || day < horizon.oldest_source) horizon.oldest_source = day;
  horizon.newest_source = std::max(horizon.newest_source, day);
  horizon.beyond_sources = as_of > horizon.newest_source;
}

std::string HorizonWords(const Horizon& horizon, const std::string& as_of) {
  if (horizon.oldest_source.empty()) return "no rule has a source with a day";
  return "the law is known from sources of " + horizon.oldest_source + " to " +
         horizon.newest_source + "; on " + as_of + ", " + std::to_string(horizon.past_review) +
         " of " + std::to_string(horizon.rules) + " rules are past their review" +
         (horizon.without_source == 0 ? ""
                                      : " and " + std::to_string(horizon.without_source) +
                                            (horizon.without_source == 1 ? " has" : " have") +
                                            std::string(" a source without a day"));
}

std::unique_ptr<RuleSet> RuleSet::Empty() { return std::make_unique<LoadedRules>(); }

Result<std::unique_ptr<RuleSet>> RuleSet::Builtin() {
  std::unique_ptr<RuleSet> rules = Empty();
  for (const EmbeddedPack& pack : EmbeddedPacks()) {
    Status added = rules->AddPack(pack.text, pack.name);
    if (!added.ok()) return std::move(added).error();
  }
  return rules;
}

}  // namespace weighbridge
