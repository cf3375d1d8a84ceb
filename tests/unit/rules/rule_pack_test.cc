// Packs: what is refused, with whole messages; dates and status.
#include "rules/rule_pack.h"

#include <fstream>
#include <sstream>

#include <doctest/doctest.h>
#include <re2/re2.h>

#include "scanner/base/text.h"
#include "tests/support/facts_builder.h"

namespace weighbridge {
namespace {

// A pack of one rule; each field given replaces the good one, null removes it.
std::string Pack(const std::string& changes = "{}") {
  Json rule = Json::parse(
      R"({"id": "T-1", "title": "t", "jurisdiction": "XX", "authority": "a", "citation": "c",
    "source_url": "https://example.com/", "source_date": "2025-01-01", "confidence": "high", "status": "in-force",
    "effective_from": "2025-02-01", "subject_kind": "model", "outcome": "prohibited", "sentence": "S."})");
  rule.merge_patch(Json::parse(changes));
  return Json{{"pack", "test"}, {"rules", Json::array({rule})}}.dump();
}

// The message without its places, which json_places_test holds: "p.json: /POINTER: ...".
std::string ErrorOf(const std::string& text) {
  const auto rules = ParseRulePack(text, "p.json");
  if (rules.ok()) return "";
  std::string message;
  for (std::string line : Split(rules.error().message, '\n')) {
    const bool placed = RE2::Replace(&line, "^p\\.json:[0-9]+:[0-9]+: /", "p.json: /");
    message += (message.empty() ? "" : "\n") + line + (placed || line.empty() ? "" : " (no place)");
  }
  return message;
}

TEST_CASE("malformed packs, whole messages") {
  struct Row {
    std::string text, message;
  };
  const Row rows[] = {
      {Pack(), ""},
      {"[]", "p.json: /: expected an object"},
      {R"({"pack": "p"})", "p.json: /rules: expected a list of rules"},
      {R"({"rules": []})", "p.json: /pack: expected the name of the pack"},
      {Pack(R"({"id": null})"), "p.json: /rules/0/id: expected a text"},
      {Pack(R"({"titel": "x"})"),
       "p.json: /rules/0/titel: unknown field (did you mean \"title\"?)"},
      {Pack(R"({"confidence": "sure"})"),
       "p.json: /rules/0/confidence: \"sure\" is not one of high, medium, low"},
      {Pack(R"({"status": "off"})"),
       "p.json: /rules/0/status: \"off\" is not one of in-force, suspended, proposed, rescinded, "
       "scheduled"},
      {Pack(R"({"subject_kind": "file"})"),
       "p.json: /rules/0/subject_kind: \"file\" is not one of model, publisher, licence, service, "
       "accelerator"},
      {Pack(R"({"outcome": "none"})"), "p.json: /rules/0/outcome: \"none\" is not an outcome"},
      {Pack(R"({"effective_from": "2025-13-01"})"),
       "p.json: /rules/0/effective_from: \"2025-13-01\" is not a date"},
      {Pack(R"({"effective_to": "2025-03"})"),
       "p.json: /rules/0/effective_to: the last day must be a whole date, YYYY-MM-DD"},
      {Pack(R"({"effective_to": "2025-01-31"})"),
       "p.json: /rules/0/effective_to: ends on 2025-01-31, before it starts on 2025-02-01"},
      {Pack(R"({"confidence": "low"})"),
       "p.json: /rules/0/outcome: a rule of low confidence or without an address to cite may be "
       "review or notice at most"},
      {Pack(R"({"source_url": null})"),
       "p.json: /rules/0/outcome: a rule of low confidence or without an address to cite may be "
       "review or notice at most"},
      {Pack(R"({"needs_context": 1})"), "p.json: /rules/0/needs_context: expected true or false"},
      {Pack(R"({"condition": {"contry": ["EU"]}, "context": []})"),
       "p.json: /rules/0/condition/contry: unknown predicate \"contry\" (did you mean "
       "\"country\"?)\n"
       "p.json: /rules/0/context: expected an object"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    CHECK(ErrorOf(row.text) == row.message);
  }
  CHECK(ErrorOf("{\n \"pack\" 1}").find("p.json:2:") == 0);
  CHECK(ParseRulePack("{\n  \"pack\": \"p\",\n  \"rules\": [1]\n}", "p.json").error().message ==
        "p.json:3:13: /rules/0: expected an object");
}

TEST_CASE("an id stands once, in a pack and over all packs") {
  Json twice = Json::parse(Pack());
  twice["rules"].push_back(twice["rules"][0]);
  CHECK(ErrorOf(twice.dump()) == "p.json: /rules/1/id: rule \"T-1\" appears twice");
  auto rules = RuleSet::Builtin();
  REQUIRE(rules.ok());
  REQUIRE(rules.value()->AddPack(Pack(), "a.json").ok());
  const Status again = rules.value()->AddPack(Pack(), "b.json");
  REQUIRE(!again.ok());
  CHECK(again.error().message == "b.json: rule \"T-1\" is already in another pack");
}

TEST_CASE("dates, status and subject") {
  struct Row {
    const char* changes;
    const char* as_of;
    std::vector<std::string> lines;
  };
  const Row rows[] = {
      {"{}", "2025-01-31", {}},
      {"{}", "2025-02-01", {"T-1 prohibited"}},
      {R"({"effective_to": "2025-03-01"})", "2025-03-01", {"T-1 prohibited"}},
      {R"({"effective_to": "2025-03-01"})", "2025-03-02", {}},
      {R"({"effective_from": null})", "2024-12-31", {"T-1 prohibited? rule.effective_from"}},
      {R"({"effective_from": null})", "2025-01-01", {"T-1 prohibited"}},
      {R"({"effective_from": null, "source_date": null})",
       "2026-01-01",
       {"T-1 prohibited? rule.effective_from"}},
      {R"({"effective_from": "2025-03"})", "2025-02-28", {}},
      {R"({"effective_from": "2025-03"})", "2025-03-15", {"T-1 prohibited? rule.effective_from"}},
      {R"({"effective_from": "2025-03"})", "2025-04-01", {"T-1 prohibited"}},
      {R"({"effective_from": "2025-12"})", "2026-01-01", {"T-1 prohibited"}},
      {R"({"status": "proposed"})", "2026-01-01", {}},
      {R"({"status": "suspended"})", "2026-01-01", {"T-1 notice"}},
      {R"({"status": "suspended", "effective_to": "2025-12-31"})", "2026-01-01", {}},
      {R"({"status": "rescinded", "effective_to": "2025-12-31"})",
       "2025-12-31",
       {"T-1 prohibited"}},
      {R"({"status": "rescinded", "effective_to": "2025-12-31"})", "2026-01-01", {}},
      {R"({"status": "rescinded"})", "2026-01-01", {}},
      {R"({"subject_kind": "service"})", "2026-01-01", {"T-1 review"}},
      {R"({"subject_kind": "publisher"})", "2026-01-01", {"T-1 review"}},
      {R"({"subject_kind": "service", "outcome": "notice"})", "2026-01-01", {"T-1 notice"}},
      {R"({"subject_kind": "licence"})", "2026-01-01", {"T-1 prohibited"}},
      {R"({"context": {"country": ["FR"]}})", "2026-01-01", {"T-1 prohibited? context.country"}},
      {R"({"context": {"country": ["FR"]}, "needs_context": true})", "2026-01-01", {}},
  };
  Policy only_test;
  only_test.packs = {"test"};
  for (const Row& row : rows) {
    CAPTURE(row.changes);
    CAPTURE(row.as_of);
    auto rules = RuleSet::Builtin();
    REQUIRE(rules.ok());
    REQUIRE(rules.value()->AddPack(Pack(row.changes), "a.json").ok());
    CHECK(Lines(rules.value()->Evaluate(FactsOf({Publisher("x", "US")}), only_test, row.as_of)) ==
          row.lines);
  }
}

TEST_CASE("the example pack is accepted") {
  std::ifstream file(std::string(WEIGHBRIDGE_SOURCE_DIR) + "/examples/rules/own-pack.json");
  std::stringstream text;
  text << file.rdbuf();
  const auto rules = ParseRulePack(text.str(), "own-pack.json");
  REQUIRE(rules.ok());
  CHECK(rules.value().size() == 2);
}

}  // namespace
}  // namespace weighbridge
