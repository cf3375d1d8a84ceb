#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <vector>

#include "scanner/accelerators/inventory_parsers.h"
#include "scanner/accelerators/values.h"
#include "scanner/base/checked_math.h"
#include "scanner/base/text.h"

namespace weighbridge {
namespace {

// Names change in case from release to release, and now and then in wording.
using Values = std::map<std::string, std::string>;

std::string First(const Values& values, std::initializer_list<const char*> names) {
  for (const char* name : names) {
    const auto found = values.find(name);
    if (found == values.end()) continue;
    if (std::string value = Stated(found->second); !value.empty()) return value;
  }
  return {};
}

Values LowerNames(const Json& object) {
  Values values;
  if (!object.is_object()) return values;
  for (const auto& [name, value] : object.items()) {
    if (values.size() >= 1000) break;
    // "Card model" is the subsystem's id, "Card Model" of later releases the device's.
    if (name == "Card Model" && value.is_string())
      values.emplace("card device model", Clip(value.get_ref<const std::string&>()));
    if (value.is_string())
      values.emplace(ToLower(Clip(name)), Clip(value.get_ref<const std::string&>()));
    if (value.is_number()) values.emplace(ToLower(Clip(name)), Clip(Dump(value)));
  }
  return values;
}

// "0x74a1" where a model is asked for is a device id; anything else is words.
bool IsHexId(const std::string& text) { return text.starts_with("0x") && !PciId(text).empty(); }

std::string Product(const Values& values) {
  for (const char* name : {"card series", "device name", "card model", "product name"}) {
    const std::string value = First(values, {name});
    if (!value.empty() && !IsHexId(value)) return value;
  }
  return {};
}

void SetPci(Device& device, const Values& values) {
  std::string subsystem = First(values, {"subsystem id"});
  // "GPU ID" is the device id of older releases.
  std::string id = First(values, {"device id", "gpu id", "card device model"});
  if (subsystem.empty() && values.count("card device model") == 0)
    subsystem = First(values, {"card model"});
  if (IsHexId(id)) device.pci.device = PciId(id);
  // Hygon's copy of the tool prints the same names: only what says AMD is AMD.
  const std::string maker = device.vendor + " " + device.product;
  const bool amd = maker.find("AMD") != maker.npos ||
                   maker.find("Advanced Micro Devices") != maker.npos ||
                   maker.find("Instinct") != maker.npos || maker.find("Radeon") != maker.npos;
  if (amd && !device.pci.device.empty()) device.pci.vendor = "1002";
  if (IsHexId(subsystem)) device.pci.subsystem_device = PciId(subsystem);
}

bool SaysSecondaryDie(const Values& values) {
  return std::any_of(values.begin(), values.end(), [](const auto& value) {
    return value.second.find("(Secondary die)") != std::string::npos;
  });
}

void JoinCard(Device& package, const Values& values, const std::string& name, bool die) {
  AddDeviceClaim(package, die ? "rocm-smi:further-die" : "rocm-smi:further-partition", name);
  const std::uint64_t memory = MemoryBytes(First(values, {"vram total memory (b)"}));
  if (die && !CheckedAdd(package.memory_bytes, memory, &package.memory_bytes))
    package.memory_bytes = 0;
}

// `package` is the key of the card before; it becomes that of this one.
void AddCard(const Values& values, const std::string& name, std::string& package,
             InventorySink& sink) {
  std::string unique = ToLower(First(values, {"unique id"}));
  if (unique.starts_with("0x")) unique.erase(0, 2);
  const std::string address = PciAddress(First(values, {"pci bus"}));
  // Partitions and dies of one package share its id.
  const std::string key = !unique.empty()    ? "id " + unique
                          : !address.empty() ? "at " + address
                                             : "card " + name;
  if (Device* known = sink.FindKeyed(key)) {
    // A die lies at an address of its own, with memory of its own.
    const bool elsewhere = !address.empty() && !known->address.empty() && address != known->address;
    JoinCard(*known, values, name, elsewhere || SaysSecondaryDie(values));
    return;
  }
  Device* before = SaysSecondaryDie(values) ? sink.FindKeyed(package) : nullptr;
  if (before != nullptr) {
    JoinCard(*before, values, name, true);
    return;
  }
  package = key;
  Device* device = sink.AddKeyed(key, "rocm-smi-json");
  if (device == nullptr) return;
  device->address = address;
  device->vendor = First(values, {"card vendor"});
  device->product = Product(values);
  device->architecture = First(values, {"gfx version"});
  // The step of gfx90a, 10, is printed in decimal by some releases.
  if (device->architecture == "gfx9010") device->architecture = "gfx90a";
  device->memory_bytes = MemoryBytes(First(values, {"vram total memory (b)"}));
  device->uuid = unique;
  device->serial = First(values, {"serial number"});
  device->firmware = First(values, {"vbios version"});
  SetPci(*device, values);
  AddDeviceClaim(*device, "rocm-smi:sku", First(values, {"card sku"}));
  AddDeviceClaim(*device, "rocm-smi:compute-partition", First(values, {"compute partition"}));
}

}  // namespace

bool IsRocmSmiJson(std::string_view head) {
  const std::size_t brace = head.find('{');
  if (brace == head.npos) return false;
  const std::size_t card = head.find("\"card", brace);
  if (card == head.npos) return false;
  const std::size_t quote = head.find('"', card + 1);
  if (quote == head.npos || !IsNumbered(head.substr(card + 1, quote - card - 1), "card"))
    return false;
  const std::string lower = ToLower(head.substr(card));
  constexpr std::array<std::string_view, 12> kNames{"card series",
                                                    "card model",
                                                    "card sku",
                                                    "card vendor",
                                                    "gfx version",
                                                    "unique id",
                                                    "device id",
                                                    "guid",
                                                    "device name",
                                                    "pci bus",
                                                    "vram total memory (b)"};
  for (const std::string_view name : kNames) {
    if (HasJsonKey(lower, name)) return true;
  }
  return false;
}

void ParseRocmSmiJson(const Json& document, InventorySink& sink) {
  if (!document.is_object()) {
    sink.Warn(ErrorCode::kMalformed, "no object of cards");
    return;
  }
  std::map<std::uint64_t, const Json*> cards;
  for (const auto& [name, value] : document.items()) {
    if (IsNumbered(name, "card"))
      cards.emplace(ParseUint(std::string_view(name).substr(4)).value_or(0), &value);
    if (name == "system")
      sink.AddSoftware("device-driver", "amdgpu kernel module",
                       First(LowerNames(value), {"driver version"}));
  }
  std::string package;
  for (const auto& [number, card] : cards)
    AddCard(LowerNames(*card), "card" + std::to_string(number), package, sink);
}

}  // namespace weighbridge
