#include <algorithm>
#include <cstdio>

#include <unistd.h>

#include "rules/rule_set.h"
#include "sbom/writer.h"
#include "scanner/base/text.h"
#include "scanner/cli/commands.h"
#include "scanner/cli/output.h"
#include "scanner/cli/progress.h"
#include "scanner/cli/rule_texts.h"
#include "scanner/platform/terminal.h"

namespace weighbridge {
namespace {

void PrintDiagnostics(const Report& report) {
  for (const Diagnostic& diagnostic : report.diagnostics) {
    Complain(Escaped(diagnostic.location.ToString()) + ": " + diagnostic.message);
  }
}

// What a reader of the report must know without --verbose.
void PrintDatabaseNotes(const Report& report) {
  for (const Diagnostic& diagnostic : report.diagnostics) {
    if (diagnostic.location.path == kDatabasePlace) Complain(diagnostic.message);
  }
}

Status WriteOutputs(const CommandLine& line, const Report& report) {
  WriterOptions options;
  options.serial = line.serial;
  options.verbose = line.verbose;
  auto rules = RuleTexts(line, report.database.digest);
  if (!rules.ok()) return std::move(rules).error();
  options.rules = std::move(rules).value();
  for (const OutputChoice& output : line.outputs) {
    const bool terminal = output.file.empty() && IsTerminal(STDOUT_FILENO);
    options.width = terminal ? std::min(TerminalColumns(STDOUT_FILENO), 160) : 80;
    options.colour = terminal && std::getenv("NO_COLOR") == nullptr;
    const Writer* writer = FindWriter(output.format);
    Status wrote = WriteDocument(output.file, writer->write(report, options));
    if (!wrote.ok()) return wrote;
  }
  return {};
}

int ExitCode(const CommandLine& line, const Report& report) {
  if (report.incomplete_reason == "interrupted") return kExitError;
  if (line.strict && (!report.complete || report.coverage.not_inspected != 0)) {
    if (!line.quiet) {
      Complain("the scan is not complete (--strict): " +
               (report.complete
                    ? std::to_string(report.coverage.not_inspected) + " not fully inspected"
                    : report.incomplete_reason));
    }
    return kExitError;
  }
  const bool gated = std::any_of(report.findings.begin(), report.findings.end(),
                                 [](const Finding& finding) { return finding.gates; });
  return gated && !line.exit_zero ? kExitGated : kExitClean;
}

int Deliver(const CommandLine& line, const Result<Report>& report) {
  if (!report.ok()) {
    Complain(report.error().message);
    return kExitError;
  }
  if (line.verbose) PrintDiagnostics(report.value());
  if (!line.verbose && !line.quiet) PrintDatabaseNotes(report.value());
  if (Status wrote = WriteOutputs(line, report.value()); !wrote.ok()) {
    Complain(wrote.error().message);
    return kExitError;
  }
  return ExitCode(line, report.value());
}

}  // namespace

int RunScan(CommandLine& line) {
  if (Status status = FinishCommandLine(line); !status.ok()) {
    Complain(status.error().message);
    return kExitError;
  }
  std::stop_source stop;
  line.scan.stop = stop.get_token();
  Result<Report> report = [&] {
    const bool show = !line.quiet && IsTerminal(STDERR_FILENO);
    ScanMonitor monitor(show, stop);
    line.scan.progress = show ? &monitor.progress() : nullptr;
    auto scanned = Scan(line.scan);
    line.scan.progress = nullptr;
    return scanned;
  }();
  return Deliver(line, report);
}

int RunAccelerators(CommandLine& line) {
  if (Status status = FinishCommandLine(line, false); !status.ok()) {
    Complain(status.error().message);
    return kExitError;
  }
  return Deliver(line, ScanAccelerators(line.scan));
}

}  // namespace weighbridge
