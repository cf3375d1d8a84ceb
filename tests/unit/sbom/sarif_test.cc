// What the contract for tools (sbom/README.md) promises of the SARIF document.
#include <set>

#include <doctest/doctest.h>

#include "sbom/document.h"
#include "tests/support/report_builder.h"

namespace weighbridge {
namespace {

OrderedJson Run(const Report& report) {
  WriterOptions options;
  options.rules = {testing::ExampleRule()};
  return OrderedJson::parse(FindWriter("sarif")->write(report, options))["runs"][0];
}

TEST_CASE("kind and level follow the outcome and whether it is settled") {
  struct Row {
    Outcome outcome;
    bool settled;
    const char* given_kind;
    const char* kind;
    const char* level;
  };
  const Row rows[] = {
      {Outcome::kProhibited, true, "fail", "fail", "error"},
      {Outcome::kLicenceRequired, true, "fail", "fail", "error"},
      {Outcome::kRestricted, true, "fail", "fail", "warning"},
      {Outcome::kReview, true, "", "fail", "warning"},
      {Outcome::kNotice, true, "fail", "fail", "note"},
      {Outcome::kNotice, true, "informational", "informational", "none"},
      {Outcome::kProhibited, false, "review", "review", "none"},
      {Outcome::kReview, false, "open", "open", "none"},
      {Outcome::kReview, false, "fail", "review", "none"},
  };
  for (const Row& row : rows) {
    CAPTURE(OutcomeName(row.outcome));
    CAPTURE(row.given_kind);
    Report report = testing::EmptyReport();
    report.findings = {testing::MakeFinding("R-1", row.outcome, "", "a")};
    report.findings[0].settled = row.settled;
    report.findings[0].kind = row.given_kind;
    const OrderedJson result = Run(report)["results"][0];
    CHECK(result["kind"] == row.kind);
    CHECK(result["level"] == row.level);
    CHECK(result["properties"]["outcome"] == OutcomeName(row.outcome));
  }
}

TEST_CASE("results name their rule, place and missing facts") {
  const OrderedJson run = Run(testing::FullReport());
  for (const auto& result : run["results"]) {
    const std::size_t index = result["ruleIndex"];
    CHECK(run["tool"]["driver"]["rules"][index]["id"] == result["ruleId"]);
  }
  const OrderedJson& undecided = run["results"][1];
  CHECK(undecided["ruleId"] == "LIC-EXAMPLE");
  CHECK(undecided["properties"]["dependsOn"].dump() ==
        R"(["context.country","model.origin_publisher"])");
  CHECK(undecided["properties"]["jurisdiction"] == "US-TX");
  CHECK(undecided["properties"]["citation"] == "Proclamation of 31 January 2025");
  CHECK(undecided["properties"]["confidence"] == "high");
  const OrderedJson& waived = run["results"][2];
  CHECK(waived["suppressions"].dump() ==
        R"x([{"kind":"external","status":"accepted","justification":)x"
        R"x("approved by counsel (owner: legal@example.com) (until 2027-01-31)"}])x");
  CHECK_FALSE(run["results"][6].contains("locations"));
}

TEST_CASE("locations are percent-encoded; members are logical locations") {
  struct Row {
    Location location;
    const char* uri;
    const char* member;
  };
  const Row rows[] = {
      {testing::At("a/b.gguf"), "a/b.gguf", ""},
      {testing::At("a b#\xff/c%:d?.bin"), "a%20b%23%FF/c%25%3Ad%3F.bin", ""},
      {testing::At("c:d"), "c%3Ad", ""},
      {testing::At("/srv/x y"), "file:///srv/x%20y", ""},
      {testing::At("a.tar", {"l/2", "m.gguf"}), "a.tar", "a.tar!/l/2!/m.gguf"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.uri);
    Report report = testing::EmptyReport();
    report.findings = {testing::MakeFinding("R-1", Outcome::kReview, "", "")};
    report.findings[0].location = row.location;
    const OrderedJson place = Run(report)["results"][0]["locations"][0];
    CHECK(place["physicalLocation"]["artifactLocation"]["uri"] == row.uri);
    if (std::string(row.member).empty()) {
      CHECK_FALSE(place.contains("logicalLocations"));
    } else {
      CHECK(place["logicalLocations"][0]["fullyQualifiedName"] == row.member);
    }
  }
}

TEST_CASE("fingerprints are distinct, and do not move with the wording") {
  Report report = testing::FullReport();
  report.findings.push_back(report.findings[0]);
  const OrderedJson before = Run(report)["results"];
  for (Finding& finding : report.findings) finding.message = "Said better.";
  const OrderedJson after = Run(report)["results"];
  std::set<std::string> seen;
  for (std::size_t i = 0; i < before.size(); ++i) {
    CHECK(before[i]["partialFingerprints"] == after[i]["partialFingerprints"]);
    seen.insert(before[i]["partialFingerprints"].dump());
  }
  CHECK(seen.size() == before.size());
}

TEST_CASE("what could not be read is a notification; an incomplete scan is not a success") {
  const OrderedJson invocation = Run(testing::FullReport())["invocations"][0];
  CHECK(invocation["executionSuccessful"] == false);
  const OrderedJson& notes = invocation["toolExecutionNotifications"];
  REQUIRE(notes.size() == 4);
  CHECK(notes[0]["message"]["text"] == "the scan is incomplete: one file could not be read");
  CHECK(notes[1]["message"]["text"] == "the database is 115 days old");
  CHECK(notes[2]["level"] == "error");
  CHECK(notes[2]["descriptor"]["id"] == "permission");
  CHECK(notes[3]["locations"][0]["logicalLocations"][0]["name"] == "x");
  CHECK(Run(testing::EmptyReport())["invocations"][0]["executionSuccessful"] == true);
}

}  // namespace
}  // namespace weighbridge
