#include "rules/rule_pack.h"

#include <algorithm>
#include <array>
#include <set>

#include "scanner/base/text.h"

namespace weighbridge {
namespace {

constexpr std::array<const char*, 17> kFields{
    "id",          "title",      "jurisdiction", "authority",      "citation",     "source_url",
    "source_date", "confidence", "status",       "effective_from", "effective_to", "subject_kind",
    "outcome",     "sentence",   "condition",    "context",        "needs_context"};

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
    Check(rule, at);
    if (const Json* flag = weighbridge::Find(json, "needs_context")) {
      if (flag->is_boolean())
        rule.needs_context = flag->get<bool>();
      else
        Fail(at + "/needs_context", "expected true or false");
    }
    const std::string subject = info.subject_kind == "accelerator" ? "accelerator" : "model";
    rule.condition = CompileAt(json, at, "condition", subject);
    rule.context = CompileAt(json, at, "context", subject);
    return rule;
  }

  void Check(Rule& rule, const std::string& at) {
    const RuleInfo& info = rule.info;
    if (!info.id.empty() && !ids_.insert(info.id).second)
      Fail(at + "/id", "rule " + Quote(info.id) + " appears twice");
    Expect(at, "confidence", info.confidence, {"high", "medium", "low"});
    Expect(at, "status", info.status, {"in-force", "suspended", "proposed", "rescinded"});
    Expect(at, "subject_kind", info.subject_kind,
           {"model", "publisher", "licence", "service", "accelerator"});
    const auto outcome = ParseOutcome(info.outcome);
    if (outcome && *outcome != Outcome::kNone)
      rule.outcome = *outcome;
    else if (!info.outcome.empty())
      Fail(at + "/outcome", Quote(info.outcome) + " is not an outcome");
    for (const auto& [field, value] :
         {std::pair{"source_date", info.source_date}, {"effective_from", info.effective_from}}) {
      if (!value.empty() && !IsDateOrMonth(value))
        Fail(at + "/" + field, Quote(value) + " is not a date");
    }
    if (!info.effective_to.empty() && !IsIsoDate(info.effective_to)) {
      Fail(at + "/effective_to", "the last day must be a whole date, YYYY-MM-DD");
    }
    if (!info.effective_to.empty() && info.effective_to < info.effective_from) {
      Fail(at + "/effective_to",
           "ends on " + info.effective_to + ", before it starts on " + info.effective_from);
    }
    const bool citable =
        info.source_url.rfind("https://", 0) == 0 || info.source_url.rfind("http://", 0) == 0;
    if ((info.confidence == "low" || !citable) && rule.outcome > Outcome::kReview) {
      Fail(
          at + "/outcome",
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

Result<std::vector<Rule>> ParseRulePack(std::string_view text, const std::string& file_name) {
  const std::string file = Printable(file_name);
  auto json = ParseJson(text, Limits{}, {.refuse_duplicate_keys = true, .allow_comments = true});
  if (!json.ok()) return Error{ErrorCode::kInvalidArgument, file + ":" + json.error().message};
  std::vector<std::string> errors;
  std::vector<Rule> rules = PackReader(errors).Read(json.value());
  if (errors.empty()) return rules;
  for (std::string& error : errors) error = file + ": " + error;
  return Error{ErrorCode::kInvalidArgument, Join(errors, "\n")};
}

}  // namespace weighbridge
