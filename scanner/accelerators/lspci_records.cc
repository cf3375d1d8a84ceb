#include <string>

#include "scanner/accelerators/inventory_parsers.h"
#include "scanner/accelerators/lspci_fields.h"
#include "scanner/base/text.h"

namespace weighbridge {
namespace {

void Set(LspciFunction& function, std::string_view key, std::string_view value) {
  if (key == "Slot") function.slot = value;
  if (key == "Class") function.class_field = value;
  if (key == "Vendor") function.vendor = value;
  if (key == "Device") function.device = value;
  if (key == "SVendor") function.subsystem_vendor = value;
  if (key == "SDevice") function.subsystem_device = value;
  if (key == "Rev") function.revision = value;
  if (key == "ProgIf") function.interface = value;
  if (key == "Driver") function.driver = value;
}

}  // namespace

bool IsLspciRecords(std::string_view head) {
  Lines lines(head);
  std::string_view line;
  bool slot = false;
  while (lines.Next(&line) && Trim(line).empty()) {
  }
  if (line.starts_with("Slot:")) slot = IsSlot(Trim(line.substr(5)));
  return slot && lines.Next(&line) && line.starts_with("Class:");
}

void ParseLspciRecords(std::string_view text, InventorySink& sink) {
  Lines lines(text);
  std::string_view line;
  LspciFunction function;
  const auto finish = [&] {
    if (!function.slot.empty()) {
      if (IsSlot(function.slot)) {
        AddLspciFunction(function, "lspci-records", sink);
      } else {
        sink.WarnAt(lines.number(), ErrorCode::kMalformed,
                    "slot " + Quote(function.slot, 40) + " is not a PCI address");
      }
    }
    function = {};
  };
  while (lines.Next(&line)) {
    const std::size_t colon = line.find(':');
    if (colon == line.npos) {
      finish();
      continue;
    }
    const std::string_view key = Trim(line.substr(0, colon));
    if (key == "Slot") finish();  // a record without an empty line before it
    Set(function, key, Trim(line.substr(colon + 1)));
  }
  finish();
}

}  // namespace weighbridge
