#include "rules/judge.h"

#include <algorithm>

#include "rules/classify.h"
#include "scanner/base/text.h"

namespace weighbridge {
namespace {

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
// so before its source's date the answer is "depends". A month without a day leaves the
// month open.
Truth HasStarted(const RulePeriod& period, const std::string& as_of) {
  const std::string& from = period.from.empty() ? period.source_date : period.from;
  const Truth before = period.from.empty() ? Truth::kUnknown : Truth::kFalse;
  if (from.empty()) return Truth::kUnknown;
  if (from.size() == 7) {
    if (as_of < from + "-01") return before;
    return as_of < FirstOfNextMonth(from) ? Truth::kUnknown : Truth::kTrue;
  }
  return as_of >= from ? Truth::kTrue : before;
}

Truth Stands(const RulePeriod& period, const std::string& as_of) {
  if (period.status == "proposed") return Truth::kFalse;
  if (!period.to.empty() && as_of > period.to) return Truth::kFalse;
  if (period.status == "rescinded" && (period.from.empty() || period.to.empty()))
    return Truth::kFalse;
  return HasStarted(period, as_of);
}

// A proposed rule on the day that it is imagined to stand.
Standing StandingOf(const Rule& rule, const std::string& as_of, bool as_if_in_force) {
  Standing standing = StandingOn(rule.info, as_of);
  if (!as_if_in_force || standing.period != nullptr) return standing;
  const auto& history = rule.info.history;
  const auto proposed = std::find_if(history.begin(), history.end(),
                                     [](const RulePeriod& p) { return p.status == "proposed"; });
  return proposed == history.end() ? standing : Standing{Truth::kTrue, &*proposed};
}

// An outcome is for a rule's own subject kind. For a copy of weights a ban of a service
// or a listing of its publisher is a matter for review; so is, for a service, the listing.
// A suspended rule is a notice at most, and one whose return no instrument shows a review.
Outcome OutcomeOf(const Rule& rule, const RulePeriod& period, ModelSubject subject) {
  Outcome outcome = ParseOutcome(period.outcome).value_or(rule.outcome);
  const bool service = rule.info.subject_kind == "service";
  if ((service && subject != ModelSubject::kService) || rule.info.subject_kind == "publisher")
    outcome = std::min(outcome, Outcome::kReview);
  if (period.status == "suspended") return std::min(outcome, Outcome::kNotice);
  return period.status == "scheduled" ? std::min(outcome, Outcome::kReview) : outcome;
}

std::string Reach(const Rule& rule, const RulePeriod& period, Outcome outcome,
                  ModelSubject subject) {
  if (period.status == "suspended") return " The rule is suspended on this day.";
  if (OutcomeName(outcome) == period.outcome) return {};
  if (rule.info.subject_kind == "service" && subject == ModelSubject::kServedElsewhere) {
    return " This rule names a service; the model is served by another provider here, which calls "
           "for review.";
  }
  if (rule.info.subject_kind == "service") {
    return " This rule is about a service or app; for a local copy of weights it calls for review.";
  }
  if (rule.info.subject_kind != "publisher") return {};
  if (subject != ModelSubject::kWeights) {
    return " This rule is about dealings with a party; for the use of a service it calls for "
           "review.";
  }
  return " This rule is about dealings with a party; for a copy of published weights it calls for "
         "review.";
}

// Why the day leaves it open whether a rule applies.
std::string DayWords(const Standing& standing, const std::string& as_of) {
  const RulePeriod& period = *standing.period;
  std::string words;
  if (period.status == "scheduled") {
    words = " The rule is expected to apply from " + period.from +
            " on; no instrument that was read says that it does: whether it applied on " + as_of +
            " is left undecided.";
  }
  if (standing.truth != Truth::kUnknown) return words;
  if (period.from.empty() && period.source_date.empty()) {
    return words +
           " No source that was read gives the rule's first day, or a day on which it stood: "
           "whether it applied on " +
           as_of + " is left undecided.";
  }
  if (period.from.empty()) {
    return words + " Its first day is not known; the source that shows it in force is of " +
           period.source_date + ": whether it applied on " + as_of + " already is left undecided.";
  }
  return words + " It starts in " + period.from +
         ", on a day that its source does not give: "
         "whether it applied on " +
         as_of + " already is left undecided.";
}

void AddDayFacts(const Standing& standing, std::set<std::string>& missing) {
  if (standing.truth == Truth::kUnknown) missing.insert("rule.effective_from");
  if (standing.period->status == "scheduled") missing.insert("rule.status");
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

// Candidates are knowledge; so is a licence or a family that narrows the question.
bool SomethingKnown(const Verdict& condition, const ModelFacts& facts) {
  if (condition.missing.count("model.origin") != 0) return !facts.candidates.empty();
  return facts.origin_known || !facts.publishers.empty() || !facts.candidates.empty() ||
         !facts.licences.empty();
}

// A fact that hardly any model states, or that no scan can see, so that the rule
// would be asked of them all: it is put only to those whose context it is about.
bool BeyondScan(const Verdict& condition) {
  static const std::set<std::string> seen{"model.origin",     "model.licence", "model.family",
                                          "model.modality",   "model.name",    "model.released",
                                          "listing.listed_on"};
  return std::any_of(condition.missing.begin(), condition.missing.end(),
                     [](const std::string& fact) { return seen.count(fact) == 0; });
}

Finding MakeFinding(const Rule& rule, const RulePeriod& period,
                    const std::set<std::string>& missing, ModelSubject subject) {
  Finding finding;
  const RuleInfo& info = rule.info;
  finding.rule_id = info.id;
  finding.title = info.title;
  finding.outcome = OutcomeOf(rule, period, subject);
  finding.message = period.sentence;
  finding.settled = missing.empty();
  finding.jurisdiction = info.jurisdiction;
  finding.authority = info.authority;
  finding.citation = period.citation;
  finding.source_url = period.source_url;
  finding.source_date = period.source_date;
  finding.confidence = period.confidence;
  finding.effective_from = period.from;
  finding.effective_to = period.to;
  finding.status = period.status;
  finding.depends_on.assign(missing.begin(), missing.end());
  return finding;
}

}  // namespace

Standing StandingOn(const RuleInfo& rule, const std::string& as_of) {
  Standing best;
  for (const RulePeriod& period : rule.history) {
    const Truth truth = Stands(period, as_of);
    if (truth > best.truth) best = {truth, &period};
  }
  return best;
}

void JudgeModel(const Rule& rule, const ModelFacts& facts, const Context& context,
                const std::string& as_of, std::vector<Finding>& findings, bool as_if_in_force) {
  const std::string& kind = rule.info.subject_kind;
  if (facts.subject != ModelSubject::kWeights && kind != "service" && kind != "publisher") return;
  const Standing standing = StandingOf(rule, as_of, as_if_in_force);
  if (standing.period == nullptr) return;
  const Question question{facts, context, as_of, standing.period->source_date};
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
  AddDayFacts(standing, missing);
  findings.push_back(MakeFinding(rule, *standing.period, missing, facts.subject));
  Finding& finding = findings.back();
  finding.model_id = facts.model_id;
  finding.location = facts.location;
  finding.message += ListingWords(condition.listings) +
                     Reach(rule, *standing.period, finding.outcome, facts.subject) +
                     DayWords(standing, as_of);
}

void JudgeAccelerator(const Rule& rule, const AcceleratorFacts& facts, const Context& context,
                      const std::string& as_of, const GroupLookup& groups,
                      std::vector<Finding>& findings, bool as_if_in_force) {
  static const ModelFacts no_model;
  const Standing standing = StandingOf(rule, as_of, as_if_in_force);
  // An accelerator that is not identified says so once, not for every rule.
  if (standing.period == nullptr || facts.products.empty()) return;
  const Question question{no_model, context, as_of, standing.period->source_date, &facts, &groups};
  const Verdict condition = rule.condition->Ask(question);
  const Verdict where = rule.context->Ask(question);
  if (condition.truth == Truth::kFalse || where.truth == Truth::kFalse) return;
  const bool beyond =
      std::any_of(condition.missing.begin(), condition.missing.end(),
                  [](const std::string& fact) { return !fact.starts_with("accelerator."); });
  if (where.truth == Truth::kUnknown && (rule.needs_context || beyond)) return;
  std::set<std::string> missing = condition.missing;
  missing.insert(where.missing.begin(), where.missing.end());
  AddDayFacts(standing, missing);
  findings.push_back(MakeFinding(rule, *standing.period, missing, ModelSubject::kWeights));
  Finding& finding = findings.back();
  finding.model_id = facts.device_id;
  finding.location = facts.location;
  finding.message +=
      ProductWords(facts) + ListingWords(condition.listings) +
      (standing.period->status == "suspended" ? " The rule is suspended on this day." : "") +
      DayWords(standing, as_of);
}

}  // namespace weighbridge
