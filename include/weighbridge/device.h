// Device: one accelerator that a host, an inventory or an image shows. What it says is
// what was read there; `products` and `classification` are concluded from the catalogue.
// An inventory is somebody's record of a host: its devices are claimed, those of a live
// system are observed.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "weighbridge/artifact.h"
#include "weighbridge/diagnostic.h"
#include "weighbridge/location.h"

namespace weighbridge {

// PCI ids are four lower-case hexadecimal digits, "" when the source has none.
struct PciIds {
  std::string vendor;
  std::string device;
  std::string subsystem_vendor;
  std::string subsystem_device;
  // Base class and subclass, and the interface where the source states it: "030200", "0302".
  std::string class_code;
  friend bool operator==(const PciIds&, const PciIds&) = default;
};

struct Device {
  Location location;    // of what showed it: a sysfs folder, an inventory file
  std::string seen_in;  // "sysfs-pci", "sysfs-kfd", "nvidia-proc", "device-tree", "lspci", ...
  std::string host;     // host or node, where the source names one
  std::string address;  // PCI "0000:17:00.0": domain of four or more digits, "" when unknown
  PciIds pci;
  std::string vendor;              // as the source states it, "" when it does not
  std::string product;             // likewise: "NVIDIA H100 80GB HBM3", "910B1"
  std::string architecture;        // "sm_90", "gfx942", "" unknown
  std::uint64_t memory_bytes = 0;  // 0 unknown
  std::uint64_t count = 1;         // physical products, where a source gives only their number
  bool partitioned = false;        // the source counts slices (MIG, CPX): count may be too high
  std::string driver;              // kernel driver: "nvidia", "amdgpu"
  std::string driver_version;
  std::string firmware;  // of the board: VBIOS and the like
  std::string serial;
  std::string uuid;           // or what the maker has in its place: AMD's unique id
  std::vector<Claim> claims;  // what else tells it: "kfd:name", "label:nvidia.com/gpu.family"
  std::vector<Diagnostic> diagnostics;

  // Set by the match stage: ids of catalogue rows. One: identified. Several: the ids are
  // shared. None: an accelerator that the catalogue does not know.
  std::vector<std::string> products;
  std::string match_basis;  // "pci-subsystem", "pci-device", "name", "" none
};

// A kernel driver or a firmware of a host.
struct HostSoftware {
  Location location;
  std::string kind;  // "device-driver", "firmware"
  std::string name;  // "NVIDIA kernel module"
  std::string version;
  std::string host;
  friend bool operator==(const HostSoftware&, const HostSoftware&) = default;
};

}  // namespace weighbridge
