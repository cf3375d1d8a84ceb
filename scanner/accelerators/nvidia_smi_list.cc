#include <string>

#include "scanner/accelerators/inventory_parsers.h"
#include "scanner/accelerators/values.h"
#include "scanner/base/text.h"

namespace weighbridge {
namespace {

struct Entry {
  std::string_view name;
  std::string_view uuid;
};

// "GPU 0: NVIDIA H100 80GB HBM3 (UUID: GPU-...)"
bool ParseEntry(std::string_view line, Entry* entry) {
  constexpr std::string_view kMark = " (UUID: ";
  if (!line.starts_with("GPU ") || !line.ends_with(")")) return false;
  const std::size_t colon = line.find(": ");
  const std::size_t mark = line.rfind(kMark);
  if (colon == line.npos || mark == line.npos || mark < colon + 2) return false;
  if (!ParseUint(line.substr(4, colon - 4))) return false;
  entry->name = line.substr(colon + 2, mark - colon - 2);
  entry->uuid = line.substr(mark + kMark.size(), line.size() - mark - kMark.size() - 1);
  return true;
}

}  // namespace

bool IsNvidiaSmiList(std::string_view head) {
  Lines lines(head);
  std::string_view line;
  Entry entry;
  return lines.Next(&line) && ParseEntry(Trim(line), &entry);
}

void ParseNvidiaSmiList(std::string_view text, InventorySink& sink) {
  Lines lines(text);
  std::string_view line;
  Device* device = nullptr;
  while (lines.Next(&line)) {
    const std::string_view content = Trim(line);
    Entry entry;
    if (content.empty()) continue;
    if (content.starts_with("MIG ")) {
      const std::size_t end = content.find(" Device");
      if (device != nullptr)
        AddDeviceClaim(*device, "nvidia-smi:mig-slice",
                       content.substr(4, end == content.npos ? 0 : end - 4));
      continue;
    }
    if (!ParseEntry(content, &entry)) {
      sink.WarnAt(lines.number(), ErrorCode::kMalformed, "not a line of nvidia-smi -L");
      continue;
    }
    device = sink.AddKeyed("uuid " + Clip(entry.uuid), "nvidia-smi-list");
    if (device == nullptr) return;
    device->vendor = "NVIDIA";
    device->driver = "nvidia";
    device->product = Stated(entry.name);
    device->uuid = Stated(entry.uuid);
  }
}

}  // namespace weighbridge
