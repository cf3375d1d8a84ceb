#include "rules/lint.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "rules/condition_checks.h"
#include "scanner/base/text.h"

namespace weighbridge {
namespace {

// Rules of one condition that are compared with each other.
constexpr std::size_t kMostAlike = 64;

struct Note {
  bool is_error = false;
  std::string pointer, rule, text;
};

std::string WholeDay(const std::string& date) { return date.size() == 7 ? date + "-01" : date; }

bool IsAddress(const std::string& url) {
  return (url.starts_with("https://") || url.starts_with("http://")) &&
         url.find(' ') == std::string::npos;
}

class RuleLint {
 public:
  RuleLint(const Rule& rule, const std::string& today, std::vector<Note>& notes)
      : rule_(rule), info_(rule.info), today_(today), notes_(notes) {}

  void Run() {
    Source();
    Review();
    Days();
    for (const ConditionProblem& problem :
         CheckConditions(rule_.condition_json, rule_.context_json, rule_.pointer))
      notes_.push_back({problem.is_error, problem.pointer, info_.id, problem.text});
    Examples();
  }

 private:
  void Source() {
    if (!info_.source_url.empty() && !IsAddress(info_.source_url))
      Warn("source_url", Quote(info_.source_url) + " is not an address");
    if (info_.source_date.empty())
      Warn("source_date", "the source has no day");
    else if (WholeDay(info_.source_date) > today_)
      Warn("source_date", "the source is of a day to come, " + info_.source_date);
  }

  void Review() {
    if (info_.review_by.empty()) return Warn("review_by", "no day of review");
    if (IsPastReview(info_, today_)) Warn("review_by", "review was due by " + info_.review_by);
    if (info_.source_date.empty()) return;
    const std::int64_t days = DaysBetween(WholeDay(info_.source_date), info_.review_by);
    if (days <= 0) Warn("review_by", "the review is due before the source was written");
    if (days > 366) Warn("review_by", "the review is due more than a year after the source");
  }

  void Days() {
    const RulePeriod& last = info_.history.back();
    const bool over = !last.to.empty() && last.to < today_;
    if (over && info_.status != "rescinded" && info_.status != "proposed")
      Warn("effective_to",
           "its last day, " + last.to + ", has passed; the status is still " + info_.status);
    if (info_.status == "rescinded" && !info_.effective_to.empty() && info_.effective_to >= today_)
      Warn("status", "rescinded, but its last day is to come: " + info_.effective_to);
    if (info_.status == "rescinded" && (info_.effective_from.empty() || info_.effective_to.empty()))
      Warn("status", "never applies: a rescinded rule needs its first and its last day");
    const bool started = !info_.effective_from.empty() && WholeDay(info_.effective_from) <= today_;
    if (started && info_.status == "in-force" && !info_.source_date.empty() &&
        WholeDay(info_.source_date) < WholeDay(info_.effective_from))
      Warn("source_date", "the source is older than the rule's first day, " + info_.effective_from +
                              ": it cannot show that the rule began");
    for (const RulePeriod& period : info_.history) {
      if (period.status == "scheduled" && period.from <= today_)
        Warn("history", "a scheduled period began on " + period.from + ": say what came of it");
    }
  }

  void Examples() {
    std::vector<const RuleExample*> yes, no;
    for (const RuleExample& example : rule_.examples)
      (example.expect == "none" ? no : yes).push_back(&example);
    if (yes.empty()) Warn("examples", "no example subject that must match");
    if (no.empty()) Warn("examples", "no example subject that must not match");
    if (yes.size() * no.size() > 10000) return;
    for (const RuleExample* other : no) {
      const bool near = std::any_of(yes.begin(), yes.end(), [&](const RuleExample* match) {
        return FactsApart(*match, *other) == 1;
      });
      if (near || yes.empty()) continue;
      notes_.push_back({false, other->pointer, info_.id,
                        "differs from every example that matches in more than one fact: it does "
                        "not show which one matters"});
    }
  }

  void Warn(const char* field, const std::string& text) {
    notes_.push_back({false, rule_.pointer + "/" + field, info_.id, text});
  }

  const Rule& rule_;
  const RuleInfo& info_;
  const std::string& today_;
  std::vector<Note>& notes_;
};

bool Overlap(const RulePeriod& a, const RulePeriod& b) {
  if (a.status == "proposed" || b.status == "proposed") return false;
  return (a.to.empty() || b.from <= a.to) && (b.to.empty() || a.from <= b.to);
}

bool Overlap(const RuleInfo& a, const RuleInfo& b) {
  return std::any_of(a.history.begin(), a.history.end(), [&](const RulePeriod& x) {
    return std::any_of(b.history.begin(), b.history.end(),
                       [&](const RulePeriod& y) { return Overlap(x, y); });
  });
}

bool Names(const RuleInfo& a, const std::string& id) {
  return std::count(a.see.begin(), a.see.end(), id) != 0 ||
         std::count(a.supersedes.begin(), a.supersedes.end(), id) != 0;
}

// The rules of the built-in packs: id, pack. Read once.
const std::map<std::string, std::string>& BuiltinPackIds() {
  static const std::map<std::string, std::string> ids = [] {
    std::map<std::string, std::string> found;
    const auto rules = RuleSet::Builtin();
    if (!rules.ok()) return found;
    for (const RuleInfo& info : rules.value()->List()) found.emplace(info.id, info.pack);
    return found;
  }();
  return ids;
}

// Everything about several rules at once.
class SetLint {
 public:
  SetLint(const std::vector<PackText>& packs, const std::vector<std::vector<Rule>>& rules,
          std::vector<std::vector<Note>>& notes)
      : packs_(packs), rules_(rules), notes_(notes) {}

  void Run() {
    AddBuiltin();
    for (std::size_t i = 0; i < rules_.size(); ++i) Ids(i);
    for (std::size_t i = 0; i < rules_.size(); ++i) {
      for (const Rule& rule : rules_[i]) {
        References(i, rule, "see", rule.info.see);
        References(i, rule, "supersedes", rule.info.supersedes);
        Alike(i, rule);
      }
    }
  }

 private:
  // Ids that a reference may name, and that no pack beside may take.
  void AddBuiltin() {
    for (RuleInfo& info : BuiltinRules()) known_.push_back(std::move(info.id));
    for (const auto& [id, pack] : builtin_) known_.push_back(id);
  }

  void Ids(std::size_t pack) {
    for (const Rule& rule : rules_[pack]) {
      const std::string& id = rule.info.id;
      known_.push_back(id);
      const auto [entry, is_new] = first_.emplace(id, pack);
      const auto builtin = builtin_.find(id);
      const std::string other = !is_new ? packs_[entry->second].name
                                : builtin != builtin_.end() && builtin->second != rule.info.pack
                                    ? "the built-in pack " + builtin->second
                                    : "";
      if (!other.empty())
        notes_[pack].push_back({true, rule.pointer + "/id", id, "is already in " + other});
    }
  }

  void References(std::size_t pack, const Rule& rule, const char* key,
                  const std::vector<std::string>& ids) {
    for (std::size_t i = 0; i < ids.size(); ++i) {
      if (std::find(known_.begin(), known_.end(), ids[i]) != known_.end() && ids[i] != rule.info.id)
        continue;
      const std::string near = ids[i] == rule.info.id ? "" : Nearest(ids[i], known_);
      notes_[pack].push_back(
          {true, rule.pointer + "/" + key + "/" + std::to_string(i), rule.info.id,
           (ids[i] == rule.info.id
                ? "names itself"
                : "there is no rule " + Quote(ids[i]) +
                      (near.empty() ? "" : " (did you mean \"" + near + "\"?)"))});
    }
  }

  // Two rules that say the same of the same subjects on the same days.
  void Alike(std::size_t pack, const Rule& rule) {
    auto& others = alike_[{rule.info.jurisdiction, rule.info.subject_kind,
                           Dump(rule.condition_json), Dump(rule.context_json)}];
    for (const RuleInfo* other : others) {
      if (other->id == rule.info.id || !Overlap(*other, rule.info) || Names(rule.info, other->id) ||
          Names(*other, rule.info.id))
        continue;
      notes_[pack].push_back({false, rule.pointer, rule.info.id,
                              "asks the same as " + other->id +
                                  " on the same days; name it in \"see\" where both are meant"});
    }
    if (others.size() < kMostAlike) others.push_back(&rule.info);
  }

  const std::vector<PackText>& packs_;
  const std::vector<std::vector<Rule>>& rules_;
  std::vector<std::vector<Note>>& notes_;
  std::vector<std::string> known_;
  const std::map<std::string, std::string>& builtin_ = BuiltinPackIds();
  std::map<std::string, std::size_t> first_;  // id, index of the pack
  std::map<std::tuple<std::string, std::string, std::string, std::string>,
           std::vector<const RuleInfo*>>
      alike_;
};

// "POINTER: message" as a note.
Note ErrorNote(const std::string& error) {
  const std::size_t end = error.find(": ");
  const std::string pointer = error.substr(0, end);
  return {true, pointer == "/" ? "" : pointer, "", error};
}

// "3:14: message" of malformed JSON.
LintMessage MalformedMessage(const std::string& file, const std::string& error) {
  LintMessage message{true, file, {}, "", error};
  const std::size_t first = error.find(':');
  const std::size_t second = first == std::string::npos ? first : error.find(": ", first + 1);
  if (second == std::string::npos) return message;
  const auto line = ParseUint(error.substr(0, first));
  const auto column = ParseUint(error.substr(first + 1, second - first - 1));
  if (!line || !column) return message;
  message.place = {static_cast<std::size_t>(*line), static_cast<std::size_t>(*column)};
  message.text = error.substr(second + 2);
  return message;
}

void AddMessages(const PackText& pack, const std::vector<Note>& notes, LintResult& result) {
  std::set<std::string> pointers;
  for (const Note& note : notes) pointers.insert(note.pointer);
  const auto places = PlacesOf(pack.text, pointers);
  std::vector<LintMessage> messages;
  for (const Note& note : notes)
    messages.push_back({note.is_error, pack.name, places.at(note.pointer), note.rule, note.text});
  std::stable_sort(messages.begin(), messages.end(), [](const auto& a, const auto& b) {
    return std::tie(a.place.line, a.place.column) < std::tie(b.place.line, b.place.column);
  });
  std::move(messages.begin(), messages.end(), std::back_inserter(result.messages));
}

}  // namespace

LintResult LintPacks(const std::vector<PackText>& packs, const std::string& today) {
  LintResult result;
  std::vector<std::vector<Rule>> rules(packs.size());
  std::vector<std::vector<Note>> notes(packs.size());
  std::vector<std::string> malformed(packs.size());
  for (std::size_t i = 0; i < packs.size(); ++i) {
    std::vector<std::string> errors;
    if (!ReadRulePack(packs[i].text, rules[i], errors, malformed[i])) rules[i].clear();
    for (const std::string& error : errors) notes[i].push_back(ErrorNote(error));
    for (const Rule& rule : rules[i]) {
      RuleLint(rule, today, notes[i]).Run();
      AddToHorizon(rule.info, today, result.horizon);
    }
  }
  SetLint(packs, rules, notes).Run();
  for (std::size_t i = 0; i < packs.size(); ++i) {
    if (!malformed[i].empty())
      result.messages.push_back(MalformedMessage(packs[i].name, malformed[i]));
    AddMessages(packs[i], notes[i], result);
  }
  for (const LintMessage& message : result.messages)
    ++(message.is_error ? result.errors : result.warnings);
  return result;
}

}  // namespace weighbridge
