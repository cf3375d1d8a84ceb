// What a host, or a captured inventory of one, shows of accelerators.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "weighbridge/device.h"
#include "weighbridge/diagnostic.h"

namespace weighbridge {

struct HostInventory {
  std::vector<Device> devices;
  std::vector<HostSoftware> software;
  std::vector<Diagnostic> diagnostics;
  std::uint64_t fabric_functions = 0;  // NVSwitch and the like: never devices
};

// A host's devices and drivers from the tree below `sysroot` ("/" for this machine),
// without vendor tools, root or opening a device. Never fails: what could not be read is
// in `diagnostics`. Physical functions only; one Device per address.
HostInventory ReadHostAccelerators(const std::string& sysroot);

}  // namespace weighbridge
