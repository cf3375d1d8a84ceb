#include "rules/explain.h"

#include "rules/condition_words.h"
#include "rules/judge.h"
#include "scanner/base/text.h"

namespace weighbridge {
namespace {

std::string StatusWords(const std::string& status) {
  if (status == "in-force") return "in force";
  if (status == "scheduled") return "scheduled: no instrument that was read says that it applies";
  return status;
}

std::string PeriodWords(const RulePeriod& period) {
  if (period.from.empty() && period.to.empty()) return "first day not known";
  if (period.from.empty()) return "until " + period.to + ", first day not known";
  return period.from + (period.to.empty() ? " on" : " to " + period.to);
}

// How the states follow one another: a rule that applies again was revived.
std::string HistoryWords(const std::vector<RulePeriod>& history, std::size_t index) {
  const std::string& status = history[index].status;
  bool was_suspended = false;
  for (std::size_t i = 0; i < index; ++i)
    was_suspended = was_suspended || history[i].status == "suspended";
  if (status == "in-force" && was_suspended) return "in force again (revived)";
  if (status == "suspended" && index > 0 && history[index - 1].status == "suspended")
    return "still suspended";
  if (status == "scheduled" && was_suspended) return "scheduled to return";
  if (status == "rescinded") return "in force, then rescinded";
  return StatusWords(status);
}

std::string SubjectWords(const std::string& kind) {
  if (kind == "publisher")
    return "dealings with a publisher; of a copy of its weights review at most";
  if (kind == "service") return "a service or app; of a copy of weights review at most";
  if (kind == "licence") return "the licence of a model";
  return kind == "accelerator" ? "an accelerator" : "a model";
}

class Page {
 public:
  Page(const Rule& rule, const std::string& as_of) : rule_(rule), info_(rule.info), as_of_(as_of) {}

  std::vector<ExplainLine> Write() {
    Head();
    Conditions("when", rule_.condition_json, "of every subject of its kind");
    Conditions("for whom", rule_.context_json, "of every deployer");
    if (rule_.needs_context)
      Field("silence", "says nothing unless the policy settles for whom it is");
    History();
    Sources();
    Examples();
    return std::move(lines_);
  }

 private:
  void Head() {
    lines_.push_back({0, "", info_.id + ": " + info_.title, ""});
    const RulePeriod* now = StandingOn(info_, as_of_).period;
    lines_.push_back({2, "", now == nullptr ? info_.sentence : now->sentence, ""});
    Field("says of", SubjectWords(info_.subject_kind));
    Field("outcome", now == nullptr ? info_.outcome : now->outcome);
    Field("status", "on " + as_of_ + ": " + StateOn(info_, as_of_));
    Field("made by", info_.authority + " (" + info_.jurisdiction + ")");
    Field("pack", info_.pack);
  }

  void Conditions(const std::string& label, const Json& condition, const std::string& always) {
    const std::vector<ConditionLine> words = ConditionWords(condition);
    if (words.empty()) return Field(label, always);
    Field(label, words.front().text);
    for (std::size_t i = 1; i < words.size(); ++i)
      lines_.push_back({2 + 2 * static_cast<std::size_t>(words[i].depth), "", words[i].text, "- "});
  }

  void History() {
    const std::vector<RulePeriod>& history = info_.history;
    if (history.size() == 1) return Field("days", PeriodWords(history[0]));
    lines_.push_back({2, "history", std::to_string(history.size()) + " periods", ""});
    for (std::size_t i = 0; i < history.size(); ++i) {
      const RulePeriod& period = history[i];
      lines_.push_back({4, "",
                        PeriodWords(period) + ": " + HistoryWords(history, i) + ", " +
                            period.outcome + ", confidence " + period.confidence + "; " +
                            period.citation + " (source of " + period.source_date + ")",
                        "- "});
    }
  }

  void Sources() {
    // Of the period that stands on the day, else as the rule states them.
    const RulePeriod* now = StandingOn(info_, as_of_).period;
    const std::string& url = now == nullptr ? info_.source_url : now->source_url;
    const std::string& day = now == nullptr ? info_.source_date : now->source_date;
    Field("citation", now == nullptr ? info_.citation : now->citation);
    Field("source", url.empty() ? "no address" : url);
    Field("source day", day.empty() ? "not known" : day);
    Field("confidence", now == nullptr ? info_.confidence : now->confidence);
    const bool due = IsPastReview(info_, as_of_);
    Field("review by", info_.review_by.empty()
                           ? "not set"
                           : info_.review_by + (due ? ", which has passed" : ""));
    if (!info_.see.empty()) Field("see", Join(info_.see, ", "));
    if (!info_.supersedes.empty()) Field("replaces", Join(info_.supersedes, ", "));
  }

  void Examples() {
    if (rule_.examples.empty()) return Field("examples", "none");
    Field("examples", std::to_string(rule_.examples.size()));
    for (const RuleExample& example : rule_.examples) {
      const std::string depends =
          example.depends_on.empty() ? "" : ", depends on " + Join(example.depends_on, ", ");
      lines_.push_back({4, "",
                        example.expect + depends + ": " +
                            (example.note.empty() ? "" : example.note + ": ") + Dump(example.facts),
                        "- "});
    }
  }

  void Field(const std::string& label, const std::string& text) {
    lines_.push_back({2, label, text, ""});
  }

  const Rule& rule_;
  const RuleInfo& info_;
  const std::string& as_of_;
  std::vector<ExplainLine> lines_;
};

}  // namespace

std::vector<ExplainLine> ExplainRule(const Rule& rule, const std::string& as_of) {
  return Page(rule, as_of).Write();
}

std::string StateOn(const RuleInfo& rule, const std::string& as_of) {
  const Standing standing = StandingOn(rule, as_of);
  if (standing.period != nullptr) {
    const std::string words =
        standing.period->status == "rescinded" ? "in force" : StatusWords(standing.period->status);
    return standing.truth == Truth::kTrue
               ? words
               : "not known whether it applied already (" + PeriodWords(*standing.period) + ")";
  }
  const RulePeriod& first = rule.history.front();
  if (first.status == "proposed") return "proposed: never in force";
  if (!first.from.empty() && as_of < first.from) return "not yet in force";
  const RulePeriod& last = rule.history.back();
  if (!last.to.empty() && as_of > last.to)
    return last.status == "rescinded" ? "rescinded" : "over since " + last.to;
  return "not in force";
}

}  // namespace weighbridge
