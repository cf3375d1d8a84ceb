#include "scanner/accelerators/host_inventory.h"

#include "scanner/accelerators/host_scan.h"
#include "scanner/accelerators/values.h"

namespace weighbridge {

HostInventory ReadHostAccelerators(const std::string& sysroot) {
  HostInventory inventory;
  const Result<Sysroot> root = Sysroot::Open(sysroot);
  if (!root.ok()) {
    inventory.diagnostics.push_back({Severity::kError,
                                     root.error().code,
                                     {sysroot, {}},
                                     root.error().message,
                                     DiagnosticKind::kNone});
    return inventory;
  }
  HostScan scan{root.value(), inventory.diagnostics, {}};
  if (!scan.root.Exists("sys") && !scan.root.Exists("proc") && !scan.root.Exists("dev")) {
    inventory.diagnostics.push_back({Severity::kError,
                                     ErrorCode::kNotFound,
                                     {sysroot, {}},
                                     "not a Linux tree: it has no sys, proc or dev",
                                     DiagnosticKind::kNone});
    return inventory;
  }
  scan.host = scan.Value("proc/sys/kernel/hostname");
  if (scan.host.empty()) scan.host = scan.Value("etc/hostname");

  DeviceMerger devices;
  inventory.fabric_functions = DetectPci(scan, devices);
  DetectNvidiaProc(scan, devices);
  DetectKfd(scan, devices);
  DetectClasses(scan, devices);
  DetectDeviceTree(scan, devices);
  DetectNodes(scan, devices);
  devices.JoinDies();
  inventory.devices = std::move(devices.devices());
  inventory.software = ReadHostSoftware(scan, inventory.devices);
  return inventory;
}

}  // namespace weighbridge
