// Stored reports read back: what is refused, what is judged again, and hostile bytes.
#include "scanner/pipeline/stored_report.h"

#include <doctest/doctest.h>

namespace weighbridge {
namespace {

const std::string kReport = R"({
  "format": "weighbridge-report", "format_version": 1, "as_of": "2026-11-24", "complete": true,
  "database": {"version": "1", "date": "2026-11-24", "digest": "00"},
  "context": ["country=US"],
  "findings": [{"rule_id": "WB-UNSAFE-PICKLE", "outcome": "restricted", "settled": true,
                "gates": true, "model_id": "m", "location": "m/a.pkl"},
               {"rule_id": "US-NDAA26-1532-CORE", "outcome": "prohibited", "model_id": "m"}],
  "models": [{"id": "m", "location": "m", "weights": ["m/a.pkl", "m/gone"], "identity": {
    "name": "a", "origin_publisher": "deepseek-ai", "lineage_publishers": ["deepseek-ai"],
    "licences": [{"id": "mit"}], "modality": "text"}}],
  "artifacts": [{"location": "m/a.pkl", "sha256": "ab"}],
  "accelerators": [{"id": "h: nvidia-h20-96gb", "name": "H20", "location": "/sys", "count": 8,
                    "products": ["nvidia-h20-96gb"]}]
})";

std::vector<std::string> Judge(const std::string& policy_text) {
  const auto report = ReadStoredReport(kReport, "r.json");
  REQUIRE(report.ok());
  const auto policy = ParsePolicy(policy_text, "p.json");
  REQUIRE(policy.ok());
  const auto rules = RuleSet::Builtin();
  const auto catalog = Catalog::Open("");
  REQUIRE(rules.ok());
  REQUIRE(catalog.ok());
  auto findings = JudgeStored(report.value(), *rules.value(), policy.value(), report.value().as_of,
                              *catalog.value());
  KeepFindingsOfBytes(report.value(), *catalog.value(), findings);
  ApplyPolicy(policy.value(), report.value().as_of, findings);
  std::vector<std::string> lines;
  for (const Finding& finding : findings) {
    lines.push_back(finding.rule_id + " " + finding.model_id + finding.accelerator_id +
                    (finding.gates ? " gates" : "") + (finding.waiver ? " waived" : ""));
  }
  return lines;
}

TEST_CASE("models and accelerators are judged again, findings of bytes stand") {
  using Lines = std::vector<std::string>;
  CHECK(Judge(R"({"packs": ["us-dod"], "context": {"country": "US", "sector": "us-dod"}})") ==
        Lines{"US-NDAA26-1532-CORE m gates", "WB-UNSAFE-PICKLE m"});
  CHECK(Judge(R"({"packs": ["us-dod"], "context": {"country": "US", "sector": "private"},
                  "gate": {"fail_on": "restricted"}})") == Lines{"WB-UNSAFE-PICKLE m gates"});
  CHECK(Judge(R"({"packs": ["us-dod"], "context": {"sector": "us-dod"}, "waivers": [
        {"rule": "US-NDAA26-1532-CORE", "subject": "ab", "reason": "r", "owner": "o",
         "expires": "2026-12-31"}]})") ==
        Lines{"US-NDAA26-1532-CORE m waived", "WB-UNSAFE-PICKLE m"});
  const Lines chip = Judge(R"({"packs": ["us-accelerators"],
        "context": {"country": "US", "activity": ["export"], "destinations": ["CN"]}})");
  CHECK(std::count(chip.begin(), chip.end(), "US-EAR-H20-INFORMED h: nvidia-h20-96gb") == 1);
}

TEST_CASE("what is no report is refused, whole messages") {
  const auto error = [](const std::string& text) {
    const auto report = ReadStoredReport(text, "r.json");
    return report.ok() ? std::string() : report.error().message;
  };
  CHECK(error("[]") == "r.json: not a report of weighbridge (-o json)");
  CHECK(error(R"({"format": "weighbridge-report", "format_version": 2})") ==
        "r.json: a report of another format version");
  CHECK(error(R"({"format": "weighbridge-report", "format_version": 1})") ==
        "r.json: the report names no day (as_of)");
  CHECK(error(R"({"format": "weighbridge-report", "format_version": 1, "models": {}})") ==
        "r.json: not a sound report of weighbridge");
  CHECK(error(R"({"format": "weighbridge-report", "format_version": 1, "findings": [1]})") ==
        "r.json: not a sound report of weighbridge");
  CHECK(error("{\n1}").rfind("r.json:2:", 0) == 0);
}

TEST_CASE("every prefix and flipped byte is read or refused") {
  for (std::size_t at = 0; at < kReport.size(); ++at) {
    CHECK_FALSE(ReadStoredReport(kReport.substr(0, at), "r.json").ok());
    for (const char c : {'1', '{', '[', '"'}) {
      std::string text = kReport;
      text[at] = c;
      const auto report = ReadStoredReport(text, "r.json");
      if (!report.ok()) CHECK_FALSE(report.error().message.empty());
    }
  }
}

}  // namespace
}  // namespace weighbridge
