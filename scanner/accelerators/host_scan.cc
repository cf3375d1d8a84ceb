#include "scanner/accelerators/host_scan.h"

#include <algorithm>

#include "scanner/accelerators/values.h"
#include "scanner/base/checked_math.h"
#include "scanner/base/text.h"

namespace weighbridge {
namespace {

// Fills `mine` from `theirs`, or says that they differ.
void JoinText(Device& device, const Device& other, std::string& mine, const std::string& theirs,
              const char* field) {
  if (theirs.empty() || ToLower(mine) == ToLower(theirs)) return;
  if (mine.empty()) {
    mine = theirs;
    return;
  }
  device.diagnostics.push_back({Severity::kWarning, ErrorCode::kMalformed, other.location,
                                std::string(field) + ": " + device.seen_in + " says " +
                                    Quote(mine) + ", " + other.seen_in + " says " + Quote(theirs),
                                DiagnosticKind::kNone});
}

// Two sources round memory differently, or leave out what the driver keeps.
void JoinMemory(Device& device, const Device& other) {
  if (other.memory_bytes == 0) return;
  if (device.memory_bytes == 0) {
    device.memory_bytes = other.memory_bytes;
    return;
  }
  const std::uint64_t high = std::max(device.memory_bytes, other.memory_bytes);
  const std::uint64_t low = std::min(device.memory_bytes, other.memory_bytes);
  if (high - low <= high / 10) return;
  device.diagnostics.push_back({Severity::kWarning, ErrorCode::kMalformed, other.location,
                                "memory: " + device.seen_in + " says " +
                                    std::to_string(device.memory_bytes) + " bytes, " +
                                    other.seen_in + " says " + std::to_string(other.memory_bytes),
                                DiagnosticKind::kNone});
}

void Join(Device& device, const Device& other) {
  JoinText(device, other, device.pci.vendor, other.pci.vendor, "PCI vendor");
  JoinText(device, other, device.pci.device, other.pci.device, "PCI device");
  JoinText(device, other, device.pci.subsystem_vendor, other.pci.subsystem_vendor,
           "PCI subsystem vendor");
  JoinText(device, other, device.pci.subsystem_device, other.pci.subsystem_device,
           "PCI subsystem device");
  JoinText(device, other, device.pci.class_code, other.pci.class_code, "PCI class");
  JoinText(device, other, device.vendor, other.vendor, "vendor");
  JoinText(device, other, device.product, other.product, "product");
  JoinText(device, other, device.architecture, other.architecture, "architecture");
  JoinText(device, other, device.driver, other.driver, "driver");
  JoinText(device, other, device.driver_version, other.driver_version, "driver version");
  JoinText(device, other, device.firmware, other.firmware, "firmware");
  JoinText(device, other, device.serial, other.serial, "serial number");
  JoinText(device, other, device.uuid, other.uuid, "identifier");
  JoinMemory(device, other);
  device.partitioned = device.partitioned || other.partitioned;
  AddDeviceClaim(device, "host:also-seen-in", other.seen_in);
  for (const Claim& claim : other.claims) AddDeviceClaim(device, claim.key, claim.value);
}

}  // namespace

void HostScan::Report(Severity severity, ErrorCode code, const std::string& path,
                      std::string message) const {
  if (diagnostics.size() >= kMaxHostDiagnostics) return;
  diagnostics.push_back({severity, code, At(path), std::move(message), DiagnosticKind::kNone});
}

std::string HostScan::Text(const std::string& path) const {
  Result<std::string> text = root.ReadText(path);
  if (text.ok()) return std::move(text).value();
  const Error& error = text.error();
  if (error.code != ErrorCode::kNotFound)
    Report(Severity::kWarning, error.code, path, error.message);
  return {};
}

std::string HostScan::Value(const std::string& path) const {
  const std::string text = Text(path);
  // Device tree strings end with NUL.
  return Stated(std::string_view(text).substr(0, text.find('\0')));
}

std::vector<std::string> HostScan::Names(const std::string& folder) const {
  bool more = false;
  Result<std::vector<std::string>> names = root.Entries(folder, &more);
  if (!names.ok()) {
    if (names.error().code != ErrorCode::kNotFound)
      Report(Severity::kWarning, names.error().code, folder, names.error().message);
    return {};
  }
  if (more) {
    Report(Severity::kWarning, ErrorCode::kLimitExceeded, folder,
           "more than " + std::to_string(Sysroot::kMaxEntries) + " entries; the rest not read");
  }
  return std::move(names).value();
}

Device HostScan::NewDevice(const std::string& path, const char* seen_in) const {
  Device device;
  device.location = At(path);
  device.seen_in = seen_in;
  device.host = host;
  return device;
}

std::map<std::string, std::string> KeyValues(std::string_view text, char separator) {
  std::map<std::string, std::string> values;
  for (const std::string& line : Split(text, '\n')) {
    const std::size_t at = line.find(separator);
    if (at == line.npos || values.size() >= 1000) continue;
    values.emplace(Clip(line.substr(0, at)), Clip(line.substr(at + 1)));
  }
  return values;
}

void DeviceMerger::Add(Device device) {
  if (device.address.empty()) {
    if (devices_.size() < kMaxHostDevices) devices_.push_back(std::move(device));
    return;
  }
  const auto known = by_address_.find(device.address);
  if (known != by_address_.end()) {
    Join(devices_[known->second], device);
    return;
  }
  if (devices_.size() >= kMaxHostDevices) return;
  by_address_.emplace(device.address, devices_.size());
  devices_.push_back(std::move(device));
}

void DeviceMerger::JoinDies() {
  std::map<std::string, std::size_t> by_id;
  std::vector<Device> kept;
  for (Device& device : devices_) {
    const bool amd = device.pci.vendor == "1002" && !device.uuid.empty();
    const auto [known, added] = by_id.emplace(amd ? device.uuid : std::string(), kept.size());
    if (!amd || added) {
      kept.push_back(std::move(device));
      continue;
    }
    Device& package = kept[known->second];
    AddDeviceClaim(package, "host:further-function", device.address);
    if (!CheckedAdd(package.memory_bytes, device.memory_bytes, &package.memory_bytes))
      package.memory_bytes = 0;
    if (device.address < package.address) package.address = device.address;
  }
  devices_ = std::move(kept);
  by_address_.clear();
}

bool DeviceMerger::HasVendor(std::string_view vendor_id) const {
  return std::any_of(devices_.begin(), devices_.end(),
                     [&](const Device& device) { return device.pci.vendor == vendor_id; });
}

bool DeviceMerger::HasIds(const PciIds& ids) const {
  return std::any_of(devices_.begin(), devices_.end(), [&](const Device& device) {
    return device.pci.vendor == ids.vendor && device.pci.device == ids.device;
  });
}

}  // namespace weighbridge
