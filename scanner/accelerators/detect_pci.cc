// /sys/bus/pci/devices: every vendor, without its driver.
#include <string>

#include "scanner/accelerators/host_scan.h"
#include "scanner/accelerators/pci_function.h"
#include "scanner/accelerators/pci_roles.h"
#include "scanner/accelerators/values.h"
#include "scanner/base/text.h"

namespace weighbridge {

std::uint64_t DetectPci(const HostScan& scan, DeviceMerger& devices) {
  const std::string folder = "sys/bus/pci/devices";
  std::uint64_t fabric = 0;
  for (const std::string& name : scan.Names(folder)) {
    const std::string path = folder + "/" + name;
    if (PciAddress(name).empty()) {
      scan.Report(Severity::kWarning, ErrorCode::kMalformed, path, "not a PCI address");
      continue;
    }
    if (const auto real = scan.root.RealPath(path); !real.ok()) {
      scan.Report(Severity::kWarning, real.error().code, path,
                  "PCI function not readable: " + real.error().message);
      continue;
    }
    PciFunction function = ReadPciFunction(scan, path, name, "sysfs-pci");
    Device& device = function.device;
    if (device.pci.vendor.empty()) {
      scan.Report(Severity::kWarning, ErrorCode::kMalformed, path,
                  "PCI function without a vendor id");
      continue;
    }
    const PciRole role = RoleOf(device.pci);
    if (role == PciRole::kFabric && !function.is_virtual) ++fabric;
    if (role != PciRole::kAccelerator || function.is_virtual) continue;
    // The graphics of Intel processors always sit here; whether it is one, the ids say.
    if (device.pci.vendor == "8086" && device.address == "0000:00:02.0")
      AddDeviceClaim(device, "host:position", "slot of integrated graphics");
    devices.Add(std::move(device));
  }
  return fabric;
}

}  // namespace weighbridge
