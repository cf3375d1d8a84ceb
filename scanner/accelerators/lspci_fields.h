// What the three outputs of lspci have in common.
#pragma once

#include <string>
#include <string_view>

#include "scanner/accelerators/inventory_sink.h"
#include "weighbridge/device.h"

namespace weighbridge {

// One function as lspci names it; fields hold words, ids or both: "NVIDIA Corporation
// [10de]", "10de", "NVIDIA Corporation".
struct LspciFunction {
  std::string_view slot;
  std::string_view class_field;
  std::string_view vendor;
  std::string_view device;
  std::string_view subsystem_vendor;
  std::string_view subsystem_device;
  std::string_view revision;
  std::string_view interface;
  std::string_view driver;
};

bool IsSlot(std::string_view text);

// Adds the function when it is an accelerator and not a virtual function by its name.
void AddLspciFunction(const LspciFunction& function, const char* seen_in, InventorySink& sink);

}  // namespace weighbridge
