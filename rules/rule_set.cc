#include "rules/rule_set.h"

#include <algorithm>

#include "rules/classify.h"
#include "rules/rule_pack.h"
#include "scanner/base/text.h"

namespace weighbridge {
namespace {

// Whether a rule applies on a day. A month without a day leaves the month open.
struct InForce {
  Truth truth = Truth::kFalse;
  bool suspended = false;
};

std::string FirstOfNextMonth(const std::string& month) {
  int year = std::stoi(month.substr(0, 4));
  int number = std::stoi(month.substr(5, 2)) + 1;
  if (number == 13) {
    number = 1;
    ++year;
  }
  return std::to_string(year) + (number < 10 ? "-0" : "-") + std::to_string(number) + "-01";
}

// The README of the facts: an in-force row without a first day has an unknown one,
// so before its source's date the answer is "depends".
Truth HasStarted(const RuleInfo& rule, const std::string& as_of) {
  const std::string& from = rule.effective_from.empty() ? rule.source_date : rule.effective_from;
  if (from.empty()) return Truth::kUnknown;
  if (from.size() == 7) {
    if (as_of < from + "-01") return rule.effective_from.empty() ? Truth::kUnknown : Truth::kFalse;
    return as_of < FirstOfNextMonth(from) ? Truth::kUnknown : Truth::kTrue;
  }
  if (as_of >= from) return Truth::kTrue;
  return rule.effective_from.empty() ? Truth::kUnknown : Truth::kFalse;
}

InForce IsInForce(const RuleInfo& rule, const std::string& as_of) {
  InForce state;
  if (rule.status == "proposed") return state;
  if (!rule.effective_to.empty() && as_of > rule.effective_to) return state;
  if (rule.status == "rescinded" && (rule.effective_from.empty() || rule.effective_to.empty()))
    return state;
  state.truth = HasStarted(rule, as_of);
  state.suspended = rule.status == "suspended";
  return state;
}

// An outcome is for a rule's own subject kind. What a scan finds is a copy of
// weights: a ban of a service or a listing of its publisher is a matter for review.
Outcome ForWeights(const Rule& rule, bool suspended) {
  Outcome outcome = rule.outcome;
  if (rule.info.subject_kind == "service" || rule.info.subject_kind == "publisher") {
    outcome = std::min(outcome, Outcome::kReview);
  }
  return suspended ? std::min(outcome, Outcome::kNotice) : outcome;
}

std::string Reach(const Rule& rule, bool suspended, Outcome outcome) {
  if (suspended) return " The rule is suspended on this day.";
  if (outcome == rule.outcome) return {};
  if (rule.info.subject_kind == "service") {
    return " This rule is about a service or app; for a local copy of weights it calls for review.";
  }
  return " This rule is about dealings with a party; for a copy of published weights it calls for "
         "review.";
}

// Why the day leaves it open whether a rule applies.
std::string StartWords(const RuleInfo& rule, const std::string& as_of) {
  if (rule.effective_from.empty() && rule.source_date.empty()) {
    return " No source that was read gives the rule's first day, or a day on which it stood: "
           "whether it applied on " +
           as_of + " is left undecided.";
  }
  if (rule.effective_from.empty()) {
    return " Its first day is not known; the source that shows it in force is of " +
           rule.source_date + ": whether it applied on " + as_of + " already is left undecided.";
  }
  return " It starts in " + rule.effective_from +
         ", on a day that its source does not give: "
         "whether it applied on " +
         as_of + " already is left undecided.";
}

// " NVIDIA H100: ECCN 3A090.a, TPP 15832."
std::string ProductWords(const AcceleratorFacts& facts) {
  std::string text;
  for (const ProductFact& product : facts.products) {
    const Classification& found = product.classification;
    const std::string eccn = !found.eccn.empty() ? "ECCN " + found.eccn
                             : found.needs.empty()
                                 ? "ECCN undecided"
                                 : "ECCN undecided, needs " + Join(found.needs, ", ");
    text += (text.empty() ? " " : "; ") + Printable(product.id) + ": " + eccn;
    if (found.tpp > 0) text += ", TPP " + FigureText(found.tpp);
  }
  return text + ".";
}

// The listings that made a rule speak.
std::string ListingWords(const std::set<std::string>& listings) {
  if (listings.empty()) return {};
  return " Listed: " + Join({listings.begin(), listings.end()}, "; ") + ".";
}

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

  std::vector<Finding> Evaluate(const ModelFacts& facts, const Policy& policy,
                                const std::string& as_of) const override {
    std::vector<Finding> findings;
    const auto names = SubjectNames(facts);
    for (const Rule& rule : rules_) {
      if (IsOff(rule, policy) || rule.info.subject_kind == "accelerator") continue;
      EvaluateRule(rule, facts, policy.context, as_of, findings);
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
      AskAccelerator(rule, facts, policy.context, as_of, groups, findings);
    }
    for (Finding& finding : findings) finding.subject_names = names;
    return findings;
  }

 private:
  static bool IsOff(const Rule& rule, const Policy& policy) {
    return !policy.packs.empty() && std::find(policy.packs.begin(), policy.packs.end(),
                                              rule.info.pack) == policy.packs.end();
  }

  static void AskAccelerator(const Rule& rule, const AcceleratorFacts& facts,
                             const Context& context, const std::string& as_of,
                             const GroupLookup& groups, std::vector<Finding>& findings) {
    static const ModelFacts no_model;
    const InForce force = IsInForce(rule.info, as_of);
    // An accelerator that is not identified says so once, not for every rule.
    if (force.truth == Truth::kFalse || facts.products.empty()) return;
    const Question question{no_model, context, as_of, rule.info.source_date, &facts, &groups};
    const Verdict condition = rule.condition->Ask(question);
    const Verdict where = rule.context->Ask(question);
    if (condition.truth == Truth::kFalse || where.truth == Truth::kFalse) return;
    const bool beyond =
        std::any_of(condition.missing.begin(), condition.missing.end(),
                    [](const std::string& fact) { return !fact.starts_with("accelerator."); });
    if (where.truth == Truth::kUnknown && (rule.needs_context || beyond)) return;
    std::set<std::string> missing = condition.missing;
    missing.insert(where.missing.begin(), where.missing.end());
    if (force.truth == Truth::kUnknown) missing.insert("rule.effective_from");
    findings.push_back(MakeFinding(rule, force.suspended, missing));
    Finding& finding = findings.back();
    finding.model_id = facts.device_id;
    finding.location = facts.location;
    finding.message += ProductWords(facts) + ListingWords(condition.listings) +
                       (force.suspended ? " The rule is suspended on this day." : "") +
                       (force.truth == Truth::kUnknown ? StartWords(rule.info, as_of) : "");
  }

  static void EvaluateRule(const Rule& rule, const ModelFacts& facts, const Context& context,
                           const std::string& as_of, std::vector<Finding>& findings) {
    const InForce force = IsInForce(rule.info, as_of);
    if (force.truth == Truth::kFalse) return;
    const Question question{facts, context, as_of, rule.info.source_date};
    Verdict condition = rule.condition->Ask(question);
    if (condition.truth == Truth::kFalse) return;
    // Nothing at all is known about the subject: the model's grade says so once,
    // better than a line for every rule there is.
    if (condition.truth == Truth::kUnknown && !SomethingKnown(condition, facts)) return;
    const Verdict where = rule.context->Ask(question);
    if (where.truth == Truth::kFalse) return;
    if (where.truth == Truth::kUnknown && (rule.needs_context || BeyondScan(condition))) return;
    std::set<std::string> missing = condition.missing;
    missing.insert(where.missing.begin(), where.missing.end());
    if (force.truth == Truth::kUnknown) missing.insert("rule.effective_from");
    findings.push_back(MakeFinding(rule, force.suspended, missing));
    findings.back().model_id = facts.model_id;
    findings.back().location = facts.location;
    findings.back().message += ListingWords(condition.listings) +
                               Reach(rule, force.suspended, findings.back().outcome) +
                               (force.truth == Truth::kUnknown ? StartWords(rule.info, as_of) : "");
  }

  // Candidates are knowledge; so is a licence or a family that narrows the question.
  static bool SomethingKnown(const Verdict& condition, const ModelFacts& facts) {
    if (condition.missing.count("model.origin") != 0) return !facts.candidates.empty();
    return facts.origin_known || !facts.publishers.empty() || !facts.candidates.empty() ||
           !facts.licences.empty();
  }

  // A fact that hardly any model states, or that no scan can see, so that the rule
  // would be asked of them all: it is put only to those whose context it is about.
  static bool BeyondScan(const Verdict& condition) {
    static const std::set<std::string> seen{"model.origin",     "model.licence", "model.family",
                                            "model.modality",   "model.name",    "model.released",
                                            "listing.listed_on"};
    return std::any_of(condition.missing.begin(), condition.missing.end(),
                       [](const std::string& fact) { return seen.count(fact) == 0; });
  }

  static Finding MakeFinding(const Rule& rule, bool suspended,
                             const std::set<std::string>& missing) {
    Finding finding;
    const RuleInfo& info = rule.info;
    finding.rule_id = info.id;
    finding.title = info.title;
    finding.outcome = ForWeights(rule, suspended);
    finding.message = info.sentence;
    finding.settled = missing.empty();
    finding.jurisdiction = info.jurisdiction;
    finding.authority = info.authority;
    finding.citation = info.citation;
    finding.source_url = info.source_url;
    finding.source_date = info.source_date;
    finding.confidence = info.confidence;
    finding.effective_from = info.effective_from;
    finding.effective_to = info.effective_to;
    finding.status = info.status;
    finding.depends_on.assign(missing.begin(), missing.end());
    return finding;
  }

  std::vector<Rule> rules_;
};

}  // namespace

std::unique_ptr<RuleSet> RuleSet::Empty() { return std::make_unique<LoadedRules>(); }

Result<std::unique_ptr<RuleSet>> RuleSet::Builtin() {
  std::unique_ptr<RuleSet> rules = std::make_unique<LoadedRules>();
  for (const EmbeddedPack& pack : EmbeddedPacks()) {
    Status added = rules->AddPack(pack.text, pack.name);
    if (!added.ok()) return std::move(added).error();
  }
  return rules;
}

}  // namespace weighbridge
