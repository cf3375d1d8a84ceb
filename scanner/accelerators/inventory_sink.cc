#include "scanner/accelerators/inventory_sink.h"

#include <algorithm>

#include "scanner/accelerators/values.h"
#include "scanner/base/text.h"

namespace weighbridge {
namespace {

constexpr std::size_t kMaxDiagnostics = 100;
constexpr std::size_t kMaxSoftware = 10'000;

}  // namespace

Device* InventorySink::Add(const char* seen_in, std::string_view host) {
  if (out_.devices.size() >= kMaxInventoryDevices) {
    if (!full_) {
      full_ = true;
      out_.diagnostics.push_back(
          {Severity::kError, ErrorCode::kLimitExceeded, location_,
           "more than " + std::to_string(kMaxInventoryDevices) + " devices; the rest not read",
           DiagnosticKind::kNone});
    }
    return nullptr;
  }
  Device& device = out_.devices.emplace_back();
  device.location = location_;
  device.seen_in = seen_in;
  device.host = Clip(host);
  return &device;
}

Device* InventorySink::AddKeyed(const std::string& key, const char* seen_in,
                                std::string_view host) {
  if (Device* known = FindKeyed(key)) return known;
  Device* device = Add(seen_in, host);
  if (device != nullptr) keyed_.emplace(key, out_.devices.size() - 1);
  return device;
}

Device* InventorySink::FindKeyed(const std::string& key) {
  const auto known = keyed_.find(key);
  return known == keyed_.end() ? nullptr : &out_.devices[known->second];
}

void InventorySink::AddSoftware(const char* kind, std::string name, std::string_view version,
                                std::string_view host) {
  HostSoftware one{location_, kind, std::move(name), Stated(version), Clip(host)};
  if (one.version.empty() || out_.software.size() >= kMaxSoftware) return;
  // Only the last few: the same driver is repeated for each GPU of one host.
  const auto begin = out_.software.end() -
                     static_cast<std::ptrdiff_t>(std::min<std::size_t>(out_.software.size(), 8));
  if (std::find(begin, out_.software.end(), one) == out_.software.end())
    out_.software.push_back(std::move(one));
}

void InventorySink::Warn(ErrorCode code, std::string message) {
  if (out_.diagnostics.size() >= kMaxDiagnostics) return;
  out_.diagnostics.push_back(
      {Severity::kWarning, code, location_, std::move(message), DiagnosticKind::kNone});
}

void InventorySink::WarnAt(std::size_t line, ErrorCode code, const std::string& message) {
  Warn(code, "line " + std::to_string(line) + ": " + message);
}

bool Lines::Next(std::string_view* line) {
  if (done_) return false;
  const std::size_t end = rest_.find('\n');
  *line = rest_.substr(0, end);
  if (end == rest_.npos) {
    done_ = true;
    if (line->empty()) return false;
  } else {
    rest_.remove_prefix(end + 1);
  }
  if (!line->empty() && line->back() == '\r') line->remove_suffix(1);
  ++number_;
  return true;
}

void SetIds(Device& device, std::string_view vendor, std::string_view device_id) {
  if (std::string id = PciId(vendor); !id.empty()) device.pci.vendor = std::move(id);
  if (std::string id = PciId(device_id); !id.empty()) device.pci.device = std::move(id);
}

}  // namespace weighbridge
