// What the detectors of a live system share: the tree, the reading of its small files, and
// the joining of what several of them say about one device.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "scanner/accelerators/host_inventory.h"
#include "scanner/source/sysroot.h"

namespace weighbridge {

inline constexpr std::size_t kMaxHostDevices = 100'000;
inline constexpr std::size_t kMaxHostDiagnostics = 1000;

struct HostScan {
  const Sysroot& root;
  std::vector<Diagnostic>& diagnostics;
  std::string host;

  // "" when the file is not there; when it cannot be read, a diagnostic as well.
  std::string Text(const std::string& path) const;
  std::string Value(const std::string& path) const;  // Stated() of it
  std::vector<std::string> Names(const std::string& folder) const;
  Location At(const std::string& path) const { return {root.Place(path), {}}; }
  void Report(Severity severity, ErrorCode code, const std::string& path,
              std::string message) const;
  Device NewDevice(const std::string& path, const char* seen_in) const;
};

// "key<separator>value" lines, keys and values trimmed; the first of a key counts.
std::map<std::string, std::string> KeyValues(std::string_view text, char separator);

// Joins records of one address: the first one's values stand, later ones fill what is
// empty, and what they contradict becomes a diagnostic of the device.
class DeviceMerger {
 public:
  void Add(Device device);
  bool HasAddress(const std::string& address) const { return by_address_.count(address) != 0; }
  bool HasVendor(std::string_view vendor_id) const;
  bool HasIds(const PciIds& ids) const;
  std::vector<Device>& devices() { return devices_; }
  // Two functions of AMD's with one unique id are two dies of one product (MI250): makes
  // them one device at the lower address, with the memory of both.
  void JoinDies();

 private:
  std::vector<Device> devices_;
  std::map<std::string, std::size_t> by_address_;
};

// One file each. They run in this order, the most telling first.
std::uint64_t DetectPci(const HostScan& scan, DeviceMerger& devices);  // returns fabric functions
void DetectNvidiaProc(const HostScan& scan, DeviceMerger& devices);
void DetectKfd(const HostScan& scan, DeviceMerger& devices);
void DetectClasses(const HostScan& scan, DeviceMerger& devices);
void DetectDeviceTree(const HostScan& scan, DeviceMerger& devices);
void DetectNodes(const HostScan& scan, DeviceMerger& devices);
std::vector<HostSoftware> ReadHostSoftware(const HostScan& scan, std::vector<Device>& devices);

}  // namespace weighbridge
