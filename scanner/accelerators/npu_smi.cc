#include <algorithm>
#include <string>
#include <vector>

#include "scanner/accelerators/inventory_parsers.h"
#include "scanner/accelerators/values.h"
#include "scanner/base/text.h"

namespace weighbridge {
namespace {

// The words of a text, at most eight.
std::vector<std::string> Words(std::string_view text) {
  std::vector<std::string> words;
  for (std::size_t at = 0; at < text.size() && words.size() < 8;) {
    if (text[at] == ' ') {
      ++at;
      continue;
    }
    const std::size_t end = std::min(text.find(' ', at), text.size());
    words.emplace_back(text.substr(at, end - at));
    at = end;
  }
  return words;
}

// "4175 / 65536": the number after the last stroke, in MB.
std::uint64_t TotalMemory(std::string_view cell) {
  const std::size_t stroke = cell.rfind('/');
  return stroke == cell.npos ? 0 : MemoryBytes(cell.substr(stroke + 1), 1ULL << 20);
}

struct Card {
  std::string number;
  std::string name;
};

// "| npu-smi 23.0.2          Version: 23.0.2 |": the second is the driver's.
void ReadVersion(std::string_view line, InventorySink& sink) {
  constexpr std::string_view kMark = "Version:";
  const std::size_t at = line.find(kMark);
  if (at == line.npos) return;
  const std::vector<std::string> words = Words(line.substr(at + kMark.size()));
  if (!words.empty() && words[0] != "|")
    sink.AddSoftware("device-driver", "Ascend NPU driver", words[0]);
}

void AddChip(const Card& card, const std::string& chip, std::string_view address,
             std::string_view memory, InventorySink& sink) {
  Device* device = sink.Add("npu-smi");
  if (device == nullptr) return;
  device->vendor = "Huawei";
  device->product = Stated(card.name);
  device->address = PciAddress(address);
  device->memory_bytes = TotalMemory(memory);
  AddDeviceClaim(*device, "npu-smi:npu", card.number);
  AddDeviceClaim(*device, "npu-smi:chip", chip);
}

}  // namespace

bool IsNpuSmi(std::string_view head) {
  return head.find("| npu-smi ") != head.npos ||
         (head.find("| NPU ") != head.npos && head.find("Bus-Id") != head.npos);
}

// Two rows a chip: "| 0 910B1 | OK | ..." and "| 0 | 0000:C1:00.0 | ...".
void ParseNpuSmi(std::string_view text, InventorySink& sink) {
  Lines lines(text);
  std::string_view line;
  Card card;
  while (lines.Next(&line)) {
    line = Trim(line);
    if (!line.starts_with('|')) continue;
    ReadVersion(line, sink);
    if (line.find("Process id") != line.npos) break;  // the table of processes follows
    const std::vector<std::string> cells = Split(line.substr(0, 1024), '|');
    if (cells.size() < 4) continue;
    const std::vector<std::string> first = Words(cells[1]);
    if (first.empty() || !ParseUint(first[0])) continue;
    const std::string_view second = Trim(cells[2]);
    if (const std::string address = PciAddress(second); !address.empty()) {
      if (card.name.empty()) {
        sink.WarnAt(lines.number(), ErrorCode::kMalformed, "a chip without the row of its name");
        continue;
      }
      AddChip(card, first[0], address, cells[cells.size() - 2], sink);
      card = {};
    } else if (first.size() >= 2) {
      card = {first[0], first[1]};
    }
  }
}

}  // namespace weighbridge
