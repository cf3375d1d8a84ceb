#include "scanner/identity/accelerator_match.h"

#include <algorithm>
#include <cmath>

#include "scanner/base/text.h"

namespace weighbridge {
namespace {

using Rows = std::vector<AcceleratorRow>;

std::vector<std::string> Ids(const Rows& rows) {
  std::vector<std::string> ids;
  for (const AcceleratorRow& row : rows) ids.push_back(row.id);
  std::sort(ids.begin(), ids.end());
  return ids;
}

// Those that `keep` keeps, or all when it keeps none.
template <typename Keep>
Rows Narrowed(const Rows& rows, Keep keep) {
  Rows kept;
  std::copy_if(rows.begin(), rows.end(), std::back_inserter(kept), keep);
  return kept.empty() ? rows : kept;
}

// Vendors state 2^30 or 10^9 bytes, and drivers keep some for themselves.
bool MemoryFits(const AcceleratorRow& row, std::uint64_t bytes) {
  if (row.memory_gb <= 0) return false;
  const double each = row.memory_gb / static_cast<double>(std::max<std::uint64_t>(row.ics, 1));
  const double seen = static_cast<double>(bytes);
  for (const double unit : {1e9, 1073741824.0}) {
    for (const double size : {row.memory_gb * unit, each * unit}) {
      if (seen > size * 0.92 && seen < size * 1.03) return true;
    }
  }
  return false;
}

Rows WithSubsystem(const Rows& rows, const PciIds& pci) {
  if (pci.subsystem_device.empty()) return {};
  const std::string subsystem = pci.subsystem_vendor + ":" + pci.subsystem_device;
  Rows kept;
  for (const AcceleratorRow& row : rows) {
    const auto& known = row.pci_subsystems;
    if (std::find(known.begin(), known.end(), subsystem) != known.end()) kept.push_back(row);
  }
  return kept;
}

// A suffix that says how a device is shared, not what it is.
std::string PlainName(const std::string& name) {
  for (const char* suffix : {"-SHARED", "-MIG-", " MIG "}) {
    if (const std::size_t at = name.find(suffix); at != name.npos) return name.substr(0, at);
  }
  return name;
}

Rows Named(const Catalog& catalog, const Device& device) {
  if (device.product.empty()) return {};
  Rows rows = catalog.AcceleratorsByName(PlainName(device.product));
  if (device.pci.vendor.empty()) return rows;
  std::erase_if(rows, [&](const AcceleratorRow& row) {
    return !row.pci_vendor.empty() && row.pci_vendor != device.pci.vendor;
  });
  return rows;
}

void Set(Rows rows, const char* basis, Device& device) {
  if (rows.size() > 1 && device.memory_bytes != 0 && !device.partitioned) {
    rows = Narrowed(
        rows, [&](const AcceleratorRow& row) { return MemoryFits(row, device.memory_bytes); });
  }
  device.products = Ids(rows);
  device.match_basis = rows.empty() ? "" : basis;
}

}  // namespace

void MatchDevice(const Catalog& catalog, Device& device) {
  const Rows named = Named(catalog, device);
  const Rows by_id = device.pci.device.empty()
                         ? Rows{}
                         : catalog.AcceleratorsByPci(device.pci.vendor, device.pci.device);
  if (by_id.empty()) return Set(named, "name", device);
  if (Rows board = WithSubsystem(by_id, device.pci); !board.empty()) {
    return Set(std::move(board), "pci-subsystem", device);
  }
  const auto is_named = [&](const AcceleratorRow& row) {
    return std::any_of(named.begin(), named.end(),
                       [&](const AcceleratorRow& other) { return other.id == row.id; });
  };
  const bool contradicts = !named.empty() && std::none_of(by_id.begin(), by_id.end(), is_named);
  if (contradicts) {
    device.diagnostics.push_back({Severity::kWarning, ErrorCode::kMalformed, device.location,
                                  "named " + Quote(device.product) + ", which is " +
                                      Join(Ids(named), ", ") + ", but its PCI id is that of " +
                                      Join(Ids(by_id), ", ") + ": the id stands",
                                  DiagnosticKind::kNone});
  }
  Set(Narrowed(by_id, is_named), "pci-device", device);
}

}  // namespace weighbridge
