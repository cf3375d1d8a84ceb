// The text report: head, findings, models, what was not inspected, coverage.
#include "sbom/table.h"

#include <limits>

#include "sbom/documents.h"
#include "scanner/base/text.h"

namespace weighbridge {
namespace {

std::string Counted(std::uint64_t count, const std::string& one, const std::string& many) {
  return std::to_string(count) + " " + (count == 1 ? one : many);
}

void PrintHead(TextPage& page, const Report& report) {
  page.Paragraph(0, "weighbridge " + Printable(report.tool_version) + ", database " +
                        Printable(report.database.version) + ", rules as of " +
                        Printable(report.as_of));
  if (!report.targets.empty()) {
    page.Field(0, "scanned", Printable(Join(report.targets, ", ")));
  }
  std::uint64_t gating = 0;
  for (const Finding& finding : report.findings) gating += finding.gates ? 1 : 0;
  std::uint64_t devices = 0;
  for (const Accelerator& accelerator : report.accelerators) devices += accelerator.count;
  std::vector<std::string> parts;
  if (report.models_sought) {
    parts.push_back(Counted(report.models.size(), "model", "models"));
  }
  if (devices != 0 || parts.empty()) {
    parts.push_back(Counted(devices, "accelerator", "accelerators"));
  }
  std::string sum =
      Join(parts, ", ") + ", " + Counted(report.findings.size(), "finding", "findings");
  if (!report.gate.empty()) {
    sum += gating == 0 ? ", none" : ", " + std::to_string(gating);
    sum += " at or above the gate (" + Printable(report.gate) + ")";
  }
  page.Field(0, "result", sum);
  page.Field(0, "complete", report.complete ? "yes" : "NO: " + Printable(report.incomplete_reason));
  if (report.database.stale) {
    page.Field(0, "warning",
               "the database is " + std::to_string(report.database.age_days) + " days old (" +
                   Printable(report.database.date) + "): rules and lists may have changed since");
  }
}

const char* SeverityWord(Severity severity) {
  switch (severity) {
    case Severity::kNote: return "note";
    case Severity::kWarning: return "warning";
    case Severity::kError: return "error";
  }
  return "warning";
}

void PrintDiagnostics(TextPage& page, const Report& report, const TableLimits& limits) {
  if (report.diagnostics.empty()) return;
  page.Heading("DIAGNOSTICS (what could not be read or believed)");
  std::size_t count = 0;
  for (const Diagnostic& diagnostic : report.diagnostics) {
    if (count == limits.entries) break;
    ++count;
    std::string where = Escaped(diagnostic.location.ToString());
    std::string message = Printable(diagnostic.message);
    if (!where.empty() && message.rfind(where, 0) != 0) message = where + ": " + message;
    page.Field(2, SeverityWord(diagnostic.severity), message);
  }
  PrintMore(page, 2, report.diagnostics.size(), count);
}

void PrintCoverage(TextPage& page, const Report& report) {
  const Coverage& coverage = report.coverage;
  page.Heading("COVERAGE");
  std::uint64_t skipped = 0;
  std::vector<std::string> reasons;
  for (const auto& [reason, count] : coverage.skipped) {
    skipped += count;
    reasons.push_back(std::to_string(count) + " " + Printable(reason));
  }
  std::string sum = Counted(coverage.files_seen, "file", "files") +
                    " seen = " + std::to_string(coverage.recognised) + " recognised + " +
                    std::to_string(coverage.unrecognised) + " unrecognised + " +
                    std::to_string(skipped) + " skipped";
  if (!reasons.empty()) sum += " (" + Join(reasons, ", ") + ")";
  page.Field(2, "files", sum + " + " + std::to_string(coverage.failed) + " failed");
  const MemberCoverage& members = coverage.members;
  if (members.seen != 0) {
    std::uint64_t passed = 0;
    for (const auto& [reason, count] : members.skipped) passed += count;
    page.Field(2, "members",
               Counted(members.seen, "member", "members") +
                   " of archives = " + std::to_string(members.recognised) + " recognised + " +
                   std::to_string(members.unrecognised) + " unrecognised + " +
                   std::to_string(passed) + " links or devices + " +
                   std::to_string(members.failed) + " failed");
  }
  page.Field(2, "inspected",
             coverage.not_inspected == 0
                 ? std::string("all that was recognised")
                 : "all that was recognised but " + std::to_string(coverage.not_inspected));
  page.Field(2, "read",
             ByteCount(coverage.bytes_read) + " in " +
                 Counted(coverage.directories, "directory", "directories"));
}

void PrintContext(TextPage& page, const Report& report) {
  page.Heading("CONTEXT");
  page.Field(2, "policy", Printable(report.policy_name));
  page.Field(2, "facts",
             report.context_lines.empty() ? std::string("none given")
                                          : Printable(Join(report.context_lines, ", ")));
  page.Field(2, "database",
             Printable(report.database.version) + ", reviewed " + Printable(report.database.date) +
                 ", sha256 " + Printable(report.database.digest));
  if (report.hash_mode == "none" && report.models_sought) {
    page.Field(2, "hashes", "not computed (--hash none): no file identity is proven");
  }
  page.Field(2, "made", Printable(report.timestamp));
}

}  // namespace

std::string WriteTable(const Report& report, const WriterOptions& options) {
  TextPage page(options.width > 0 ? static_cast<std::size_t>(options.width) : 80, options.colour);
  TableLimits limits;
  if (options.verbose) {
    limits.entries = limits.subjects = std::numeric_limits<std::size_t>::max();
    limits.group = false;
  }
  PrintHead(page, report);
  PrintFindings(page, report, limits);
  if (report.models_sought) PrintModels(page, report);
  PrintServices(page, report, limits);
  PrintAccelerators(page, report, limits);
  PrintTargets(page, report, limits);
  PrintNotInspected(page, report, limits);
  PrintDiagnostics(page, report, limits);
  if (report.models_sought) PrintCoverage(page, report);
  PrintContext(page, report);
  return page.text();
}

}  // namespace weighbridge
