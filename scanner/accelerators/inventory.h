// Captured inventories: what vendor tools and cluster managers printed about a host, told
// by content. The record is somebody's: its devices are claimed, not observed.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "scanner/accelerators/host_inventory.h"
#include "weighbridge/bytes.h"
#include "weighbridge/result.h"

namespace weighbridge {

inline constexpr std::size_t kMaxInventoryBytes = 64ULL << 20;
inline constexpr std::size_t kMaxInventoryDevices = 100'000;
inline constexpr std::size_t kInventoryHeadBytes = 16ULL << 10;  // what recognition looks at

// "lspci", "lspci-machine", "lspci-records", "nvidia-smi-xml", "smi-csv", "nvidia-smi-list",
// "rocm-smi-json", "amd-smi-json", "amd-smi-text", "npu-smi", "lshw-json",
// "kubernetes-json", "dcgm-exporter"; nothing when it is none of them.
std::optional<std::string> InventoryKind(ByteSpan head);

// Fails when the text is no inventory, is too long or cannot be read at all; what was
// odd in a text that could be read is in `diagnostics`.
Result<HostInventory> ReadInventory(std::string_view text, const Location& location);

}  // namespace weighbridge
