// Values of amd-smi static for one GPU, by "section.key" in lower case, whichever output
// they came from.
#pragma once

#include <map>
#include <string>

#include "scanner/accelerators/inventory_sink.h"

namespace weighbridge {

using AmdValues = std::map<std::string, std::string>;

void AddAmdGpu(const AmdValues& values, InventorySink& sink);

}  // namespace weighbridge
