// The gate: waivers and their last day, SARIF words, what counts, the order.
#include <doctest/doctest.h>

#include "tests/support/facts_builder.h"

namespace weighbridge {
namespace {

Finding Found(const std::string& id, Outcome outcome, bool settled = true) {
  Finding finding;
  finding.rule_id = id;
  finding.outcome = outcome;
  finding.settled = settled;
  finding.model_id = "m";
  finding.location.path = "store/m.gguf";
  return finding;
}

TEST_CASE("kinds, levels and the gate") {
  struct Row {
    Outcome outcome;
    bool settled;
    Outcome fail_on;
    bool undecided;
    const char* kind;
    const char* level;
    bool gates;
  };
  using enum Outcome;
  const Row rows[] = {
      {kProhibited, true, kProhibited, false, "fail", "error", true},
      {kLicenceRequired, true, kProhibited, false, "fail", "error", false},
      {kRestricted, true, kRestricted, false, "fail", "warning", true},
      {kReview, true, kRestricted, false, "fail", "warning", false},
      {kNotice, true, kNotice, false, "fail", "note", true},
      {kProhibited, false, kProhibited, false, "review", "none", false},
      {kProhibited, false, kProhibited, true, "review", "none", true},
      {kNotice, false, kProhibited, true, "open", "none", false},
      {kProhibited, true, kNone, true, "fail", "error", false},
  };
  for (const Row& row : rows) {
    Policy policy;
    policy.fail_on = row.fail_on;
    policy.fail_on_undecided = row.undecided;
    std::vector<Finding> findings{Found("X", row.outcome, row.settled)};
    ApplyPolicy(policy, "2026-11-24", findings);
    CAPTURE(OutcomeName(row.outcome));
    CHECK(findings[0].kind == row.kind);
    CHECK(findings[0].level == row.level);
    CHECK(findings[0].gates == row.gates);
  }
}

TEST_CASE("a waiver waives on its last day and not on the day after") {
  struct Row {
    PolicyWaiver waiver;
    const char* as_of;
    bool waived;
    bool expired;
  };
  const Row rows[] = {
      {{"X-1", "", "r", "o", "2026-11-24"}, "2026-11-24", true, false},
      {{"X-1", "", "r", "o", "2026-11-24"}, "2026-11-25", false, true},
      {{"X-.*", "m", "r", "o", "2026-11-24"}, "2026-11-24", true, false},
      {{"X-.*", "store/.*", "r", "o", "2026-11-24"}, "2026-11-24", true, false},
      {{"X", "", "r", "o", "2026-11-24"}, "2026-11-24", false, false},
      {{"X-1", "other", "r", "o", "2026-11-24"}, "2026-11-25", false, false},
  };
  for (const Row& row : rows) {
    Policy policy;
    policy.waivers = {row.waiver};
    std::vector<Finding> findings{Found("X-1", Outcome::kProhibited)};
    ApplyPolicy(policy, row.as_of, findings);
    CAPTURE(row.waiver.rule);
    CAPTURE(row.as_of);
    CHECK(findings[0].waiver.has_value() == row.waived);
    CHECK(findings[0].gates == !row.waived);
    const bool unused = !row.waived && !row.expired;
    REQUIRE(findings.size() == (row.expired || unused ? 2u : 1u));
    if (unused) CHECK(findings[1].rule_id == "WB-WAIVER-UNUSED");
    if (!row.expired) continue;
    CHECK(findings[1].rule_id == "WB-WAIVER-EXPIRED");
    CHECK(findings[1].level == "warning");
    CHECK(findings[1].message ==
          "The waiver of X-1 by o (r) ended on 2026-11-24 and no longer waives.");
  }
}

TEST_CASE("what a waiver may call its subject") {
  struct Row {
    const char* subject;
    bool waived;
  };
  const Row rows[] = {
      {"", true},                    // any
      {"m", true},                   // model id
      {"store/m.gguf", true},        // the place itself
      {"store/*.gguf", true},        // a glob stays within a folder
      {"*.gguf", false},             // so this one does not reach into it
      {"**/m.gguf", true},           // and this one crosses folders
      {"store/.*", true},            // RE2
      {"(?i)ACME assistant", true},  // display name
      {"acme/assistant", true},      // hub id
      {"acme/assist", false},        // the whole text, not a part
      {"0123abcd", true},            // digest
      {"Acme (v1)", true},           // a text that is another thing as a pattern
      {"other", false},
  };
  for (const Row& row : rows) {
    CAPTURE(std::string(row.subject));
    Policy policy;
    policy.waivers = {{"X-1", row.subject, "r", "o", "2026-12-01"}};
    std::vector<Finding> findings{Found("X-1", Outcome::kProhibited)};
    findings[0].subject_names = std::make_shared<const std::vector<std::string>>(
        std::vector<std::string>{"Acme Assistant", "acme/assistant", "0123abcd", "Acme (v1)"});
    ApplyPolicy(policy, "2026-11-24", findings);
    CHECK(findings[0].waiver.has_value() == row.waived);
  }
}

TEST_CASE("a waiver that met nothing is said, and never gates") {
  Policy policy;
  policy.fail_on = Outcome::kNotice;
  policy.waivers = {{"X-2", "gone\x1b", "ticket 1", "ada", "2027-01-01"},
                    {"X-1", "", "old", "o", "2026-01-01"},
                    {"X-1", "m", "new", "o", "2027-01-01"}};
  std::vector<Finding> findings{Found("X-1", Outcome::kProhibited)};
  ApplyPolicy(policy, "2026-11-24", findings);
  REQUIRE(findings.size() == 2);
  CHECK(findings[1].rule_id == "WB-WAIVER-UNUSED");
  CHECK(findings[1].message ==
        "The waiver of X-2 for \"gone\\x1b\" by ada (ticket 1, until 2027-01-01) met no "
        "finding of this scan.");
  CHECK(findings[1].level == "note");
  CHECK(!findings[1].gates);
}

TEST_CASE("a waiver that still stands outweighs an expired one before it") {
  Policy policy;
  policy.waivers = {{"X-1", "", "old", "o", "2026-01-01"}, {"X-1", "", "new", "o", "2027-01-01"}};
  std::vector<Finding> findings{Found("X-1", Outcome::kProhibited)};
  ApplyPolicy(policy, "2026-11-24", findings);
  REQUIRE(findings.size() == 1);
  REQUIRE(findings[0].waiver);
  CHECK(findings[0].waiver->reason == "new");
}

TEST_CASE("settled and strong first, then by id") {
  std::vector<Finding> findings{Found("B", Outcome::kReview),
                                Found("C", Outcome::kProhibited, false),
                                Found("A", Outcome::kReview), Found("D", Outcome::kProhibited)};
  ApplyPolicy({}, "2026-11-24", findings);
  std::string order;
  for (const Finding& finding : findings) order += finding.rule_id;
  CHECK(order == "DABC");
}

}  // namespace
}  // namespace weighbridge
