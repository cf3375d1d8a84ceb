// /proc/device-tree: Jetson modules, whose GPU is no PCI function up to Orin. The GPU is
// named by the system on a chip (Linux Documentation/devicetree/bindings/arm/tegra.yaml).
#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "scanner/accelerators/host_scan.h"
#include "scanner/accelerators/values.h"
#include "scanner/base/text.h"

namespace weighbridge {
namespace {

struct Soc {
  std::string_view compatible;
  std::string_view architecture;
  std::string_view pci_device;  // of the GPU where it is a PCI function too
};

constexpr std::array<Soc, 6> kSocs{{{"nvidia,tegra124", "sm_32", ""},
                                    {"nvidia,tegra210", "sm_53", ""},
                                    {"nvidia,tegra186", "sm_62", ""},
                                    {"nvidia,tegra194", "sm_72", ""},
                                    {"nvidia,tegra234", "sm_87", ""},
                                    {"nvidia,tegra264", "sm_110", "2b00"}}};

}  // namespace

void DetectDeviceTree(const HostScan& scan, DeviceMerger& devices) {
  std::string folder = "proc/device-tree";
  std::string compatible = scan.Text(folder + "/compatible");
  if (compatible.empty()) {
    folder = "sys/firmware/devicetree/base";
    compatible = scan.Text(folder + "/compatible");
  }
  const std::vector<std::string> names = Split(compatible, '\0');
  for (const Soc& soc : kSocs) {
    if (std::find(names.begin(), names.end(), soc.compatible) == names.end()) continue;
    Device device = scan.NewDevice(folder, "device-tree");
    device.vendor = "NVIDIA";
    device.product = scan.Value(folder + "/model");
    device.architecture = soc.architecture;
    device.serial = scan.Value(folder + "/serial-number");
    for (const std::string& name : names) AddDeviceClaim(device, "device-tree:compatible", name);
    if (!soc.pci_device.empty()) {
      for (const Device& seen : devices.devices()) {
        if (seen.pci.vendor == "10de" && seen.pci.device == soc.pci_device)
          device.address = seen.address;
      }
    }
    devices.Add(std::move(device));
    return;
  }
}

}  // namespace weighbridge
