// What a PCI function is, from its ids and class alone: accelerator, fabric between
// accelerators, or neither. Class codes are of the PCI Code and ID Assignment Specification;
// which vendor uses which is from public drivers and captured lspci output.
#pragma once

#include <string>
#include <string_view>

#include "weighbridge/device.h"

namespace weighbridge {

enum class PciRole {
  kNone,
  kAccelerator,  // known vendor and class, or a class that only accelerators have
  kFabric,       // NVSwitch: joins accelerators, is none
};

// With ids.class_code "" only ids that are accelerators in every known case count.
PciRole RoleOf(const PciIds& ids);

// The same from words, for a source that prints no ids: "3D controller", "NVIDIA
// Corporation GH100 [H100 SXM5 80GB]".
PciRole RoleOfWords(std::string_view class_words, std::string_view product_words);

// "0302" for "3D controller", as pci.ids words it; "" for classes that no accelerator has.
std::string ClassOfWords(std::string_view class_words);

}  // namespace weighbridge
