// One PCI function as sysfs shows it: a folder of one-line files
// (Documentation/ABI/testing/sysfs-bus-pci of Linux), with what amdgpu and habanalabs add.
#pragma once

#include <string>

#include "scanner/accelerators/host_scan.h"

namespace weighbridge {

struct PciFunction {
  Device device;
  bool is_virtual = false;  // an SR-IOV virtual function: a share of a physical one
};

// `folder` is the function's own or a link to it; `name` the address where it is known.
PciFunction ReadPciFunction(const HostScan& scan, const std::string& folder,
                            const std::string& name, const char* seen_in);

}  // namespace weighbridge
