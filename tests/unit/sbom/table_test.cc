// The text report: what stands together, what is cut short, what is said to the reader.
#include <doctest/doctest.h>

#include "sbom/text_layout.h"
#include "sbom/writer.h"
#include "tests/support/report_builder.h"

namespace weighbridge {
namespace {

Artifact Archive(const std::string& path, const std::string& format) {
  Artifact artifact;
  artifact.location.path = path;
  artifact.format = format;
  artifact.kind = ArtifactKind::kContainer;
  artifact.inspection = Inspection::kNotInspected;
  artifact.not_inspected_reason = "archive not opened";
  artifact.size_bytes = 1000;
  return artifact;
}

Finding Found(const std::string& rule, const std::string& path, const std::string& message) {
  Finding finding;
  finding.rule_id = rule;
  finding.title = "a title";
  finding.message = message;
  finding.outcome = Outcome::kRestricted;
  finding.location.path = path;
  return finding;
}

// The section under a heading that begins so, without the heading.
std::string Section(const std::string& page, const std::string& heading) {
  const std::size_t start = page.find("\n" + heading);
  if (start == std::string::npos) return "";
  const std::size_t body = page.find('\n', start + 1) + 1;
  std::size_t end = page.find("\n\n", body);
  while (end != std::string::npos && end + 2 < page.size() && page[end + 2] == ' ')
    end = page.find("\n\n", end + 2);
  return page.substr(body, end == std::string::npos ? end : end + 1 - body);
}

std::string Table(const Report& report, bool verbose = false) {
  WriterOptions options;
  options.verbose = verbose;
  return FindWriter("table")->write(report, options);
}

TEST_CASE("files that were not inspected stand together by format and reason") {
  Report report;
  report.artifacts = {Archive("a.tar.gz", "tar.gz"), Archive("b.zip", "zip"),
                      Archive("c.tar.gz", "tar.gz")};
  Artifact weights = Archive("z.gguf", "gguf");
  weights.kind = ArtifactKind::kWeights;
  weights.inspection = Inspection::kPartial;
  weights.not_inspected_reason = "cut short";
  report.artifacts.push_back(weights);
  CHECK(Section(Table(report), "NOT INSPECTED") ==
        "  - z.gguf (gguf), in part: cut short\n"
        "  - tar.gz, 2 files, 2.0 kB: archive not opened; first: a.tar.gz\n"
        "  - b.zip (zip): archive not opened\n");
  CHECK(Section(Table(report, true), "NOT INSPECTED") ==
        "  - z.gguf (gguf), in part: cut short\n"
        "  - a.tar.gz (tar.gz): archive not opened\n"
        "  - b.zip (zip): archive not opened\n"
        "  - c.tar.gz (tar.gz): archive not opened\n");
}

TEST_CASE("findings of one rule have one heading") {
  Report report;
  report.findings = {Found("WB-CONFLICT-IDENTITY", "a", "a says x."),
                     Found("WB-CONFLICT-IDENTITY", "b", "b says y."),
                     Found("X-1", "a", "The same."), Found("X-1", "b", "The same.")};
  report.findings[1].gates = true;
  CHECK(Section(Table(report), "FINDINGS") ==
        "  restricted WB-CONFLICT-IDENTITY: a title [gate]\n"
        "    - a\n"
        "      a says x.\n"
        "    - b\n"
        "      b says y.\n"
        "\n"
        "  restricted X-1: a title\n"
        "    - a\n"
        "    - b\n"
        "    The same.\n");
}

TEST_CASE("long lists are cut short, and with --verbose they are not") {
  Report report;
  for (int i = 0; i < 25; ++i)
    report.findings.push_back(Found("X-1", "f" + std::to_string(i), "m."));
  const std::string page = Table(report);
  CHECK(page.find("    - and 5 more, with --verbose or in the json report\n") != std::string::npos);
  CHECK(page.find("- f24") == std::string::npos);
  CHECK(Table(report, true).find("- f24") != std::string::npos);
}

TEST_CASE("who can answer what is undecided") {
  struct Row {
    std::vector<std::string> facts;
    bool policy, model, person;
  };
  const Row rows[] = {{{"context.country"}, true, false, false},
                      {{"context.sector", "rule.effective_from"}, true, false, true},
                      {{"model.origin"}, false, true, false},
                      {{"context.agency"}, false, false, true}};
  for (const Row& row : rows) {
    CAPTURE(row.facts[0]);
    Report report;
    report.findings = {Found("X-1", "a", "m."), Found("X-1", "b", "m.")};
    for (Finding& finding : report.findings) {
      finding.settled = false;
      finding.depends_on = row.facts;
    }
    const std::string text = Section(Table(report), "UNDECIDED");
    CHECK(text.rfind("  a\n  b\n    - depends on ", 0) == 0);
    CHECK((text.find("`weighbridge policy init > policy.json`") != std::string::npos) ==
          row.policy);
    CHECK((text.find("`weighbridge explain`") != std::string::npos) == row.model);
    CHECK((text.find("cannot be seen by a scan") != std::string::npos) == row.person);
  }
}

TEST_CASE("no line is wider than the page") {
  const std::string page = Table(testing::FullReport());
  std::size_t start = 0;
  while (start < page.size()) {
    const std::size_t end = page.find('\n', start);
    const std::string line = page.substr(start, end - start);
    CAPTURE(line);
    CHECK(DisplayWidth(line) <= 80);
    start = end + 1;
  }
}

}  // namespace
}  // namespace weighbridge
