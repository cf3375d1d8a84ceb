#include <array>
#include <string>

#include "scanner/accelerators/inventory_parsers.h"
#include "scanner/accelerators/values.h"
#include "scanner/base/text.h"
#include "scanner/base/xml_subset.h"

namespace weighbridge {
namespace {

struct ClaimField {
  std::string_view path;
  const char* key;
};

constexpr std::array<ClaimField, 7> kClaims{{
    {"product_brand", "nvidia-smi:product-brand"},
    {"product_architecture", "nvidia-smi:product-architecture"},
    {"gpu_part_number", "nvidia-smi:part-number"},
    {"board_part_number", "nvidia-smi:board-part-number"},
    {"mig_mode/current_mig", "nvidia-smi:mig-mode"},
    {"gpu_virtualization_mode/virtualization_mode", "nvidia-smi:virtualization-mode"},
    {"addressing_mode", "nvidia-smi:addressing-mode"},
}};

std::string TwoDigits(const std::string& hex) { return hex.size() == 1 ? "0" + hex : hex; }

void SetField(Device& device, std::string_view path, const std::string& text) {
  if (path == "product_name") device.product = Stated(text);
  if (path == "uuid") device.uuid = Stated(text);
  if (path == "serial") device.serial = Stated(text);
  if (path == "vbios_version") device.firmware = Stated(text);
  if (path == "pci/pci_bus_id") {
    if (const std::string address = PciAddress(text); !address.empty()) device.address = address;
  }
  if (path == "pci/pci_device_id") SplitCombinedId(text, &device.pci.device, &device.pci.vendor);
  if (path == "pci/pci_sub_system_id")
    SplitCombinedId(text, &device.pci.subsystem_device, &device.pci.subsystem_vendor);
  // "3" and "2", which newer releases state.
  if (path == "pci/pci_base_class") device.pci.class_code = TwoDigits(Stated(text));
  if (path == "pci/pci_sub_class")
    device.pci.class_code = PciClass(device.pci.class_code + TwoDigits(Stated(text)));
  if (path == "fb_memory_usage/total") device.memory_bytes = MemoryBytes(Stated(text));
  for (const ClaimField& claim : kClaims) {
    if (path == claim.path) AddDeviceClaim(device, claim.key, Stated(text));
  }
}

}  // namespace

bool IsNvidiaSmiXml(std::string_view head) {
  // Warnings may stand before the document.
  for (const std::string_view mark : {"<nvidia_smi_log>", "<!DOCTYPE nvidia_smi_log"}) {
    const std::size_t at = head.find(mark);
    if (at == 0 || (at != head.npos && (head[at - 1] == '\n' || head[at - 1] == '>'))) return true;
  }
  return false;
}

void ParseNvidiaSmiXml(std::string_view text, InventorySink& sink) {
  constexpr std::string_view kGpu = "nvidia_smi_log/gpu";
  XmlReader xml(text);
  Device* device = nullptr;
  std::string driver_version;
  std::string cuda_version;
  while (true) {
    const XmlReader::Event event = xml.Next();
    if (event == XmlReader::Event::kEnd) break;
    if (event == XmlReader::Event::kError) {
      sink.Warn(ErrorCode::kMalformed, xml.error());
      break;
    }
    const std::string path = xml.Path();
    if (event == XmlReader::Event::kOpen) {
      if (path != kGpu) continue;
      device = sink.Add("nvidia-smi-xml");
      if (device == nullptr) break;
      device->vendor = "NVIDIA";
      device->driver = "nvidia";
      device->driver_version = driver_version;
      device->address = PciAddress(xml.Attribute("id"));
      AddDeviceClaim(*device, "nvidia-smi:cuda-version", cuda_version);
      continue;
    }
    if (path == "nvidia_smi_log/driver_version") driver_version = Stated(xml.text());
    if (path == "nvidia_smi_log/cuda_version") cuda_version = Stated(xml.text());
    if (path == kGpu) device = nullptr;
    if (device != nullptr && path.size() > kGpu.size())
      SetField(*device, std::string_view(path).substr(kGpu.size() + 1), xml.text());
  }
  sink.AddSoftware("device-driver", "NVIDIA kernel module", driver_version);
}

}  // namespace weighbridge
