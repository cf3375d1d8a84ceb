// Captured inventories. The first byte picks the parser of a kind; 'i' lets the content do
// that, as a scan does.
#include <cstdint>
#include <cstdlib>

#include "scanner/accelerators/inventory_parsers.h"
#include "scanner/accelerators/values.h"
#include "weighbridge/bytes.h"

namespace {

using namespace weighbridge;

bool IsId(const std::string& text) { return text.empty() || PciId(text) == text; }

// What later stages take for granted.
void Check(const HostInventory& inventory) {
  for (const Device& device : inventory.devices) {
    if (!device.address.empty() && PciAddress(device.address) != device.address) std::abort();
    if (!IsId(device.pci.vendor) || !IsId(device.pci.device)) std::abort();
    if (!IsId(device.pci.subsystem_vendor) || !IsId(device.pci.subsystem_device)) std::abort();
    if (device.count == 0 || device.count > 1'000'000) std::abort();
    if (device.claims.size() > kMaxClaimsPerDevice) std::abort();
    for (const std::string* value : {&device.vendor, &device.product, &device.serial, &device.uuid,
                                     &device.driver, &device.firmware, &device.host}) {
      if (value->size() > kMaxValueBytes) std::abort();
    }
  }
}

void Text(void (*parse)(std::string_view, InventorySink&), std::string_view text) {
  const Location location{"file", {}};
  HostInventory inventory;
  InventorySink sink(location, inventory);
  parse(text, sink);
  Check(inventory);
}

void Document(void (*parse)(const Json&, InventorySink&), std::string_view text) {
  Limits limits;
  limits.max_json_values = 100'000;
  const Result<Json> document = ParseJson(text, limits);
  if (!document.ok()) return;
  const Location location{"file", {}};
  HostInventory inventory;
  InventorySink sink(location, inventory);
  parse(document.value(), sink);
  Check(inventory);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0 || size > 65536) return 0;
  const std::string_view text = AsText({data + 1, size - 1});
  switch (data[0]) {
    case 'i':
      InventoryKind(AsBytes(text));
      if (const auto inventory = ReadInventory(text, {"file", {}}); inventory.ok())
        Check(inventory.value());
      break;
    case 'p': Text(ParseLspci, text); break;
    case 'm': Text(ParseLspciMachine, text); break;
    case 'v': Text(ParseLspciRecords, text); break;
    case 'x': Text(ParseNvidiaSmiXml, text); break;
    case 'c': Text(ParseSmiCsv, text); break;
    case 'l': Text(ParseNvidiaSmiList, text); break;
    case 'n': Text(ParseNpuSmi, text); break;
    case 'd': Text(ParseDcgm, text); break;
    case 'a': Text(ParseAmdSmiText, text); break;
    case 'r': Document(ParseRocmSmiJson, text); break;
    case 's': Document(ParseAmdSmiJson, text); break;
    case 'h': Document(ParseLshwJson, text); break;
    case 'k': Document(ParseKubernetesJson, text); break;
    default: break;
  }
  return 0;
}
