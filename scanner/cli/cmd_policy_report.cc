// policy check --report: a stored report judged again, without a scan.
#include <fstream>
#include <iterator>
#include <map>

#include "sbom/text_layout.h"
#include "scanner/base/text.h"
#include "scanner/cli/commands.h"
#include "scanner/cli/output.h"
#include "scanner/identity/catalog.h"
#include "scanner/pipeline/stored_report.h"

namespace weighbridge {
namespace {

constexpr std::size_t kWidth = 80;

int Fail(const std::string& message) {
  Complain(message);
  return kExitError;
}

void AddFinding(const Finding& finding, TextPage& page) {
  const std::string& subject = !finding.model_id.empty()         ? finding.model_id
                               : !finding.accelerator_id.empty() ? finding.accelerator_id
                                                                 : finding.location.ToString();
  std::string text = std::string(OutcomeName(finding.outcome)) + " " + Printable(finding.rule_id) +
                     (subject.empty() ? "" : ": " + Printable(subject));
  if (!finding.settled) text += "; depends on " + Printable(Join(finding.depends_on, ", "));
  if (finding.waiver)
    text += "; waived by " + Printable(finding.waiver->owner) + " until " +
            Printable(finding.waiver->expires) + ": " + Printable(finding.waiver->reason);
  page.Paragraph(4, text, finding.gates ? "  x " : "  - ");
}

}  // namespace

int JudgeReport(const CommandLine& line, const Policy& policy, const RuleSet& rules) {
  auto as_of = DayAsked(line);
  if (!as_of.ok()) return Fail(as_of.error().message);
  std::ifstream file(line.rules.report, std::ios::binary);
  if (!file) return Fail(Printable(line.rules.report) + ": cannot be read");
  const std::string text((std::istreambuf_iterator<char>(file)), {});
  auto report = ReadStoredReport(text, line.rules.report);
  if (!report.ok()) return Fail(report.error().message);
  auto catalog = Catalog::Open("");
  if (!catalog.ok()) return Fail(catalog.error().message);
  std::vector<Finding> findings =
      JudgeStored(report.value(), rules, policy, as_of.value(), *catalog.value());
  KeepFindingsOfBytes(report.value(), *catalog.value(), findings);
  ApplyPolicy(policy, as_of.value(), findings);
  TextPage page(kWidth, false);
  page.Heading(Printable(line.rules.report) + " under " + Printable(line.policy_file) + ", on " +
               as_of.value());
  std::size_t gating = 0;
  for (const Finding& finding : findings) {
    AddFinding(finding, page);
    gating += finding.gates ? 1 : 0;
  }
  page.Paragraph(0, std::to_string(findings.size()) + " findings of " +
                        std::to_string(report.value().models.size()) + " models, " +
                        std::to_string(report.value().services.size()) + " services and " +
                        std::to_string(report.value().accelerators.size()) + " accelerators, " +
                        std::to_string(gating) + " at or above the gate (" +
                        OutcomeName(policy.fail_on) + ")");
  page.Paragraph(0, "The report is of " + Printable(report.value().as_of) +
                        "; what lies there now was not looked at.");
  if (!report.value().complete) page.Paragraph(0, "The scan that it comes from was not complete.");
  if (report.value().database.digest != catalog.value()->Info().digest)
    page.Paragraph(0, "It was made with another catalogue (" +
                          Printable(report.value().database.version) +
                          "); publishers, listings and products are those of this one.");
  Status wrote = WriteDocument("", page.text());
  if (!wrote.ok()) return Fail(wrote.error().message);
  return gating == 0 ? kExitClean : kExitGated;
}

}  // namespace weighbridge
