#include <map>
#include <string>

#include "scanner/accelerators/inventory_parsers.h"
#include "scanner/accelerators/values.h"
#include "scanner/base/text.h"

namespace weighbridge {
namespace {

constexpr std::size_t kMaxLabels = 64;

using Labels = std::map<std::string, std::string>;

// `name="value",...}`: `\` stands before `\`, `"` and n. Prometheus exposition formats.
// False when the braces do not close; *after is what follows them.
bool ParseLabels(std::string_view text, Labels& labels, std::string_view* after) {
  labels.clear();
  while (!text.empty()) {
    if (text[0] == '}') {
      *after = text.substr(1);
      return true;
    }
    const std::size_t equals = text.find("=\"");
    if (equals == text.npos) return false;
    std::string name(Trim(text.substr(0, equals)));
    std::string value;
    std::size_t at = equals + 2;
    for (; at < text.size() && text[at] != '"'; ++at) {
      if (text[at] == '\\' && at + 1 < text.size()) {
        ++at;
        value += text[at] == 'n' ? '\n' : text[at];
      } else {
        value += text[at];
      }
    }
    if (at >= text.size()) return false;
    if (labels.size() < kMaxLabels) labels.emplace(Clip(name), Clip(value));
    text.remove_prefix(at + 1);
    if (text.starts_with(',')) text.remove_prefix(1);
  }
  return false;
}

std::string Label(const Labels& labels, const char* name, const char* other = "") {
  auto found = labels.find(name);
  if (found == labels.end()) found = labels.find(other);
  return found == labels.end() ? std::string() : Stated(found->second);
}

void AddSample(std::string_view metric, const Labels& labels, std::string_view value,
               InventorySink& sink) {
  const std::string uuid = Label(labels, "UUID", "uuid");
  const std::string host = Label(labels, "hostname", "Hostname");
  const std::string gpu = Label(labels, "gpu");
  const std::string address = PciAddress(Label(labels, "pci_bus_id"));
  const std::string place = address.empty() ? "gpu " + gpu : address;
  if (uuid.empty() && address.empty() && gpu.empty()) return;
  const std::string key = uuid.empty() ? host + " " + place : uuid;
  Device* device = sink.AddKeyed(key, "dcgm-exporter", host);
  if (device == nullptr) return;
  device->vendor = "NVIDIA";
  device->driver = "nvidia";
  device->uuid = uuid;
  if (!address.empty()) device->address = address;
  if (const std::string name = Label(labels, "modelName"); !name.empty()) device->product = name;
  if (metric == "DCGM_FI_DEV_FB_TOTAL") device->memory_bytes = MemoryBytes(value, 1ULL << 20);
  const std::string driver = Label(labels, "DCGM_FI_DRIVER_VERSION");
  if (!driver.empty()) device->driver_version = driver;
  AddDeviceClaim(*device, "dcgm:mig-slice", Label(labels, "GPU_I_PROFILE"));
  sink.AddSoftware("device-driver", "NVIDIA kernel module", driver, host);
}

}  // namespace

bool IsDcgm(std::string_view head) {
  for (const std::string_view begin : {"# HELP DCGM_FI_", "# TYPE DCGM_FI_", "DCGM_FI_"}) {
    if (head.starts_with(begin)) return true;
    const std::size_t at = head.find("\n" + std::string(begin));
    if (at != head.npos) return true;
  }
  return false;
}

void ParseDcgm(std::string_view text, InventorySink& sink) {
  Lines lines(text);
  std::string_view line;
  Labels labels;
  while (lines.Next(&line)) {
    line = Trim(line);
    if (!line.starts_with("DCGM_FI_")) continue;
    const std::size_t brace = line.find('{');
    if (brace == line.npos) continue;  // a metric of the exporter, not of a GPU
    std::string_view value;
    if (!ParseLabels(line.substr(brace + 1), labels, &value)) {
      sink.WarnAt(lines.number(), ErrorCode::kMalformed, "the labels do not end");
      continue;
    }
    AddSample(Trim(line.substr(0, brace)), labels, Trim(value), sink);
  }
}

}  // namespace weighbridge
