// /dev: the names of device nodes, where nothing else showed the device. A node is a hint:
// it tells the maker by the driver that made it, never the product.
#include <array>
#include <string>
#include <string_view>

#include "scanner/accelerators/host_scan.h"
#include "scanner/accelerators/values.h"

namespace weighbridge {
namespace {

struct NodeFamily {
  std::string_view folder;
  std::string_view prefix;
  std::string_view vendor;
  std::string_view vendor_id;
  std::string_view driver;
};

constexpr std::array<NodeFamily, 7> kFamilies{{
    {"dev", "davinci", "Huawei", "19e5", ""},
    {"dev", "neuron", "AWS", "1d0f", "neuron"},
    {"dev", "hl", "Habana", "1da3", "habanalabs"},
    {"dev", "cambricon_dev", "Cambricon", "cabc", ""},
    {"dev", "xpu", "Kunlunxin", "1d22", ""},
    {"dev/tenstorrent", "", "Tenstorrent", "1e52", "tenstorrent"},
    {"dev", "nvidia", "NVIDIA", "10de", "nvidia"},
}};

bool HasVendorName(DeviceMerger& devices, std::string_view vendor) {
  for (const Device& device : devices.devices()) {
    if (device.vendor == vendor) return true;
  }
  return false;
}

void AddHint(const HostScan& scan, const NodeFamily& family, std::uint64_t count,
             const std::string& first, DeviceMerger& devices) {
  Device device = scan.NewDevice(first, "device-node");
  device.vendor = family.vendor;
  device.driver = family.driver;
  device.count = count;
  device.partitioned = true;  // a node may stand for a share of a device
  AddDeviceClaim(device, "node:name", "/" + first);
  device.diagnostics.push_back({Severity::kNote, ErrorCode::kUnsupported, device.location,
                                "known by its device node alone: the product is not shown",
                                DiagnosticKind::kNone});
  devices.Add(std::move(device));
}

}  // namespace

void DetectNodes(const HostScan& scan, DeviceMerger& devices) {
  for (const NodeFamily& family : kFamilies) {
    if (devices.HasVendor(family.vendor_id) || HasVendorName(devices, family.vendor)) continue;
    std::uint64_t count = 0;
    std::string first;
    const std::string folder(family.folder);
    for (const std::string& name : scan.Names(folder)) {
      if (!IsNumbered(name, family.prefix)) continue;
      if (count++ == 0) first = folder + "/" + name;
    }
    if (count != 0) AddHint(scan, family, count, first, devices);
  }
  if (!scan.root.Exists("dev/dxg")) return;
  AddHint(scan, {"dev", "dxg", "", "", "dxgkrnl"}, 1, "dev/dxg", devices);
}

}  // namespace weighbridge
