// The rule language: truth tables, and one row per predicate and answer.
#include "rules/condition.h"

#include <fstream>
#include <sstream>

#include <doctest/doctest.h>
#include <re2/re2.h>

#include "rules/condition_values.h"
#include "rules/predicates.h"
#include "scanner/base/text.h"
#include "tests/support/facts_builder.h"

namespace weighbridge {
namespace {

std::string Answer(const std::string& condition, const ModelFacts& facts,
                   const Context& context = {}, const std::string& as_of = "2026-11-24",
                   const std::string& source_date = "2026-07-31") {
  std::vector<std::string> errors;
  const auto compiled = CompileCondition(Json::parse(condition), "/condition", errors);
  if (!errors.empty()) return Join(errors, "\n");
  const Verdict verdict = compiled->Ask({facts, context, as_of, source_date});
  if (verdict.truth == Truth::kTrue) return "yes";
  if (verdict.truth == Truth::kFalse) return "no";
  return "unknown: " + Join({verdict.missing.begin(), verdict.missing.end()}, " ");
}

const std::string kYes = R"({"licence_known": false})";
const std::string kNo = R"({"licence_known": true})";
const std::string kUnknown = R"({"unknown": ["x"]})";

TEST_CASE("all, any and not follow Kleene's tables, in either order") {
  struct Row {
    std::string a, b, all, any;
  };
  const Row rows[] = {
      {kYes, kYes, "yes", "yes"},
      {kYes, kNo, "no", "yes"},
      {kNo, kNo, "no", "no"},
      {kYes, kUnknown, "unknown: x", "yes"},
      {kNo, kUnknown, "no", "unknown: x"},
      {kUnknown, kUnknown, "unknown: x", "unknown: x"},
  };
  const ModelFacts facts;
  for (const Row& row : rows) {
    CAPTURE(row.a);
    CAPTURE(row.b);
    CHECK(Answer(R"({"all": [)" + row.a + "," + row.b + "]}", facts) == row.all);
    CHECK(Answer(R"({"all": [)" + row.b + "," + row.a + "]}", facts) == row.all);
    CHECK(Answer(R"({"any": [)" + row.a + "," + row.b + "]}", facts) == row.any);
    CHECK(Answer(R"({"any": [)" + row.b + "," + row.a + "]}", facts) == row.any);
  }
  CHECK(Answer(R"({"not": )" + kYes + "}", facts) == "no");
  CHECK(Answer(R"({"not": )" + kNo + "}", facts) == "yes");
  CHECK(Answer(R"({"not": )" + kUnknown + "}", facts) == "unknown: x");
  CHECK(Answer("{}", facts) == "yes");
  CHECK(Answer("null", facts) == "yes");
}

TEST_CASE("predicates over the model") {
  ModelFacts known = FactsOf({Publisher("Qwen", "CN"), Publisher("acme", "US", {}, "lineage")},
                             {"Apache-2.0"}, "text", "Qwen2.5");
  known.publishers[0].parents = {"Alibaba Group"};
  known.training_flops = 1e25;
  known.released = "2025-01";
  const ModelFacts nothing = [] {
    ModelFacts f;
    return f;
  }();
  struct Row {
    const char* condition;
    const char* known;
    const char* nothing;
  };
  const Row rows[] = {
      {R"({"lineage_publisher": ["qwen"]})", "yes", "unknown: model.origin"},
      {R"({"lineage_publisher": ["acme"]})", "yes", "unknown: model.origin"},
      {R"({"lineage_publisher": ["google"]})", "no", "unknown: model.origin"},
      {R"({"developer": ["Qwen"]})", "yes", "unknown: model.origin"},
      {R"({"developer": ["acme"]})", "no", "unknown: model.origin"},
      {R"({"publisher_country": ["CN"]})", "yes", "unknown: model.origin"},
      {R"({"publisher_country": ["RU"]})", "no", "unknown: model.origin"},
      {R"({"parent_company": ["Alibaba Group"]})", "yes", "unknown: model.origin"},
      {R"({"listed": ["BIS Entity List"]})", "no", "unknown: model.origin"},
      {R"({"family": ["Qwen2.5"]})", "yes", "unknown: model.family"},
      {R"({"model_name": "m"})", "yes", "unknown: model.name"},
      {R"({"model_name": "n.*"})", "no", "unknown: model.name"},
      {R"({"licence": ["apache-2.0"]})", "yes", "unknown: model.licence"},
      {R"({"licence": ["mit"]})", "no", "unknown: model.licence"},
      {R"({"licence_pattern": "apache.*"})", "yes", "unknown: model.licence"},
      {R"({"licence_known": true})", "yes", "no"},
      {R"({"modality": ["text"]})", "yes", "unknown: model.modality"},
      {R"({"training_flops_above": 1e25})", "no", "unknown: model.training_flops"},
      {R"({"training_flops_from": 1e25})", "yes", "unknown: model.training_flops"},
      {R"({"released_from": "2025-01"})", "yes", "unknown: model.released"},
      {R"({"released_before": "2025-01"})", "no", "unknown: model.released"},
      {R"({"unknown": ["a", "b"]})", "unknown: a b", "unknown: a b"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.condition);
    CHECK(Answer(row.condition, known) == row.known);
    CHECK(Answer(row.condition, nothing) == row.nothing);
  }
}

TEST_CASE("candidates decide together") {
  const ModelFacts some = FactsOfCandidates({Publisher("Qwen", "CN"), Publisher("google", "US")});
  CHECK(Answer(R"({"publisher_country": ["CN"]})", some) == "unknown: model.origin");
  CHECK(Answer(R"({"publisher_country": ["CN", "US"]})", some) == "yes");
  CHECK(Answer(R"({"publisher_country": ["FR"]})", some) == "no");
}

TEST_CASE("predicates over the policy") {
  struct Row {
    const char* condition;
    Context context;
    const char* answer;
  };
  const auto at = [](const char* country) {
    Context c;
    c.country = country;
    return c;
  };
  const auto in = [](const char* sector) {
    Context c;
    c.sector = sector;
    return c;
  };
  const auto doing = [](const char* activity) {
    Context c;
    c.activity = {{activity}};
    return c;
  };
  const auto to = [](const char* country) {
    Context c;
    c.destinations = {{country}};
    return c;
  };
  const Row rows[] = {
      {R"({"country": ["EU"]})", {}, "unknown: context.country"},
      {R"({"country": ["EU"]})", at("FR"), "yes"},
      {R"({"country": ["EU"]})", at("NO"), "no"},
      {R"({"country": ["EU"]})", at("GB"), "no"},
      {R"({"country": ["GB"]})", at("GB"), "yes"},
      {R"({"sector": ["us-dod"]})", {}, "unknown: context.sector"},
      {R"({"sector": ["us-dod"]})", at("FR"), "unknown: context.sector"},
      {R"({"sector": ["us-state-tx"]})", at("FR"), "no"},
      {R"({"sector": ["us-state-tx"]})", at("US"), "unknown: context.sector"},
      {R"({"sector": ["au-government"]})", at("US"), "no"},
      {R"({"sector": ["us-state-"]})", in("us-state-ny"), "yes"},
      {R"({"sector": ["us-state-tx"]})", in("us-state-ny"), "no"},
      {R"({"activity": ["export"]})", {}, "unknown: context.activity"},
      {R"({"activity": ["export"]})", doing("use"), "no"},
      {R"({"destination": ["EU"]})", {}, "no"},
      {R"({"destination": ["EU"]})", doing("use"), "no"},
      {R"({"destination": ["EU"]})", doing("distribute"), "unknown: context.destinations"},
      {R"({"destination": ["EU"]})", to("DE"), "yes"},
      {R"({"destination": ["EU"]})", to("CH"), "no"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.condition);
    CHECK(Answer(row.condition, {}, row.context) == row.answer);
  }
}

TEST_CASE("a listing counts from its own first day") {
  const ModelFacts dated = FactsOf(
      {Publisher("x", "CN", {{"BIS Entity List (footnote 4)", "X Ltd", "2025-01-16", ""}})});
  const ModelFacts undated =
      FactsOf({Publisher("x", "CN", {{"BIS Entity List", "X Ltd", "", ""}})});
  const std::string listed = R"({"listed": ["BIS Entity List"]})";
  CHECK(Answer(listed, dated, {}, "2025-01-15") == "no");
  CHECK(Answer(listed, dated, {}, "2025-01-16") == "yes");
  CHECK(Answer(listed, undated, {}, "2026-07-30", "2026-07-31") == "unknown: listing.listed_on");
  CHECK(Answer(listed, undated, {}, "2026-07-31", "2026-07-31") == "yes");
  CHECK(Answer(R"({"listed": ["OFAC SDN"]})", dated) == "no");
}

TEST_CASE("licence ids as hubs write them") {
  struct Row {
    const char* id;
    const char* normal;
  };
  const Row rows[] = {
      {"tencent-hunyuan-community (HunyuanVideo)", "tencent-hunyuan-community-hunyuanvideo"},
      {"other:openpangu", "openpangu"},
      {"Apache-2.0", "apache-2.0"},
      {"tencent_hunyuan  community", "tencent-hunyuan-community"},
      {"other", "other"},
      {" ( ", ""},
  };
  for (const Row& row : rows) CHECK(NormalLicence(row.id) == row.normal);
  CHECK(Answer(R"({"licence": ["mit"]})", FactsOf({}, {"other"})) == "unknown: model.licence");
  CHECK(Answer(R"({"licence": ["mit"]})", FactsOf({}, {"other", "gemma"})) == "no");
}

TEST_CASE("errors of a condition, whole") {
  struct Row {
    const char* condition;
    const char* message;
  };
  const Row rows[] = {
      {R"({"licnce": ["mit"]})",
       "/condition/licnce: unknown predicate \"licnce\" (did you mean \"licence\"?)"},
      {R"({"all": []})", "/condition/all: expected a non-empty list of conditions"},
      {R"({"any": [{"country": []}]})",
       "/condition/any/0/country: expected a non-empty list of strings"},
      {R"({"not": 3})", "/condition/not: expected an object"},
      {R"({"released_from": "2025"})", "/condition/released_from: expected a month, YYYY-MM"},
      {R"({"training_flops_above": "1"})", "/condition/training_flops_above: expected a number"},
      {R"({"licence_known": "yes"})", "/condition/licence_known: expected true or false"},
      {R"({"model_name": "("})", "/condition/model_name: not a pattern: missing ): ("},
  };
  for (const Row& row : rows) CHECK(Answer(row.condition, {}) == row.message);
  std::string deep = "{}";
  for (int i = 0; i < 18; ++i) deep = R"({"not": )" + deep + "}";
  CHECK(Answer(deep, {}).find(": nested deeper than 16") != std::string::npos);
}

TEST_CASE("the README and the schema name every predicate") {
  for (const char* path : {"/rules/README.md", "/rules/schema/rule-pack.schema.json"}) {
    std::ifstream file(std::string(WEIGHBRIDGE_SOURCE_DIR) + path);
    std::stringstream text;
    text << file.rdbuf();
    for (const std::string& name : PredicateNames()) {
      CAPTURE(name);
      const std::string quoted =
          std::string(path) == "/rules/README.md" ? "| `" + name + "` | " : "\"" + name + "\": {";
      CHECK(text.str().find(quoted) != std::string::npos);
    }
  }
}

// "| `name` | `{"name": ...}` | meaning |": the rows of the README's tables of predicates.
std::vector<std::pair<std::string, std::string>> ReadmeRows() {
  std::ifstream file(std::string(WEIGHBRIDGE_SOURCE_DIR) + "/rules/README.md");
  std::vector<std::pair<std::string, std::string>> rows;
  for (std::string line, name, example; std::getline(file, line);) {
    if (RE2::FullMatch(line, "\\| `([a-z_]+)` \\| `(\\{.*\\})` \\| .+ \\|", &name, &example))
      rows.emplace_back(name, example);
  }
  return rows;
}

TEST_CASE("the README documents every predicate once, with an example that compiles") {
  std::vector<std::string> documented;
  for (auto [name, example] : ReadmeRows()) {
    CAPTURE(name);
    documented.push_back(name);
    for (const char* part : {"A", "B"})  // stand for any condition
      RE2::GlobalReplace(&example, "([\\[ ])" + std::string(part) + "\\b([,\\]}])",
                         "\\1{\"unknown\": [\"x\"]}\\2");
    const Json json = Json::parse(example, nullptr, false);
    REQUIRE(json.is_object());
    CHECK(json.size() == 1);
    CHECK(json.contains(name));
    std::string subject = "model";
    for (const Predicate& predicate : Predicates()) {
      if (predicate.name == name && predicate.subject == std::string("accelerator"))
        subject = "accelerator";
    }
    std::vector<std::string> errors;
    CompileCondition(json, "", errors, subject);
    CHECK(Join(errors, "; ").empty());
    std::vector<ConditionProblem> problems;
    CheckValues(json, "", problems);
    CHECK(problems.empty());
  }
  std::vector<std::string> known = PredicateNames();
  std::sort(known.begin(), known.end());
  std::sort(documented.begin(), documented.end());
  CHECK(Join(documented, " ") == Join(known, " "));
}

}  // namespace
}  // namespace weighbridge
