#include <string>
#include <utility>
#include <vector>

#include "scanner/accelerators/inventory_parsers.h"
#include "scanner/accelerators/pci_roles.h"
#include "scanner/accelerators/values.h"
#include "scanner/base/text.h"

namespace weighbridge {
namespace {

// "GA102 [10DE:2204]" of -numeric; "NVIDIA Corporation [10DE]".
std::string_view CutIds(std::string_view text, PciIds* ids) {
  const auto parts = LastBracket(text);
  if (!parts) return text;
  const std::string_view inside = parts->bracket;
  if (inside.size() == 9 && inside[4] == ':' && !PciId(inside.substr(0, 4)).empty() &&
      !PciId(inside.substr(5)).empty()) {
    ids->vendor = PciId(inside.substr(0, 4));
    ids->device = PciId(inside.substr(5));
    return parts->text;
  }
  if (inside.size() == 4 && !PciId(inside).empty()) {
    if (ids->vendor.empty()) ids->vendor = PciId(inside);
    return parts->text;
  }
  return text;
}

std::string AddressOf(const Json& node) {
  for (const char* key : {"businfo", "handle"}) {
    const std::string text = ToLower(StringOr(node, key));
    for (const std::string_view begin : {"pci@", "pci:"}) {
      if (text.starts_with(begin)) return PciAddress(std::string_view(text).substr(4));
    }
  }
  return {};
}

void AddNode(const Json& node, const std::string& host, InventorySink& sink) {
  const std::string address = AddressOf(node);
  if (address.empty()) return;
  PciIds ids;
  const std::string product_text = StringOr(node, "product");
  const std::string vendor_text = StringOr(node, "vendor");
  const std::string product = Clip(CutIds(product_text, &ids));
  const std::string vendor = Clip(CutIds(vendor_text, &ids));
  // lshw words classes as pci.ids does, in `description`.
  const std::string description = StringOr(node, "description");
  ids.class_code = ClassOfWords(description);
  if (ids.class_code.empty() && StringOr(node, "class") == "display") ids.class_code = "0300";
  const PciRole role = ids.vendor.empty() || ids.device.empty()
                           ? RoleOfWords(description, vendor + " " + product)
                           : RoleOf(ids);
  if (role != PciRole::kAccelerator || product.find("Virtual Function") != std::string::npos)
    return;
  Device* device = sink.Add("lshw-json", host);
  if (device == nullptr) return;
  device->address = address;
  device->pci = std::move(ids);
  device->vendor = vendor;
  device->product = product;
  if (const Json* configuration = Find(node, "configuration"))
    device->driver = Clip(StringOr(*configuration, "driver"));
  device->serial = Stated(StringOr(node, "serial"));
  AddDeviceClaim(*device, "pci:revision", StringOr(node, "version"));
}

}  // namespace

bool IsLshwJson(std::string_view head) {
  return HasJsonKey(head, "id") && HasJsonKey(head, "class") &&
         (HasJsonKey(head, "claimed") || HasJsonKey(head, "handle")) &&
         (HasJsonPair(head, "class", "system") || HasJsonKey(head, "businfo") ||
          HasJsonKey(head, "physid"));
}

void ParseLshwJson(const Json& document, InventorySink& sink) {
  std::string host;
  std::vector<const Json*> pending{&document};
  while (!pending.empty()) {
    const Json& node = *pending.back();
    pending.pop_back();
    const Json* children = &node;
    if (node.is_object()) {
      if (StringOr(node, "class") == "system" && host.empty()) host = Clip(StringOr(node, "id"));
      AddNode(node, host, sink);
      children = Find(node, "children");
    }
    if (children == nullptr || !children->is_array()) continue;
    for (auto child = children->rbegin(); child != children->rend(); ++child) {
      pending.push_back(&*child);
    }
  }
}

}  // namespace weighbridge
