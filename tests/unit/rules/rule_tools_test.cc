// Examples, history, words, checks and differences of rules: whole messages.
#include <doctest/doctest.h>

#include "rules/condition_checks.h"
#include "rules/condition_words.h"
#include "rules/explain.h"
#include "rules/lint.h"
#include "rules/predicates.h"
#include "rules/rule_diff.h"
#include "rules/rule_tests.h"
#include "scanner/base/text.h"
#include "tests/support/facts_builder.h"

namespace weighbridge {
namespace {

constexpr const char* kToday = "2026-11-24";

Json RuleJson(const std::string& changes = "{}") {
  Json rule = Json::parse(R"({"id": "T-1", "title": "t", "jurisdiction": "XX", "authority": "a",
    "citation": "c", "source_url": "https://example.com/", "source_date": "2026-03-01",
    "confidence": "high", "review_by": "2027-02-28", "status": "in-force",
    "effective_from": "2026-02-01", "subject_kind": "model", "outcome": "prohibited",
    "sentence": "S.", "condition": {"lineage_publisher": ["x"]},
    "examples": [
      {"model": {"publishers": [{"namespace": "x"}]}, "as_of": "2026-02-01", "expect": "prohibited"},
      {"model": {"publishers": [{"namespace": "y"}]}, "as_of": "2026-02-01", "expect": "none"}]})");
  rule.merge_patch(Json::parse(changes));
  return rule;
}

std::string PackOf(const std::vector<Json>& rules, const char* name = "test") {
  return Json{{"pack", name}, {"rules", rules}}.dump();
}

std::vector<Rule> Parse(const std::string& text) {
  auto rules = ParseRulePack(text, "p.json");
  CAPTURE(text);
  REQUIRE(rules.ok());
  return rules.value();
}

std::string ErrorOf(const std::string& changes) {
  const auto rules = ParseRulePack(PackOf({RuleJson(changes)}), "p.json");
  if (rules.ok()) return "";
  const std::string& message = rules.error().message;  // without "p.json:1:N: "
  return message.substr(message.find(": ") + 2);
}

const char* const kHistory = R"({"status": "suspended", "effective_from": "2026-04-01",
  "effective_to": "2026-06-30", "confidence": "medium", "outcome": "review", "examples": null,
  "history": [
    {"from": "2026-02-01", "to": "2026-03-31", "status": "in-force", "outcome": "prohibited",
     "citation": "first", "sentence": "It stood."},
    {"from": "2026-04-01", "to": "2026-06-30", "status": "suspended"},
    {"from": "2026-07-01", "to": "2026-07-31", "status": "in-force", "citation": "again"},
    {"from": "2026-09-01", "status": "scheduled", "confidence": "low"}]})";

TEST_CASE("a history gives each day its state") {
  auto set = RuleSet::Empty();
  REQUIRE(set->AddPack(PackOf({RuleJson(kHistory)}), "p.json").ok());
  const std::vector<Rule> rules = Parse(PackOf({RuleJson(kHistory)}));
  struct Row {
    const char* as_of;
    const char* line;
    const char* state;
  };
  const Row rows[] = {
      {"2026-01-31", "", "not yet in force"},
      {"2026-02-01", "T-1 prohibited", "in force"},
      {"2026-03-31", "T-1 prohibited", "in force"},
      {"2026-04-01", "T-1 notice", "suspended"},
      {"2026-06-30", "T-1 notice", "suspended"},
      {"2026-07-01", "T-1 review", "in force"},
      {"2026-07-31", "T-1 review", "in force"},
      {"2026-08-01", "", "not in force"},
      {"2026-09-01", "T-1 review? rule.status",
       "scheduled: no instrument that was read says that it applies"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.as_of);
    const auto findings = set->Evaluate(FactsOf({Publisher("x", "US")}), Policy(), row.as_of);
    CHECK(Join(Lines(findings), "; ") == row.line);
    CHECK(StateOn(rules[0].info, row.as_of) == row.state);
  }
  const auto first = set->Evaluate(FactsOf({Publisher("x", "US")}), Policy(), "2026-03-31");
  CHECK(first[0].citation == "first");
  CHECK(first[0].message == "It stood.");
  CHECK(first[0].effective_to == "2026-03-31");
  CHECK(first[0].status == "in-force");
  const auto last = set->Evaluate(FactsOf({Publisher("x", "US")}), Policy(), "2027-01-01");
  CHECK(last[0].confidence == "low");
  CHECK(last[0].message ==
        "S. The rule is expected to apply from 2026-09-01 on; no instrument that was read says "
        "that it does: whether it applied on 2027-01-01 is left undecided.");
}

TEST_CASE("histories and examples that are refused, whole messages") {
  struct Row {
    const char* changes;
    const char* message;
  };
  const Row rows[] = {
      {kHistory, ""},
      {R"({"history": []})", "/rules/0/history: expected a non-empty list of periods"},
      {R"({"history": [{"from": "2026-02-01", "status": "in-force"},
                       {"from": "2026-05-01", "status": "in-force"}]})",
       "/rules/0/history/1/from: the period before has no end"},
      {R"({"effective_to": "2026-05-01", "history": [
            {"from": "2026-02-01", "to": "2026-05-01", "status": "in-force"},
            {"from": "2026-05-01", "status": "suspended"}]})",
       "/rules/0/history/1/from: starts on 2026-05-01, in the period that ends on 2026-05-01"},
      {R"({"history": [{"from": "2026-02-01", "to": "2026-01-01", "status": "in-force"}]})",
       "/rules/0/history/0/to: ends on 2026-01-01, before it starts on 2026-02-01\n"},
      {R"({"history": [{"from": "2026-02-02", "status": "in-force"}]})",
       "/rules/0/status: status, effective_from and effective_to are not those of a period of the "
       "history"},
      {R"({"history": [{"from": "2026-02-01", "status": "in-force", "confidence": "low"}]})",
       "/rules/0/history/0/outcome: a rule of low confidence or without an address to cite may be "
       "review or notice at most"},
      {R"({"review_by": "soon"})", "/rules/0/review_by: \"soon\" is not a date (YYYY-MM-DD)"},
      {R"({"see": "T-2"})", "/rules/0/see: expected a list of texts"},
      {R"({"examples": {}})", "/rules/0/examples: expected a list of examples"},
      {R"({"examples": [{"expect": "none"}]})",
       "/rules/0/examples/0/model: an example has a subject"},
      {R"({"examples": [{"model": {"lisences": []}, "expect": "maybe"}]})",
       "/rules/0/examples/0/expect: expected an outcome, or none\n"},
      {R"({"examples": [{"model": {"publishers": [{"country": "CN"}]}, "expect": "none"}]})",
       "/rules/0/examples/0/model/publishers/0/namespace: expected a text"},
      {R"({"examples": [{"accelerator": {}, "expect": "none"}]})",
       "/rules/0/examples/0/accelerator: unknown field\n"},
      {R"({"examples": [{"model": {}, "context": {"country": "UK"}, "expect": "none"}]})",
       "/rules/0/examples/0/context/country: \"UK\" is not an ISO 3166 alpha-2 code"},
      {R"({"examples": [{"model": {}, "expect": "none", "depends_on": ["x"]}]})",
       "/rules/0/examples/0/depends_on: what does not match depends on nothing"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.changes);
    const std::string want = row.message;
    const std::string got = ErrorOf(row.changes);
    // A row that ends with a line feed has more errors after the first.
    CHECK((want.ends_with("\n") ? got.substr(0, want.size()) : got) == want);
  }
}

TEST_CASE("examples: what passes, what does not, and as if in force") {
  const auto run = [](const std::string& changes) {
    std::vector<std::string> lines;
    for (const ExampleResult& r : RunExamples(Parse(PackOf({RuleJson(changes)})), kToday, {}))
      lines.push_back(r.expected + " | " + r.got);
    return Join(lines, "; ");
  };
  CHECK(run("{}") == "prohibited | prohibited; none | none");
  CHECK(run(R"({"condition": {"publisher_country": ["US"]}})") == "prohibited | none; none | none");
  CHECK(run(R"({"condition": null})") == "prohibited | prohibited; none | prohibited");
  CHECK(run(R"({"effective_from": "2026-02-02"})") == "prohibited | none; none | none");
  CHECK(run(R"({"status": "proposed", "effective_from": null})") ==
        "prohibited | prohibited; none | none");
  CHECK(run(R"({"context": {"country": ["FR"]}})") ==
        "prohibited | prohibited, depends on context.country; none | none");
}

std::string Lint(const std::vector<std::string>& packs, const char* today = kToday) {
  std::vector<PackText> texts;
  for (const std::string& pack : packs)
    texts.push_back({"p" + std::to_string(texts.size()) + ".json", pack});
  std::string text;
  for (const LintMessage& m : LintPacks(texts, today).messages) {
    text += m.file + (m.is_error ? " error: " : " warning: ") +
            (m.rule.empty() ? "" : m.rule + ": ") + m.text + "\n";
  }
  return text;
}

std::string LintRule(const std::string& changes) { return Lint({PackOf({RuleJson(changes)})}); }

TEST_CASE("lint of one rule, whole messages") {
  struct Row {
    const char* changes;
    const char* message;
  };
  const Row rows[] = {
      {"{}", ""},
      {R"({"review_by": null})", "p0.json warning: T-1: no day of review\n"},
      {R"({"review_by": "2026-11-23"})", "p0.json warning: T-1: review was due by 2026-11-23\n"},
      {R"({"review_by": "2026-11-24"})", ""},
      {R"({"review_by": "2027-03-03"})",
       "p0.json warning: T-1: the review is due more than a year after the source\n"},
      {R"({"source_date": "2026-12-01", "review_by": "2027-02-28"})",
       "p0.json warning: T-1: the source is of a day to come, 2026-12-01\n"},
      {R"({"source_date": "2026-01-31", "review_by": "2027-01-31"})",
       "p0.json warning: T-1: the source is older than the rule's first day, 2026-02-01: it "
       "cannot show that the rule began\n"},
      {R"({"effective_to": "2026-11-23"})",
       "p0.json warning: T-1: its last day, 2026-11-23, has passed; the status is still "
       "in-force\n"},
      {R"({"source_url": "see the file", "outcome": "review", "examples": [
           {"model": {"publishers": [{"namespace": "x"}]}, "expect": "review"},
           {"model": {"publishers": [{"namespace": "y"}]}, "expect": "none"}]})",
       "p0.json warning: T-1: \"see the file\" is not an address\n"},
      {R"({"source_url": "see the file"})",
       "p0.json error: /rules/0/outcome: a rule of low confidence or without an address to cite "
       "may be review or notice at most\n"},
      {R"({"examples": null})",
       "p0.json warning: T-1: no example subject that must match\n"
       "p0.json warning: T-1: no example subject that must not match\n"},
      {R"({"examples": [
           {"model": {"publishers": [{"namespace": "x"}]}, "expect": "prohibited"},
           {"model": {"publishers": [{"namespace": "y"}], "family": "f"}, "expect": "none"}]})",
       "p0.json warning: T-1: differs from every example that matches in more than one fact: it "
       "does not show which one matters\n"},
      {R"({"see": ["T-2"], "supersedes": ["US-OFAC-SDM", "T-1"]})",
       "p0.json error: T-1: there is no rule \"T-2\" (did you mean \"T-1\"?)\n"
       "p0.json error: T-1: there is no rule \"US-OFAC-SDM\" (did you mean \"US-OFAC-SDN\"?)\n"
       "p0.json error: T-1: names itself\n"},
      {R"({"see": ["US-OFAC-SDN", "WB-POLYGLOT"]})", ""},
      {R"({"condition": {"lineage_publishr": ["x"]}})",
       "p0.json error: /rules/0/condition/lineage_publishr: unknown predicate "
       "\"lineage_publishr\" (did you mean \"lineage_publisher\"?)\n"},
      {R"({"condition": {"publisher_country": ["UK"]}})",
       "p0.json error: T-1: never matches: \"UK\" is not an ISO 3166 alpha-2 code (did you mean "
       "\"GB\"?)\n"},
      {R"({"context": {"activity": ["exports"]}})",
       "p0.json error: T-1: never matches: \"exports\" is not one of use, distribute, export, "
       "reexport, procure (did you mean \"export\"?)\n"},
      {R"({"context": {"country": ["FR", "FR"]}})", "p0.json warning: T-1: \"FR\" stands twice\n"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.changes);
    CHECK(LintRule(row.changes) == row.message);
  }
  CHECK(Lint({"{\n \"pack\" 1}"}).rfind("p0.json error: ", 0) == 0);
}

TEST_CASE("conditions that never hold, and those that may") {
  struct Row {
    const char* subject;
    const char* condition;
    const char* context;
    const char* message;
  };
  const Row rows[] = {
      {"model", R"({"family": ["A", "b"], "all": [{"family": ["B"]}]})", "{}", ""},
      {"model", R"({"family": ["A"], "all": [{"family": ["B"]}]})", "{}",
       "error: never holds: no family is in all the lists"},
      {"model", "{}", R"({"all": [{"country": ["EU"]}, {"not": {"country": ["FR"]}}]})", ""},
      {"model", "{}", R"({"all": [{"country": ["FR"]}, {"not": {"country": ["EU"]}}]})",
       "error: never holds: every country that is asked for is denied"},
      {"model", "{}", R"({"all": [{"country": ["EU"]}, {"country": ["GB", "NO"]}]})",
       "error: never holds: no country is in all the lists"},
      {"model", R"({"all": [{"licence": ["MIT"]}, {"not": {"licence": ["mit", "apache-2.0"]}}]})",
       "{}", "error: never holds: every licence that is asked for is denied"},
      {"model", R"({"all": [{"licence": ["MIT"]}, {"licence": ["apache-2.0"]}]})", "{}", ""},
      {"model", R"({"training_flops_above": 1e25, "not": {"training_flops_from": 1e25}})", "{}",
       "error: never holds: no value of training compute meets both limits"},
      {"model", R"({"training_flops_from": 1e25, "not": {"training_flops_above": 1e25}})", "{}",
       ""},
      {"model", R"({"released_from": "2025-02", "released_before": "2025-02"})", "{}",
       "error: never holds: no value of the month of release meets both limits"},
      {"model", R"({"released_from": "2024-12", "released_before": "2025-01"})", "{}", ""},
      {"accelerator", R"({"all": [{"tpp_at_least": 4800}, {"tpp_below": 4800}]})", "{}",
       "error: never holds: no value of total processing performance meets both limits"},
      {"accelerator", R"({"tpp_at_least": 1600, "tpp_below": 4800})", "{}", ""},
      {"accelerator", R"({"eccn": ["3A090.a"], "any": [{"eccn": ["3A090.b"]}, {"vendor": ["X"]}]})",
       "{}", "warning: this alternative never holds: no eccn is in all the lists"},
      {"accelerator",
       R"({"eccn": ["3A090.a"], "any": [{"eccn": ["3A090.b"]}, {"not": {"eccn": ["3A090.a"]}}]})",
       "{}",
       "error: none of the alternatives can ever hold; warning: this alternative never holds: no "
       "eccn is in all the lists; warning: this alternative never holds: every eccn that is asked "
       "for is denied"},
      {"accelerator", R"({"not": {"any": [{"eccn": ["3A090.a"]}, {"vendor": ["X"]}]},
                          "eccn": ["3A090.a"]})",
       "{}", "error: never holds: every eccn that is asked for is denied"},
      {"accelerator", "{}", R"({"destination_group": ["D:1", "!D:1"]})",
       "error: never holds: every place that is named is ruled out"},
      {"accelerator", "{}", R"({"destination_group": ["*", "!D:1"]})", ""},
      {"accelerator", R"({"segment": ["datacentre"]})", "{}",
       "error: never matches: \"datacentre\" is not one of datacenter, not-datacenter (did you "
       "mean \"datacenter\"?)"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.condition);
    CAPTURE(row.context);
    const Json condition = Json::parse(row.condition), context = Json::parse(row.context);
    std::vector<std::string> errors;
    CompileCondition(condition, "", errors, row.subject);
    CompileCondition(context, "", errors, row.subject);
    REQUIRE(errors.empty());
    std::vector<std::string> lines;
    for (const ConditionProblem& p : CheckConditions(condition, context, "/rules/0"))
      lines.push_back(std::string(p.is_error ? "error: " : "warning: ") + p.text);
    CHECK(Join(lines, "; ") == row.message);
  }
}

TEST_CASE("lint over several packs: ids, overlaps, references") {
  const std::string one = PackOf({RuleJson()}, "one");
  CHECK(Lint({one, PackOf({RuleJson()}, "two")}) == "p1.json error: T-1: is already in p0.json\n");
  const char* other = R"({"id": "T-2"})";
  CHECK(Lint({PackOf({RuleJson(), RuleJson(other)})}) ==
        "p0.json warning: T-2: asks the same as T-1 on the same days; name it in \"see\" where "
        "both are meant\n");
  CHECK(Lint({PackOf({RuleJson(), RuleJson(R"({"id": "T-2", "see": ["T-1"]})")})}).empty());
  CHECK(Lint({PackOf({RuleJson(), RuleJson(R"({"id": "T-2", "jurisdiction": "YY"})")})}).empty());
  CHECK(Lint({PackOf({RuleJson(R"({"effective_to": "2026-12-31"})"),
                      RuleJson(R"({"id": "T-2", "effective_from": "2027-01-01", "examples": [
    {"model": {"publishers": [{"namespace": "x"}]}, "as_of": "2027-01-01", "expect": "prohibited"},
    {"model": {"publishers": [{"namespace": "y"}]}, "as_of": "2027-01-01", "expect": "none"}]})")})})
            .empty());
  CHECK(Lint({PackOf({RuleJson(R"({"id": "US-OFAC-SDN"})")})}) ==
        "p0.json error: US-OFAC-SDN: is already in the built-in pack us-sanctions\n");
}

TEST_CASE("the shipped packs: no errors, and how far the law is known") {
  std::vector<PackText> packs;
  for (const EmbeddedPack& pack : EmbeddedPacks())
    packs.push_back({pack.name, std::string(pack.text)});
  const LintResult result = LintPacks(packs, kToday);
  for (const LintMessage& message : result.messages) {
    CAPTURE(message.rule + ": " + message.text);
    CHECK_FALSE(message.is_error);
  }
  const auto rules = RuleSet::Builtin();
  REQUIRE(rules.ok());
  const Horizon horizon = rules.value()->HorizonOn(kToday);
  CHECK(horizon.rules == rules.value()->List().size());
  CHECK(horizon.without_source >= 1);
  CHECK(horizon.past_review == result.horizon.past_review);
  CHECK(horizon.past_review > 30);
  CHECK(horizon.beyond_sources);
  CHECK(rules.value()->HorizonOn("2020-01-01").past_review == 0);
  CHECK_FALSE(rules.value()->HorizonOn("2020-01-01").beyond_sources);
  for (const RuleInfo& info : rules.value()->List()) {
    CAPTURE(info.id);
    CHECK_FALSE(info.review_by.empty());
    CHECK(info.history.size() >= 1);
  }
}

TEST_CASE("every shipped rule has examples that would notice a lost condition") {
  for (const EmbeddedPack& pack : EmbeddedPacks()) {
    for (const Rule& rule : Parse(std::string(pack.text))) {
      CAPTURE(rule.info.id);
      std::size_t yes = 0, no = 0;
      for (const RuleExample& example : rule.examples) {
        CHECK_FALSE(example.as_of.empty());
        ++(example.expect == "none" ? no : yes);
      }
      CHECK(yes >= 1);
      CHECK(no >= 1);
      if (rule.info.subject_kind == "accelerator") continue;  // their groups are the catalogue's
      const auto failures = [&](const Rule& asked) {
        std::size_t count = 0;
        for (const ExampleResult& result : RunExamples({asked}, kToday, {}))
          count += result.passed() ? 0 : 1;
        return count;
      };
      CHECK(failures(rule) == 0);
      std::vector<std::string> errors;
      const std::shared_ptr<const Condition> always = CompileCondition(Json(), "", errors);
      Rule without = rule;
      without.condition = always;
      CHECK((failures(without) > 0) == !rule.condition_json.empty());
      without = rule;
      without.context = always;
      CHECK((failures(without) > 0) == !rule.context_json.empty());
    }
  }
}

TEST_CASE("conditions in words") {
  const auto words = [](const char* json) {
    std::string text;
    for (const ConditionLine& line : ConditionWords(Json::parse(json)))
      text += std::string(static_cast<std::size_t>(line.depth), ' ') + line.text + "\n";
    return text;
  };
  CHECK(words("{}").empty());
  CHECK(words("null").empty());
  CHECK(words(R"({"country": ["EU", "GB", "KR"]})") ==
        "the deployer has its seat in EU, GB or KR\n");
  CHECK(words(R"({"not": {"any": [{"family": ["A"]}, {"licence_known": true}]}})") ==
        "all of these hold:\n the model family is not A\n no licence is named\n");
  CHECK(words(R"({"all": [{"tpp_at_least": 1600, "tpp_below": 4800.5}, {"not": {"all": [
          {"modality": ["text"]}, {"released_from": "2025-08"}]}}]})") ==
        "all of these hold:\n"
        " all of these hold:\n"
        "  total processing performance is 1600 or more\n"
        "  total processing performance is below 4800.5\n"
        " at least one of these holds:\n"
        "  the modality is not text\n"
        "  the model was released before \"2025-08\"\n");
  CHECK(words(R"({"destination_group": ["D:5", "MO", "!A:6"]})") ==
        "it is sent to Country Group D:5 or MO, other than Country Group A:6\n");
  for (const Predicate& predicate : Predicates()) {
    CAPTURE(predicate.name);
    CHECK_FALSE(PredicateWords(predicate.name, Json::array({"x"}), false).empty());
  }
  CHECK(PredicateWords("all", Json::array(), false).empty());
}

TEST_CASE("differences of two sets, field by field") {
  const std::vector<Rule> before = Parse(PackOf({RuleJson(), RuleJson(R"({"id": "T-2"})")}));
  const std::vector<Rule> after = Parse(
      PackOf({RuleJson(R"({"outcome": "review", "effective_to": "2027-01-01", "examples": null,
                                 "condition": {"lineage_publisher": null, "family": ["f"]}})"),
              RuleJson(R"({"id": "T-3", "title": "new"})")}));
  CHECK(DiffRules(before, before).empty());
  std::string text;
  for (const RuleChange& change : DiffRules(before, after)) {
    text += std::to_string(static_cast<int>(change.kind)) + " " + change.id + "\n";
    for (const FieldChange& field : change.fields)
      text += "  " + field.field + ": " + field.before + " -> " + field.after + "\n";
  }
  CHECK(text ==
        "2 T-1\n"
        "  effective_to:  -> 2027-01-01\n"
        "  outcome: prohibited -> review\n"
        "  condition: {\"lineage_publisher\":[\"x\"]} -> {\"family\":[\"f\"]}\n"
        "1 T-2\n"
        "0 T-3\n");
}

}  // namespace
}  // namespace weighbridge
