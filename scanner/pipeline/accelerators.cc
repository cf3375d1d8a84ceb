// The accelerators of a host or of captured inventories, without a scan for models.
#include <algorithm>

#include "rules/rule_set.h"
#include "scanner/base/text.h"
#include "scanner/pipeline/accelerator_stage.h"
#include "scanner/pipeline/settle.h"
#include "scanner/pipeline/setup.h"
#include "scanner/source/sysroot.h"

namespace weighbridge {

Result<Report> ScanAccelerators(const ScanOptions& options) {
  auto setup = Prepare(options);
  if (!setup.ok()) return std::move(setup).error();
  std::vector<SeenInventory> seen;
  for (const std::string& name : options.inventories) {
    auto inventory = ReadInventoryFile(name);
    if (!inventory.ok()) return std::move(inventory).error();
    seen.push_back({std::move(inventory).value(), false});
  }
  // This host is meant when nothing else is named.
  const bool own = options.inventories.empty() && options.sysroot.empty();
  if (own || !options.sysroot.empty()) {
    const std::string root = own ? "/" : options.sysroot;
    auto opened = Sysroot::Open(root);
    if (!opened.ok()) {
      return Error{opened.error().code, Printable(root) + ": " + opened.error().message};
    }
    const Sysroot& tree = opened.value();
    if (!tree.Exists("sys") && !tree.Exists("proc") && !tree.Exists("dev")) {
      return Error{ErrorCode::kInvalidArgument,
                   Printable(root) + ": not a Linux tree: it has no sys, proc or dev"};
    }
    seen.push_back({ReadHostAccelerators(root), true});
  }
  Report report;
  Describe(options, setup.value(), report);
  report.models_sought = false;
  report.hash_mode = "none";
  report.targets = options.inventories;
  if (own) report.targets.push_back("this host");
  if (!options.sysroot.empty()) report.targets.push_back(options.sysroot);

  AddAccelerators(std::move(seen), *setup.value().catalog, options.with_serials, report);
  // Every device has its products of the catalogue and their classification, or none.

  EvaluateAccelerators(setup.value(), report);
  ApplyPolicy(setup.value().policy, report.as_of, report.findings);
  // Every rule about accelerators that applies on the day has spoken.

  std::vector<Diagnostic> none;
  CollectDiagnostics(none, {}, report);
  Settle(true, report);
  const auto failed = std::count_if(
      report.diagnostics.begin(), report.diagnostics.end(),
      [](const Diagnostic& diagnostic) { return diagnostic.severity == Severity::kError; });
  if (failed != 0) {
    report.complete = false;
    report.incomplete_reason = std::to_string(failed) + " could not be read";
  }
  return report;
}

}  // namespace weighbridge
