#include "scanner/accelerators/lspci_fields.h"

#include "scanner/accelerators/pci_roles.h"
#include "scanner/accelerators/values.h"
#include "scanner/base/text.h"

namespace weighbridge {
namespace {

struct Field {
  std::string words;
  std::string id;
};

// "Device 1d22" is what lspci prints for an id without a name: no words at all.
Field Split(std::string_view text) {
  Field field;
  text = Trim(text);
  if (const auto parts = LastBracket(text);
      parts && parts->bracket.size() == 4 && !PciId(parts->bracket).empty()) {
    field.id = PciId(parts->bracket);
    text = parts->text;
  } else if (text.size() == 4 && !PciId(text).empty()) {
    field.id = PciId(text);
    return field;
  }
  const bool nameless = text == "Device" || text == "Unknown device" || text == "Vendor" ||
                        (text.starts_with("Device ") && text.size() == 11);
  if (nameless && field.id.empty() && text.size() == 11) field.id = PciId(text.substr(7));
  if (!nameless) field.words = Clip(text);
  return field;
}

}  // namespace

bool IsSlot(std::string_view text) {
  return text.size() >= 7 && text.size() <= 16 && !PciAddress(text).empty();
}

void AddLspciFunction(const LspciFunction& function, const char* seen_in, InventorySink& sink) {
  const std::string address = PciAddress(function.slot);
  const Field kind = Split(function.class_field);
  const Field vendor = Split(function.vendor);
  const Field product = Split(function.device);
  PciIds ids;
  ids.vendor = vendor.id;
  ids.device = product.id;
  ids.class_code = kind.id.empty() ? ClassOfWords(kind.words) : kind.id;
  if (const std::string interface(Trim(function.interface)); interface.size() == 2)
    ids.class_code = PciClass(ids.class_code + interface);
  const PciRole role = ids.vendor.empty()
                           ? RoleOfWords(kind.words, vendor.words + " " + product.words)
                           : RoleOf(ids);
  if (role != PciRole::kAccelerator) return;
  if (product.words.find("Virtual Function") != std::string::npos) return;
  Device* device = sink.Add(seen_in);
  if (device == nullptr) return;
  const Field subsystem_vendor = Split(function.subsystem_vendor);
  const Field subsystem_device = Split(function.subsystem_device);
  ids.subsystem_vendor = subsystem_vendor.id;
  ids.subsystem_device = subsystem_device.id;
  device->address = address;
  device->pci = std::move(ids);
  device->vendor = vendor.words;
  device->product = product.words;
  device->driver = Clip(function.driver);
  AddDeviceClaim(*device, "pci:revision", function.revision);
  AddDeviceClaim(*device, "lspci:subsystem", subsystem_device.words);
}

}  // namespace weighbridge
