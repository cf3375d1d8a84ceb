// /sys/class/{drm,accel,tenstorrent,habanalabs}: devices by what their drivers registered.
#include <array>
#include <string>
#include <string_view>

#include "scanner/accelerators/host_scan.h"
#include "scanner/accelerators/pci_function.h"
#include "scanner/accelerators/pci_roles.h"
#include "scanner/accelerators/values.h"
#include "scanner/base/text.h"

namespace weighbridge {
namespace {

struct DeviceClass {
  std::string_view folder;
  std::string_view prefix;  // of entries, followed by a number only
  const char* seen_in;
  bool accelerators_only;  // whatever registers here is one
};

constexpr std::array<DeviceClass, 4> kClasses{{
    {"sys/class/drm", "card", "sysfs-drm", false},
    {"sys/class/accel", "accel", "sysfs-accel", true},
    {"sys/class/habanalabs", "hl", "sysfs-habanalabs", true},
    {"sys/class/tenstorrent", "tenstorrent!", "sysfs-tenstorrent", true},
}};

// Attributes of the class device itself or, in some kernels, of the PCI function.
std::string Attribute(const HostScan& scan, const std::string& entry, const char* name) {
  const std::string value = scan.Value(entry + "/" + name);
  return value.empty() ? scan.Value(entry + "/device/" + name) : value;
}

void FillFromDriver(const HostScan& scan, const std::string& entry, const DeviceClass& kind,
                    Device& device) {
  if (kind.prefix == "tenstorrent!") {
    device.product = Attribute(scan, entry, "tt_card_type");
    device.serial = Attribute(scan, entry, "tt_serial");
    device.firmware = Attribute(scan, entry, "tt_fw_bundle_ver");
  } else if (kind.accelerators_only) {
    if (device.address.empty()) device.address = PciAddress(Attribute(scan, entry, "pci_addr"));
    AddDeviceClaim(device, "habanalabs:module-id", Attribute(scan, entry, "module_id"));
    AddDeviceClaim(device, "habanalabs:device-type", Attribute(scan, entry, "device_type"));
    if (device.firmware.empty()) device.firmware = Attribute(scan, entry, "fw_os_ver");
  }
}

// An accelerator of a system on a chip is no PCI function; the device tree names it.
bool IsPlatformDevice(const HostScan& scan, const std::string& entry, Device& device) {
  if (!device.pci.vendor.empty() || !device.address.empty()) return false;
  const auto uevent = KeyValues(scan.Text(entry + "/device/uevent"), '=');
  const auto name = uevent.find("OF_COMPATIBLE_0");
  if (name == uevent.end()) return false;
  device.product = name->second;
  return true;
}

void ReadEntry(const HostScan& scan, const DeviceClass& kind, const std::string& entry,
               DeviceMerger& devices) {
  PciFunction function = ReadPciFunction(scan, entry + "/device", "", kind.seen_in);
  Device& device = function.device;
  if (function.is_virtual) return;
  FillFromDriver(scan, entry, kind, device);
  const bool known = !device.address.empty() && devices.HasAddress(device.address);
  if (!known) {
    const bool accelerator = RoleOf(device.pci) == PciRole::kAccelerator ||
                             (kind.accelerators_only && !device.address.empty()) ||
                             (kind.accelerators_only && IsPlatformDevice(scan, entry, device));
    if (!accelerator) return;
    // Without an address it cannot be told from the function that PCI showed.
    if (device.address.empty() && !device.pci.vendor.empty() && devices.HasIds(device.pci)) return;
  }
  devices.Add(std::move(device));
}

}  // namespace

void DetectClasses(const HostScan& scan, DeviceMerger& devices) {
  for (const DeviceClass& kind : kClasses) {
    const std::string folder(kind.folder);
    for (const std::string& name : scan.Names(folder)) {
      if (IsNumbered(name, kind.prefix)) ReadEntry(scan, kind, folder + "/" + name, devices);
    }
  }
}

}  // namespace weighbridge
