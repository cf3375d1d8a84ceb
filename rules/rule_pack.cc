#include "rules/rule_pack.h"

#include <algorithm>
#include <array>
#include <set>

#include "rules/json_places.h"
#include "scanner/base/text.h"

namespace weighbridge {
namespace {

constexpr std::array<const char*, 22> kFields{
    "id",          "title",      "jurisdiction", "authority",      "citation",      "source_url",
    "source_date", "confidence", "status",       "effective_from", "effective_to",  "subject_kind",
    "outcome",     "sentence",   "condition",    "context",        "needs_context", "review_by",
    "see",         "supersedes", "history",      "examples"};
constexpr std::array<const char*, 9> kPeriodFields{"from",        "to",         "status",
                                                   "outcome",     "citation",   "source_url",
                                                   "source_date", "confidence", "sentence"};

bool IsOneOf(const std::string& word, std::initializer_list<const char*> words) {
  return std::any_of(words.begin(), words.end(), [&](const char* w) { return word == w; });
}

// A full date, or a month where the source gives no day.
bool IsDateOrMonth(const std::string& text) { return IsIsoDate(text) || IsIsoDate(text + "-01"); }

class PackReader {
 public:
  explicit PackReader(std::vector<std::string>& errors) : errors_(errors) {}

  std::vector<Rule> Read(const Json& pack) {
    std::vector<Rule> rules;
    if (!pack.is_object()) {
      Fail("", "expected an object");
      return rules;
    }
    RefuseUnknown(pack, "", {"pack", "title", "rules"});
    const std::string name = StringOr(pack, "pack");
    if (name.empty()) Fail("/pack", "expected the name of the pack");
    const Json* list = Find(pack, "rules");
    if (list == nullptr || !list->is_array()) {
      Fail("/rules", "expected a list of rules");
      return rules;
    }
    for (std::size_t i = 0; i < list->size(); ++i) {
      rules.push_back(ReadRule((*list)[i], "/rules/" + std::to_string(i)));
      rules.back().info.pack = name;
    }
    return rules;
  }

 private:
  Rule ReadRule(const Json& json, const std::string& at) {
    Rule rule;
    if (!json.is_object()) {
      Fail(at, "expected an object");
      return rule;
    }
    RefuseUnknown(json, at, {kFields.begin(), kFields.end()});
    RuleInfo& info = rule.info;
    info.id = Text(json, at, "id", true);
    info.title = Text(json, at, "title", true);
    info.jurisdiction = Text(json, at, "jurisdiction", true);
    info.authority = Text(json, at, "authority", true);
    info.citation = Text(json, at, "citation", true);
    info.source_url = Text(json, at, "source_url", false);
    info.source_date = Text(json, at, "source_date", false);
    info.confidence = Text(json, at, "confidence", true);
    info.status = Text(json, at, "status", true);
    info.effective_from = Text(json, at, "effective_from", false);
    info.effective_to = Text(json, at, "effective_to", false);
    info.subject_kind = Text(json, at, "subject_kind", true);
    info.outcome = Text(json, at, "outcome", true);
    info.sentence = Text(json, at, "sentence", true);
    info.review_by = Text(json, at, "review_by", false);
    info.see = Texts(json, at, "see");
    info.supersedes = Texts(json, at, "supersedes");
    rule.pointer = at;
    Check(rule, at);
    ReadHistory(json, at, info);
    if (const Json* flag = weighbridge::Find(json, "needs_context")) {
      if (flag->is_boolean())
        rule.needs_context = flag->get<bool>();
      else
        Fail(at + "/needs_context", "expected true or false");
    }
    const std::string subject = info.subject_kind == "accelerator" ? "accelerator" : "model";
    rule.condition = CompileAt(json, at, "condition", subject);
    rule.context = CompileAt(json, at, "context", subject);
    if (const Json* condition = weighbridge::Find(json, "condition"))
      rule.condition_json = *condition;
    if (const Json* context = weighbridge::Find(json, "context")) rule.context_json = *context;
    if (const Json* examples = weighbridge::Find(json, "examples"))
      rule.examples = ReadExamples(*examples, at + "/examples", subject, errors_);
    return rule;
  }

  void ReadHistory(const Json& json, const std::string& at, RuleInfo& info) {
    const RulePeriod own{info.status,      info.effective_from, info.effective_to,
                         info.outcome,     info.citation,       info.source_url,
                         info.source_date, info.confidence,     info.sentence};
    const Json* list = weighbridge::Find(json, "history");
    if (list == nullptr) {
      info.history.push_back(own);
      return;
    }
    if (!list->is_array() || list->empty())
      return Fail(at + "/history", "expected a non-empty list of periods");
    for (std::size_t i = 0; i < list->size(); ++i) {
      const std::string here = at + "/history/" + std::to_string(i);
      ReadPeriod((*list)[i], here, own, info.history);
      const std::size_t count = info.history.size();
      if (count > 1) CheckOrder(info.history[count - 2], info.history[count - 1], here);
    }
    const bool named =
        std::any_of(info.history.begin(), info.history.end(), [&](const RulePeriod& period) {
          return period.status == own.status && period.from == own.from && period.to == own.to;
        });
    if (!named)
      Fail(at + "/status",
           "status, effective_from and effective_to are not those of a period of "
           "the history");
  }

  void ReadPeriod(const Json& json, const std::string& at, const RulePeriod& own,
                  std::vector<RulePeriod>& history) {
    if (!json.is_object()) return Fail(at, "expected an object");
    RefuseUnknown(json, at, {kPeriodFields.begin(), kPeriodFields.end()});
    const auto text_or = [&](const char* key, const std::string& otherwise) {
      return weighbridge::Find(json, key) == nullptr ? otherwise : Text(json, at, key, true);
    };
    RulePeriod period;
    period.status = Text(json, at, "status", true);
    period.from = Text(json, at, "from", true);
    period.to = Text(json, at, "to", false);
    period.outcome = text_or("outcome", own.outcome);
    period.citation = text_or("citation", own.citation);
    period.source_url = text_or("source_url", own.source_url);
    period.source_date = text_or("source_date", own.source_date);
    period.confidence = text_or("confidence", own.confidence);
    period.sentence = text_or("sentence", own.sentence);
    CheckPeriod(period, at, {"from", "to", "outcome"});
    history.push_back(std::move(period));
  }

  // Periods stand in order of time and do not overlap; only the last may be open.
  void CheckOrder(const RulePeriod& before, const RulePeriod& after, const std::string& at) {
    if (before.to.empty())
      Fail(at + "/from", "the period before has no end");
    else if (after.from <= before.to)
      Fail(at + "/from", "starts on " + after.from + ", in the period that ends on " + before.to);
  }

  void Check(Rule& rule, const std::string& at) {
    const RuleInfo& info = rule.info;
    if (!info.id.empty() && !ids_.insert(info.id).second)
      Fail(at + "/id", "rule " + Quote(info.id) + " appears twice");
    Expect(at, "subject_kind", info.subject_kind,
           {"model", "publisher", "licence", "service", "accelerator"});
    if (!info.review_by.empty() && !IsIsoDate(info.review_by))
      Fail(at + "/review_by", Quote(info.review_by) + " is not a date (YYYY-MM-DD)");
    const auto outcome = ParseOutcome(info.outcome);
    if (outcome) rule.outcome = *outcome;
    CheckPeriod({info.status, info.effective_from, info.effective_to, info.outcome, info.citation,
                 info.source_url, info.source_date, info.confidence, info.sentence},
                at, {"effective_from", "effective_to", "outcome"});
  }

  struct Names {
    const char* from;
    const char* to;
    const char* outcome;
  };

  // What holds of a rule and of each period of its history.
  void CheckPeriod(const RulePeriod& period, const std::string& at, const Names& names) {
    Expect(at, "confidence", period.confidence, {"high", "medium", "low"});
    Expect(at, "status", period.status,
           {"in-force", "suspended", "proposed", "rescinded", "scheduled"});
    const auto outcome = ParseOutcome(period.outcome);
    if (!period.outcome.empty() && (!outcome || *outcome == Outcome::kNone))
      Fail(at + "/" + names.outcome, Quote(period.outcome) + " is not an outcome");
    for (const auto& [field, value] :
         {std::pair{"source_date", period.source_date}, {names.from, period.from}}) {
      if (!value.empty() && !IsDateOrMonth(value))
        Fail(at + "/" + field, Quote(value) + " is not a date");
    }
    const std::string end = at + "/" + names.to;
    if (!period.to.empty() && !IsIsoDate(period.to))
      Fail(end, "the last day must be a whole date, YYYY-MM-DD");
    if (!period.to.empty() && period.to < period.from)
      Fail(end, "ends on " + period.to + ", before it starts on " + period.from);
    const bool citable =
        period.source_url.rfind("https://", 0) == 0 || period.source_url.rfind("http://", 0) == 0;
    if ((period.confidence == "low" || !citable) && outcome && *outcome > Outcome::kReview) {
      Fail(
          at + "/" + names.outcome,
          "a rule of low confidence or without an address to cite may be review or notice at most");
    }
  }

  std::shared_ptr<const Condition> CompileAt(const Json& json, const std::string& at,
                                             const char* key, const std::string& subject) {
    const Json* value = Find(json, key);
    return CompileCondition(value == nullptr ? Json() : *value, at + "/" + key, errors_, subject);
  }

  std::string Text(const Json& json, const std::string& at, const char* key, bool required) {
    const Json* value = Find(json, key);
    if (value == nullptr && !required) return {};
    if (value == nullptr || !value->is_string() ||
        (required && value->get_ref<const std::string&>().empty())) {
      Fail(at + "/" + key, "expected a text");
      return {};
    }
    return value->get<std::string>();
  }

  std::vector<std::string> Texts(const Json& json, const std::string& at, const char* key) {
    std::vector<std::string> texts;
    const Json* list = weighbridge::Find(json, key);
    if (list == nullptr) return texts;
    const bool sound =
        list->is_array() && std::all_of(list->begin(), list->end(), [](const Json& item) {
          return item.is_string() && !item.get_ref<const std::string&>().empty();
        });
    if (!sound) {
      Fail(at + "/" + key, "expected a list of texts");
      return texts;
    }
    for (const Json& item : *list) texts.push_back(item.get<std::string>());
    return texts;
  }

  void Expect(const std::string& at, const char* key, const std::string& word,
              std::initializer_list<const char*> words) {
    if (word.empty() || IsOneOf(word, words)) return;
    Fail(at + "/" + key,
         Quote(word) + " is not one of " + Join({words.begin(), words.end()}, ", "));
  }

  void RefuseUnknown(const Json& json, const std::string& at,
                     const std::vector<std::string>& known) {
    for (const auto& [key, value] : json.items()) {
      if (std::find(known.begin(), known.end(), key) != known.end()) continue;
      const std::string near = Nearest(key, known);
      Fail(at + "/" + key,
           "unknown field" + (near.empty() ? "" : " (did you mean \"" + near + "\"?)"));
    }
  }

  void Fail(const std::string& at, const std::string& message) {
    errors_.push_back((at.empty() ? "/" : at) + ": " + message);
  }

  std::vector<std::string>& errors_;
  std::set<std::string> ids_;
};

}  // namespace

bool ReadRulePack(std::string_view text, std::vector<Rule>& rules, std::vector<std::string>& errors,
                  std::string& malformed) {
  auto json = ParseJson(text, Limits{}, {.refuse_duplicate_keys = true, .allow_comments = true});
  if (!json.ok()) {
    malformed = json.error().message;
    return false;
  }
  rules = PackReader(errors).Read(json.value());
  return errors.empty();
}

Result<std::vector<Rule>> ParseRulePack(std::string_view text, const std::string& file_name) {
  const std::string file = Printable(file_name);
  std::vector<Rule> rules;
  std::vector<std::string> errors;
  std::string malformed;
  if (ReadRulePack(text, rules, errors, malformed)) return rules;
  if (errors.empty()) return Error{ErrorCode::kInvalidArgument, file + ":" + malformed};
  return Error{ErrorCode::kInvalidArgument, Join(WithPlaces(text, file, errors), "\n")};
}

}  // namespace weighbridge
