// Policies: what is read, what is refused with whole messages, and the examples.
#include "rules/policy.h"

#include <fstream>
#include <sstream>

#include <doctest/doctest.h>

#include "tests/support/facts_builder.h"

namespace weighbridge {
namespace {

std::string ErrorOf(const std::string& text) {
  const auto policy = ParsePolicy(text, "p.json");
  return policy.ok() ? "" : policy.error().message;
}

TEST_CASE("malformed policies, whole messages") {
  struct Row {
    const char* text;
    const char* message;
  };
  const Row rows[] = {
      {"{}", ""},
      {"// nothing but a comment\n{}", ""},
      {"[]", "p.json:1:1: /: expected an object"},
      {R"({"contxt": {}})", "p.json:1:2: /contxt: unknown key (did you mean \"context\"?)"},
      {R"({"context": 1})", "p.json:1:2: /context: expected an object"},
      {R"({"context": {"country": "us"}})",
       "p.json:1:14: /context/country: \"us\" is not an ISO 3166 alpha-2 code"},
      {R"({"context": {"country": "XX"}})",
       "p.json:1:14: /context/country: \"XX\" is not an ISO 3166 alpha-2 code"},
      {R"({"deny": [{"country": "CN|UK"}]})",
       "p.json:1:12: /deny/0/country: \"UK\" is not an ISO 3166 alpha-2 code"},
      {R"({"context": {"country": "UK"}})",
       "p.json:1:14: /context/country: \"UK\" is not an ISO 3166 alpha-2 code"},
      {R"({"context": {"sector": "us-state-TX"}})",
       "p.json:1:14: /context/sector: \"us-state-TX\" is not a known sector; see rules/README.md"},
      {R"({"context": {"activity": ["us"]}})",
       "p.json:1:14: /context/activity: \"us\" is not one of use, distribute, export, reexport, "
       "procure"},
      {R"({"context": {"activity": "use"}})",
       "p.json:1:14: /context/activity: expected a list of texts"},
      {R"({"context": {"destinations": ["China"]}})",
       "p.json:1:14: /context/destinations: \"China\" is not an ISO 3166 alpha-2 code"},
      {R"({"gate": {"fail_on": "maybe"}})",
       "p.json:1:11: /gate/fail_on: \"maybe\" is not one of none, notice, review, restricted, "
       "licence-required, prohibited"},
      {R"({"gate": {"fail_on_undecided": 1}})",
       "p.json:1:11: /gate/fail_on_undecided: expected true or false"},
      {R"({"deny": [{}]})",
       "p.json:1:11: /deny/0: matches nothing: give publisher, country, family, licence or digest"},
      {R"({"deny": [{"publisher": "("}]})",
       "p.json:1:12: /deny/0/publisher: not a pattern: missing ): ("},
      {R"({"deny": [{"publisher": "x", "outcome": "none"}]})",
       "p.json:1:30: /deny/0/outcome: not one of notice, review, restricted, licence-required, "
       "prohibited"},
      {R"({"allow": [{"publisher": "x", "outcome": "review"}]})",
       "p.json:1:31: /allow/0/outcome: unknown key"},
      {R"({"waivers": [{"rule": "X", "expires": "soon"}]})",
       "p.json:1:14: /waivers/0/reason: a waiver needs it\n"
       "p.json:1:14: /waivers/0/owner: a waiver needs it\n"
       "p.json:1:28: /waivers/0/expires: \"soon\" is not a date (YYYY-MM-DD)"},
      {R"({"unlisted": "maybe"})",
       "p.json:1:2: /unlisted: \"maybe\" is not one of none, notice, review, restricted, "
       "licence-required, prohibited"},
      {R"({"waivers": [{"rule": "X", "subject": "(", "reason": "r", "owner": "o", "expires": "2027-01-01"}]})",
       "p.json:1:28: /waivers/0/subject: neither a pattern (missing ): () nor a glob"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    CHECK(ErrorOf(row.text) == row.message);
  }
  CHECK(ErrorOf("{\n\"name\": }").find("p.json:2:") == 0);
  CHECK(ErrorOf(R"({"name": "a", "name": "b"})").find("p.json:") == 0);
}

TEST_CASE("what is left out is unknown") {
  const auto empty = ParsePolicy("{}", "p.json");
  REQUIRE(empty.ok());
  CHECK(!empty.value().context.country);
  CHECK(!empty.value().context.destinations);
  CHECK(empty.value().fail_on == Outcome::kProhibited);
  const auto full = ParsePolicy(
      R"({"context": {"country": "US", "sector": "us-dod", "activity": ["use"], "destinations": ["CN"]}, "gate": {"fail_on": "review"}})",
      "p.json");
  REQUIRE(full.ok());
  CHECK(*full.value().context.sector == "us-dod");
  CHECK(*full.value().context.destinations == std::vector<std::string>{"CN"});
  CHECK(full.value().fail_on == Outcome::kReview);
}

TEST_CASE("the example policy and the files in examples are accepted") {
  CHECK(ErrorOf(ExamplePolicy()) == "");
  for (const char* name : {"us-federal-contractor", "eu-deployer"}) {
    std::ifstream file(std::string(WEIGHBRIDGE_SOURCE_DIR) + "/examples/policies/" + name +
                       ".json");
    std::stringstream text;
    text << file.rdbuf();
    const auto policy = ParsePolicy(text.str(), "p.json");
    REQUIRE(policy.ok());
    CHECK(policy.value().name == name);
  }
}

TEST_CASE("a pack that is not loaded is refused, not ignored") {
  const auto rules = RuleSet::Builtin();
  REQUIRE(rules.ok());
  Policy policy;
  policy.packs = {"us-dod", "licences"};
  CHECK(CheckPacks(policy, *rules.value()).ok());
  policy.packs = {"us-dood", "example-company"};
  const Status status = CheckPacks(policy, *rules.value());
  REQUIRE(!status.ok());
  CHECK(status.error().message ==
        "/packs: no rule pack is called \"us-dood\" (did you mean \"us-dod\"?)\n"
        "/packs: no rule pack is called \"example-company\"");
}

TEST_CASE("what the own lists say of a model that is not identified") {
  const ModelFacts either = FactsOfCandidates({Publisher("Qwen", "CN"), Publisher("google", "US")});
  const auto message = [&](const std::string& lists, const ModelFacts& facts) {
    const auto policy = ParsePolicy("{" + lists + "}", "p.json");
    REQUIRE(policy.ok());
    const auto findings = EvaluatePolicyLists(facts, policy.value());
    REQUIRE(findings.size() == 1);
    return findings[0].message;
  };
  CHECK(message(R"("deny": [{"country": "CN", "reason": "not approved"}])", either) ==
        "The policy's deny list may name this model: not approved. Of the publishers that its "
        "structure leaves, it names Qwen.");
  CHECK(message(R"("deny": [{"country": "CN"}])", FactsOf({})) ==
        "The policy's deny list may name this model. What was found does not settle it.");
  CHECK(message(R"("allow": [{"country": "US"}])", either) ==
        "The policy's allow list may match this model; what was found does not settle it, so it "
        "is not allowed.");
}

TEST_CASE("own deny and allow lists") {
  struct Row {
    const char* lists;
    ModelFacts facts;
    std::vector<std::string> lines;
  };
  const ModelFacts qwen =
      FactsOf({Publisher("Qwen", "CN"), Publisher("acme", "US", {}, "developer")}, {"apache-2.0"},
              "text", "Qwen2.5");
  const ModelFacts either = FactsOfCandidates({Publisher("Qwen", "CN"), Publisher("google", "US")});
  ModelFacts hashed = FactsOf({});
  hashed.digests = {"abcd"};
  const ModelFacts families = FactsOf({Publisher("Qwen", "CN")}, {}, "text", "Qwen2,Qwen2.5");
  const ModelFacts nowhere = FactsOf({Publisher("someone", "")}, {"apache-2.0"});
  const Row rows[] = {
      {R"("deny": [{"publisher": "qwen"}])", qwen, {}},
      {R"("deny": [{"publisher": "(?i)qwen"}])", qwen, {"POLICY-DENY-1 prohibited"}},
      {R"("deny": [{"id": "POLICY-CN", "country": "CN", "outcome": "review"}])",
       qwen,
       {"POLICY-CN review"}},
      {R"("deny": [{"country": "CN"}])", either, {"POLICY-DENY-1 prohibited? model.origin"}},
      {R"("deny": [{"country": "CN|US"}])", either, {"POLICY-DENY-1 prohibited"}},
      {R"("deny": [{"publisher": "acme", "country": "CN"}])", qwen, {}},
      {R"("deny": [{"family": "Qwen.*", "licence": "apache.*"}])",
       qwen,
       {"POLICY-DENY-1 prohibited"}},
      // No digest, no licence, no family, no origin: the deny list may be about it.
      {R"("deny": [{"digest": "ab.*"}])", qwen, {"POLICY-DENY-1 prohibited? model.digest"}},
      {R"("deny": [{"digest": "ab.*"}])", hashed, {"POLICY-DENY-1 prohibited"}},
      {R"("deny": [{"digest": "cd.*"}])", hashed, {}},
      {R"("deny": [{"licence": "llama.*"}])", hashed, {"POLICY-DENY-1 prohibited? model.licence"}},
      {R"("deny": [{"licence": "llama.*"}])", qwen, {}},
      {R"("deny": [{"family": "Llama.*"}])", hashed, {"POLICY-DENY-1 prohibited? model.family"}},
      {R"("deny": [{"publisher": "Qwen"}])", hashed, {"POLICY-DENY-1 prohibited? model.origin"}},
      {R"("deny": [{"country": "CN"}])", hashed, {"POLICY-DENY-1 prohibited? model.origin"}},
      {R"("deny": [{"country": "FR"}])", either, {}},
      // Several families are left: all, some or none of them.
      {R"("deny": [{"family": "Qwen2.*"}])", families, {"POLICY-DENY-1 prohibited"}},
      {R"("deny": [{"family": "Qwen2"}])", families, {"POLICY-DENY-1 prohibited? model.family"}},
      {R"("deny": [{"family": "Llama"}])", families, {}},
      // A publisher without a known seat; what is surely no match outweighs the unknown.
      {R"("deny": [{"country": "CN"}])", nowhere, {"POLICY-DENY-1 prohibited? publisher.country"}},
      {R"("deny": [{"country": "CN", "licence": "mit"}])", nowhere, {}},
      // What may be allowed is still denied.
      {R"("deny": [{"country": "CN|US"}], "allow": [{"publisher": "Qwen"}])",
       either,
       {"POLICY-DENY-1 prohibited"}},
      // An allow list alone is the list of all that is allowed.
      {R"("allow": [{"publisher": "Qwen"}])", qwen, {}},
      {R"("allow": [{"publisher": "google"}])", qwen, {"POLICY-UNLISTED review"}},
      {R"("allow": [{"publisher": "google"}])", hashed, {"POLICY-UNLISTED review? model.origin"}},
      {R"("allow": [{"publisher": "google"}])", either, {"POLICY-UNLISTED review? model.origin"}},
      {R"("allow": [{"publisher": "google"}], "unlisted": "none")", hashed, {}},
      {R"("allow": [{"publisher": "acme"}], "unlisted": "prohibited", "deny": [{"country": "FR"}])",
       hashed,
       {"POLICY-DENY-1 prohibited? model.origin", "POLICY-UNLISTED prohibited? model.origin"}},
      {R"("deny": [{"country": "CN"}], "allow": [{"publisher": "acme"}])", qwen, {}},
      {R"("deny": [{"country": "CN"}], "allow": [{"publisher": "Qwen"}])",
       either,
       {"POLICY-DENY-1 prohibited? model.origin"}},
  };
  for (const Row& row : rows) {
    CAPTURE(row.lists);
    const auto policy = ParsePolicy(std::string("{") + row.lists + "}", "p.json");
    REQUIRE(policy.ok());
    CHECK(Lines(EvaluatePolicyLists(row.facts, policy.value())) == row.lines);
  }
}

}  // namespace
}  // namespace weighbridge
