#include "scanner/accelerators/pci_function.h"

#include "scanner/accelerators/values.h"
#include "scanner/base/text.h"

namespace weighbridge {
namespace {

std::string LastName(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == path.npos ? path : path.substr(slash + 1);
}

// "10DE:2330" of uevent.
void SplitIds(const std::string& text, std::string& first, std::string& second) {
  const std::size_t colon = text.find(':');
  if (colon == text.npos) return;
  if (first.empty()) first = PciId(text.substr(0, colon));
  if (second.empty()) second = PciId(text.substr(colon + 1));
}

// uevent repeats what the other files say; a collected tree may hold it alone.
void FillFromUevent(Device& device, const std::map<std::string, std::string>& uevent) {
  const auto value = [&](const char* key) {
    const auto found = uevent.find(key);
    return found == uevent.end() ? std::string() : found->second;
  };
  SplitIds(value("PCI_ID"), device.pci.vendor, device.pci.device);
  SplitIds(value("PCI_SUBSYS_ID"), device.pci.subsystem_vendor, device.pci.subsystem_device);
  if (device.address.empty()) device.address = PciAddress(value("PCI_SLOT_NAME"));
  if (device.driver.empty()) device.driver = Clip(value("DRIVER"));
  if (device.pci.class_code.empty()) {
    std::string code = value("PCI_CLASS");  // without leading zeros: "30200"
    if (code.size() == 5) code.insert(0, 1, '0');
    device.pci.class_code = PciClass(code);
  }
}

void FillFromAmdgpu(Device& device, const HostScan& scan, const std::string& folder) {
  device.product = scan.Value(folder + "/product_name");
  device.memory_bytes = MemoryBytes(scan.Value(folder + "/mem_info_vram_total"));
  device.firmware = scan.Value(folder + "/vbios_version");
  device.serial = scan.Value(folder + "/serial_number");
  device.uuid = scan.Value(folder + "/unique_id");
  AddDeviceClaim(device, "amdgpu:product-number", scan.Value(folder + "/product_number"));
  AddDeviceClaim(device, "amdgpu:compute-partition",
                 scan.Value(folder + "/current_compute_partition"));
  AddDeviceClaim(device, "amdgpu:memory-partition",
                 scan.Value(folder + "/current_memory_partition"));
}

}  // namespace

PciFunction ReadPciFunction(const HostScan& scan, const std::string& folder,
                            const std::string& name, const char* seen_in) {
  PciFunction function;
  Device& device = function.device;
  device = scan.NewDevice(folder, seen_in);
  device.address = PciAddress(name);
  const auto real = scan.root.RealPath(folder);
  if (device.address.empty() && real.ok()) device.address = PciAddress(LastName(real.value()));
  device.pci.vendor = PciId(scan.Value(folder + "/vendor"));
  device.pci.device = PciId(scan.Value(folder + "/device"));
  device.pci.subsystem_vendor = PciId(scan.Value(folder + "/subsystem_vendor"));
  device.pci.subsystem_device = PciId(scan.Value(folder + "/subsystem_device"));
  device.pci.class_code = PciClass(scan.Value(folder + "/class"));
  // In a collected tree the driver may be a folder in place of a link; uevent names it then.
  const auto driver = scan.root.RealPath(folder + "/driver");
  if (driver.ok() && LastName(driver.value()) != "driver")
    device.driver = Clip(LastName(driver.value()));
  FillFromUevent(device, KeyValues(scan.Text(folder + "/uevent"), '='));
  AddDeviceClaim(device, "pci:revision", scan.Value(folder + "/revision"));
  function.is_virtual = scan.root.Exists(folder + "/physfn");
  if (device.driver == "amdgpu" || device.pci.vendor == "1002")
    FillFromAmdgpu(device, scan, folder);
  return function;
}

}  // namespace weighbridge
