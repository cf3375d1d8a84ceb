// /sys/class/kfd/kfd/topology: AMD's compute driver. A package in a partition mode is
// several nodes of one unique_id, each with a function number of its own that is no PCI
// function; they are one Device here, at the lowest of their addresses.
// Linux drivers/gpu/drm/amd/amdkfd/kfd_topology.c.
#include <cstdio>
#include <map>
#include <string>
#include <vector>

#include "scanner/accelerators/host_scan.h"
#include "scanner/accelerators/values.h"
#include "scanner/base/checked_math.h"
#include "scanner/base/text.h"

namespace weighbridge {
namespace {

using Properties = std::map<std::string, std::string>;

std::uint64_t Number(const Properties& properties, const char* key) {
  const auto found = properties.find(key);
  return found == properties.end() ? 0 : ParseUint(found->second).value_or(0);
}

std::string HexText(const char* format, std::uint64_t value) {
  char text[32];
  std::snprintf(text, sizeof text, format, static_cast<unsigned long long>(value));
  return text;
}

// location_id is bus, device and function; a partition's number may be in its top bits.
std::string Address(const Properties& properties) {
  const std::uint64_t place = Number(properties, "location_id") & 0xFFFF;
  if (properties.count("location_id") == 0 || place == 0) return {};
  const std::uint64_t domain = Number(properties, "domain");
  if (domain > 0xFFFFFFFF) return {};
  return HexText("%04llx:", domain) + HexText("%02llx:", place >> 8) +
         HexText("%02llx.", place >> 3 & 0x1F) + HexText("%llx", place & 7);
}

std::uint64_t LocalMemory(const HostScan& scan, const std::string& node) {
  std::uint64_t sum = 0;
  for (const std::string& bank : scan.Names(node + "/mem_banks")) {
    const Properties properties =
        KeyValues(scan.Text(node + "/mem_banks/" + bank + "/properties"), ' ');
    const std::uint64_t heap = Number(properties, "heap_type");
    if (heap != 1 && heap != 2) continue;  // frame buffer, visible or not
    if (!CheckedAdd(sum, Number(properties, "size_in_bytes"), &sum)) return 0;
  }
  return sum;
}

struct Package {
  Device device;
  std::uint64_t nodes = 0;
  std::uint64_t compute_units = 0;
};

void AddNode(const HostScan& scan, const std::string& node, const Properties& properties,
             Package& package) {
  Device& device = package.device;
  if (package.nodes++ == 0) {
    device = scan.NewDevice(node, "sysfs-kfd");
    device.address = Address(properties);
    if (Number(properties, "vendor_id") <= 0xFFFF)
      device.pci.vendor = PciId(HexText("%04llx", Number(properties, "vendor_id")));
    if (Number(properties, "device_id") <= 0xFFFF)
      device.pci.device = PciId(HexText("%04llx", Number(properties, "device_id")));
    device.architecture = GfxArchitecture(Number(properties, "gfx_target_version"));
    if (const std::uint64_t id = Number(properties, "unique_id"); id != 0)
      device.uuid = HexText("%016llx", id);
    AddDeviceClaim(device, "kfd:name", scan.Value(node + "/name"));
  }
  if (const std::string address = Address(properties); address < device.address)
    device.address = address;
  const std::uint64_t memory = LocalMemory(scan, node);
  if (!CheckedAdd(device.memory_bytes, memory, &device.memory_bytes)) device.memory_bytes = 0;
  const std::uint64_t per_unit = Number(properties, "simd_per_cu");
  const std::uint64_t units = per_unit == 0 ? 0 : Number(properties, "simd_count") / per_unit;
  if (!CheckedAdd(package.compute_units, units, &package.compute_units)) package.compute_units = 0;
}

}  // namespace

void DetectKfd(const HostScan& scan, DeviceMerger& devices) {
  const std::string folder = "sys/class/kfd/kfd/topology/nodes";
  std::vector<std::string> order;
  std::map<std::string, Package> packages;
  for (const std::string& name : scan.Names(folder)) {
    const std::string node = folder + "/" + name;
    const Properties properties = KeyValues(scan.Text(node + "/properties"), ' ');
    if (Number(properties, "simd_count") == 0) continue;  // a processor
    const std::uint64_t id = Number(properties, "unique_id");
    const std::string address = Address(properties);
    // Two dies of one package may share the id; they lie on different buses.
    const std::string slot = address.substr(0, address.rfind('.'));
    const std::string key = id != 0            ? "id " + std::to_string(id) + " " + slot
                            : !address.empty() ? "at " + address
                                               : "node " + name;
    if (packages.count(key) == 0) order.push_back(key);
    AddNode(scan, node, properties, packages[key]);
  }
  for (const std::string& key : order) {
    Package& package = packages[key];
    if (package.nodes > 1)
      AddDeviceClaim(package.device, "kfd:partitions", std::to_string(package.nodes));
    if (package.compute_units != 0)
      AddDeviceClaim(package.device, "kfd:compute-units", std::to_string(package.compute_units));
    devices.Add(std::move(package.device));
  }
}

}  // namespace weighbridge
