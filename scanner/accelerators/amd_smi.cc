#include "scanner/accelerators/amd_smi.h"

#include <vector>

#include "scanner/accelerators/inventory_parsers.h"
#include "scanner/accelerators/values.h"
#include "scanner/base/text.h"

namespace weighbridge {
namespace {

constexpr std::size_t kMaxValues = 1000;

std::string Value(const AmdValues& values, const char* key) {
  const auto found = values.find(key);
  return found == values.end() ? std::string() : Stated(found->second);
}

// The number that tells one package from another; processors state zeros.
std::string AsicSerial(const AmdValues& values) {
  std::string text = ToLower(Value(values, "asic.asic_serial"));
  if (text.starts_with("0x")) text.erase(0, 2);
  return text.find_first_not_of('0') == text.npos ? std::string() : text;
}

// Number and unit are one value in text, two in JSON.
std::uint64_t Memory(const AmdValues& values) {
  std::string size = Value(values, "vram.size");
  if (size.empty()) size = Value(values, "vram.size.value") + " " + Value(values, "vram.size.unit");
  return MemoryBytes(size, 1ULL << 20);
}

void Flatten(const Json& object, const std::string& prefix, int depth, AmdValues& values) {
  if (!object.is_object() || depth > 4) return;
  for (const auto& [key, value] : object.items()) {
    if (values.size() >= kMaxValues) return;
    const std::string name = prefix + ToLower(Clip(key));
    if (value.is_string()) {
      values.emplace(name, Clip(value.get_ref<const std::string&>()));
    } else if (value.is_number()) {
      values.emplace(name, Clip(Dump(value)));
    } else {
      Flatten(value, name + ".", depth + 1, values);
    }
  }
}

}  // namespace

void AddAmdGpu(const AmdValues& values, InventorySink& sink) {
  const std::string serial = AsicSerial(values);
  const std::string address = PciAddress(Value(values, "bus.bdf"));
  const std::string key = serial.empty() ? "at " + address : "asic " + serial;
  const bool keyed = !serial.empty() || !address.empty();
  if (keyed) {
    if (Device* known = sink.FindKeyed(key)) {  // another partition of the same package
      AddDeviceClaim(*known, "amd-smi:further-partition", Value(values, "gpu"));
      return;
    }
  }
  Device* device = keyed ? sink.AddKeyed(key, "amd-smi") : sink.Add("amd-smi");
  if (device == nullptr) return;
  device->address = address;
  device->uuid = serial;
  device->vendor = Value(values, "asic.vendor_name");
  device->product = Value(values, "asic.market_name");
  SetIds(*device, Value(values, "asic.vendor_id"), Value(values, "asic.device_id"));
  device->pci.subsystem_vendor = PciId(Value(values, "asic.subvendor_id"));
  device->pci.subsystem_device = PciId(Value(values, "asic.subsystem_id"));
  device->architecture = Value(values, "asic.target_graphics_version");
  device->memory_bytes = Memory(values);
  device->serial = Value(values, "board.product_serial");
  device->firmware = Value(values, "vbios.version");
  if (device->firmware.empty()) device->firmware = Value(values, "ifwi.version");
  device->driver = Value(values, "driver.name");
  device->driver_version = Value(values, "driver.version");
  AddDeviceClaim(*device, "amd-smi:compute-units", Value(values, "asic.num_compute_units"));
  AddDeviceClaim(*device, "amd-smi:compute-partition",
                 Value(values, "partition.compute_partition"));
  sink.AddSoftware("device-driver",
                   (device->driver.empty() ? "amdgpu" : device->driver) + " kernel module",
                   device->driver_version);
}

bool IsAmdSmiText(std::string_view head) {
  return (head.starts_with("GPU: ") || head.find("\nGPU: ") != head.npos) &&
         head.find("ASIC:") != head.npos && head.find("MARKET_NAME:") != head.npos;
}

void ParseAmdSmiText(std::string_view text, InventorySink& sink) {
  Lines lines(text);
  std::string_view line;
  AmdValues values;
  std::string section;
  bool in_gpu = false;
  while (lines.Next(&line)) {
    const std::size_t colon = line.find(':');
    const std::size_t indent = line.find_first_not_of(' ');
    if (colon == line.npos || indent == line.npos) continue;
    const std::string key = ToLower(Clip(line.substr(indent, colon - indent)));
    const std::string value = Clip(line.substr(colon + 1));
    if (indent == 0) {
      if (in_gpu) AddAmdGpu(values, sink);
      values.clear();
      section.clear();
      in_gpu = key == "gpu";
      if (in_gpu) values.emplace("gpu", value);
    } else if (value.empty() && indent <= 4) {
      section = key;
    } else if (values.size() < kMaxValues) {
      values.emplace(section + "." + key, value);
    }
  }
  if (in_gpu) AddAmdGpu(values, sink);
}

bool IsAmdSmiJson(std::string_view head) {
  return HasJsonKey(head, "gpu") && HasJsonKey(head, "asic") && HasJsonKey(head, "market_name");
}

void ParseAmdSmiJson(const Json& document, InventorySink& sink) {
  const Json* gpus = Find(document, "gpu_data");
  if (gpus == nullptr) gpus = &document;
  if (!gpus->is_array()) {
    sink.Warn(ErrorCode::kMalformed, "no list of GPUs");
    return;
  }
  for (const Json& gpu : *gpus) {
    AmdValues values;
    Flatten(gpu, "", 0, values);
    if (!values.empty()) AddAmdGpu(values, sink);
  }
}

}  // namespace weighbridge
