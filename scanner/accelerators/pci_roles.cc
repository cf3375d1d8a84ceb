#include "scanner/accelerators/pci_roles.h"

#include <algorithm>
#include <array>

#include "scanner/base/text.h"

namespace weighbridge {
namespace {

// Which functions of a vendor count.
enum class Rule {
  kDisplay,      // classes 03xx, 0b40 and 12xx: makers of graphics that is also compute
  kAny,          // makes accelerators only: all but bridges, audio, network and the like
  kListed,       // class 12xx, and `ids`
  kDisplayOnly,  // 03xx and 12xx; its 0b40 functions are compression and load balancing
};

struct Vendor {
  std::string_view id;
  Rule rule;
  std::string_view ids;    // device ids that count in any class
  std::string_view never;  // device ids that never count
};

constexpr std::array<Vendor, 39> kVendors{{
    {"10de", Rule::kDisplay, "", ""},
    // ES1000, RV100 and Rage XL draw the console of a server's management controller.
    {"1002", Rule::kDisplay, "", "515e 5159 4752"},
    {"8086", Rule::kDisplayOnly, "", ""},
    {"1d94", Rule::kDisplay, "", ""},
    {"1ed5", Rule::kDisplay, "", ""},
    {"9999", Rule::kDisplay, "", ""},
    {"1da3", Rule::kAny, "", ""},
    // Class 1200 holds the ZIP engine of Kunpeng processors as well, 0300 the iBMC's VGA.
    {"19e5", Rule::kListed, "d100 d105 d107 d500 d801 d802 d803 d804", "a250 a251"},
    {"cabc", Rule::kAny, "", ""},
    {"1e3e", Rule::kAny, "", ""},
    {"1e36", Rule::kAny, "", ""},
    {"1d22", Rule::kAny, "", ""},
    {"1ec6", Rule::kAny, "", ""},
    {"1e30", Rule::kAny, "", ""},
    {"1f1c", Rule::kAny, "", ""},
    {"1ae0", Rule::kListed, "0027 005e 0056 0063 0062 006f 0076 007c 0083 abcd", ""},
    {"1ac1", Rule::kListed, "089a", ""},
    {"1d0f", Rule::kListed, "7064 7164 7264 7364 7564 7565", ""},
    {"1e52", Rule::kAny, "", ""},
    {"17cb", Rule::kListed, "a080 a100 a110", ""},
    {"1de0", Rule::kAny, "", ""},
    {"1e0d", Rule::kAny, "", ""},
    {"1d95", Rule::kAny, "", ""},
    {"1ed2", Rule::kAny, "", ""},
    {"1eff", Rule::kAny, "", ""},
    {"1f82", Rule::kAny, "", ""},
    {"1e60", Rule::kAny, "", ""},
    {"1e67", Rule::kAny, "", ""},
    {"1f9d", Rule::kAny, "", ""},
    // Hyper-V's own display functions: which GPU is behind them is not shown.
    {"1414", Rule::kListed, "", "008e 5353 00a8"},
    {"1dd8", Rule::kListed, "", "*"},  // Pensando: network and storage
    {"1a03", Rule::kListed, "", "*"},  // ASPEED
    {"102b", Rule::kListed, "", "*"},  // Matrox
    {"1af4", Rule::kListed, "", "*"},  // virtio
    {"15ad", Rule::kListed, "", "*"},  // VMware
    {"1b36", Rule::kListed, "", "*"},  // QXL
    {"1013", Rule::kListed, "", "*"},  // Cirrus
    {"1234", Rule::kListed, "", "*"},  // Bochs
    {"80ee", Rule::kListed, "", "*"},  // VirtualBox
}};

struct ClassWords {
  std::string_view words;
  std::string_view code;
};

constexpr std::array<ClassWords, 6> kClassWords{{{"VGA compatible controller", "0300"},
                                                 {"3D controller", "0302"},
                                                 {"Display controller", "0380"},
                                                 {"Co-processor", "0b40"},
                                                 {"Processing accelerators", "1200"},
                                                 {"Communication controller", "0780"}}};

// Vendors of the rule kDisplay as pci.ids words them.
constexpr std::array<std::string_view, 6> kDisplayMakers{
    "NVIDIA", "Advanced Micro Devices", "Intel Corporation", "Moore Threads",
    "MetaX",  "Chengdu Haiguang"};

bool Lists(std::string_view list, std::string_view id) {
  return list == "*" || (!id.empty() && list.find(id) != list.npos);
}

bool IsDisplay(std::string_view code) { return code.starts_with("03"); }
bool IsAccelerator(std::string_view code) { return code.starts_with("12"); }

// Base classes of parts that sit beside an accelerator on its card.
bool IsCompanion(std::string_view code) {
  constexpr std::array<std::string_view, 6> kBases{"01", "02", "04", "06", "0c", "10"};
  return std::any_of(kBases.begin(), kBases.end(),
                     [&](std::string_view base) { return code.starts_with(base); });
}

bool Counts(const Vendor& vendor, const PciIds& ids) {
  const std::string_view code = ids.class_code;
  if (Lists(vendor.never, ids.device)) return false;
  if (Lists(vendor.ids, ids.device)) return !IsCompanion(code);
  if (IsAccelerator(code)) return true;
  switch (vendor.rule) {
    case Rule::kDisplay: return IsDisplay(code) || code.starts_with("0b40");
    case Rule::kDisplayOnly: return IsDisplay(code);
    case Rule::kAny: return !IsCompanion(code);
    case Rule::kListed: return false;
  }
  return false;
}

}  // namespace

PciRole RoleOf(const PciIds& ids) {
  const std::string_view code = ids.class_code;
  if (ids.vendor == "10de" && code.starts_with("0680")) return PciRole::kFabric;
  for (const Vendor& vendor : kVendors) {
    if (vendor.id != ids.vendor) continue;
    return Counts(vendor, ids) ? PciRole::kAccelerator : PciRole::kNone;
  }
  const bool unknown_accelerator =
      IsAccelerator(code) || code.starts_with("0302") || code.starts_with("0b40");
  return unknown_accelerator ? PciRole::kAccelerator : PciRole::kNone;
}

std::string ClassOfWords(std::string_view class_words) {
  for (const ClassWords& row : kClassWords) {
    if (Trim(class_words) == row.words) return std::string(row.code);
  }
  return {};
}

PciRole RoleOfWords(std::string_view class_words, std::string_view product_words) {
  const std::string code = ClassOfWords(class_words);
  if (code == "1200") {
    const bool zip = product_words.find("ZIP Engine") != product_words.npos;
    return zip ? PciRole::kNone : PciRole::kAccelerator;
  }
  if (!IsDisplay(code)) return PciRole::kNone;
  const bool maker =
      std::any_of(kDisplayMakers.begin(), kDisplayMakers.end(),
                  [&](std::string_view name) { return product_words.starts_with(name); });
  const bool console = product_words.find("ES1000") != product_words.npos ||
                       product_words.find("Rage XL") != product_words.npos;
  return maker && !console ? PciRole::kAccelerator : PciRole::kNone;
}

}  // namespace weighbridge
