#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "scanner/accelerators/inventory_parsers.h"
#include "scanner/accelerators/values.h"
#include "scanner/base/text.h"

namespace weighbridge {
namespace {

constexpr std::size_t kMaxColumns = 512;

struct Column {
  std::string name;  // without its unit
  std::string unit;  // "MiB", "" when the header has none
};

constexpr std::array<std::string_view, 21> kKnown{
    "name",           "gpu_name",      "uuid",        "gpu_uuid",        "pci.bus_id",
    "gpu_bus_id",     "pci.device_id", "serial",      "gpu_serial",      "driver_version",
    "memory.total",   "index",         "compute_cap", "vbios_version",   "pci.sub_device_id",
    "module_id",      "bus_id",        "memory.used", "utilization.gpu", "mig.mode.current",
    "temperature.gpu"};

std::vector<Column> Header(std::string_view line) {
  std::vector<Column> columns;
  if (line.size() > 16384) return columns;
  for (const std::string& part : Split(line, ',')) {
    if (columns.size() >= kMaxColumns) return {};
    Column column{std::string(Trim(part)), {}};
    if (const auto parts = LastBracket(column.name)) {
      column.unit = std::string(parts->bracket);
      column.name = std::string(parts->text);
    }
    const bool plain = !column.name.empty() &&
                       column.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_.") ==
                           std::string::npos;
    if (!plain) return {};
    columns.push_back(std::move(column));
  }
  return columns;
}

bool Has(const std::vector<Column>& columns, std::string_view name) {
  return std::any_of(columns.begin(), columns.end(),
                     [&](const Column& column) { return column.name == name; });
}

bool StartsLikeProduct(std::string_view value) {
  constexpr std::array<std::string_view, 7> kBegins{
      "NVIDIA ", "Tesla ", "GeForce ", "Quadro ", "GRID ", "HL-", "Graphics Device"};
  return std::any_of(kBegins.begin(), kBegins.end(),
                     [&](std::string_view begin) { return value.starts_with(begin); });
}

// hl-smi is told by the names of its columns, which nvidia-smi does not have.
bool IsHabana(const std::vector<Column>& columns) {
  return Has(columns, "module_id") || (Has(columns, "bus_id") && !Has(columns, "pci.bus_id")) ||
         std::any_of(columns.begin(), columns.end(),
                     [](const Column& column) { return column.name.ends_with(".aip"); });
}

void SetField(Device& device, const Column& column, const std::string& value) {
  const std::string& name = column.name;
  if (name == "name" || name == "gpu_name") device.product = value;
  if (name == "uuid" || name == "gpu_uuid") device.uuid = value;
  if (name == "serial" || name == "gpu_serial") device.serial = value;
  if (name == "pci.bus_id" || name == "gpu_bus_id" || name == "bus_id")
    device.address = PciAddress(value);
  if (name == "pci.device_id") SplitCombinedId(value, &device.pci.device, &device.pci.vendor);
  if (name == "pci.sub_device_id")
    SplitCombinedId(value, &device.pci.subsystem_device, &device.pci.subsystem_vendor);
  if (name == "driver_version") device.driver_version = value;
  if (name == "vbios_version") device.firmware = value;
  if (name == "compute_cap") device.architecture = SmArchitecture(value);
  if (name == "memory.total") {
    const std::uint64_t unit = column.unit.empty() ? 0 : MemoryBytes("1 " + column.unit);
    device.memory_bytes = MemoryBytes(value, unit == 0 ? 1ULL << 20 : unit);
  }
  if (name == "mig.mode.current") AddDeviceClaim(device, "nvidia-smi:mig-mode", value);
  if (name == "module_id") AddDeviceClaim(device, "habanalabs:module-id", value);
}

// What tells rows of one device from rows of another, "" when nothing does.
std::string Key(const Device& device, const std::string& index) {
  if (!device.uuid.empty()) return "uuid " + device.uuid;
  if (!device.address.empty()) return "at " + device.address;
  if (!device.serial.empty()) return "serial " + device.serial;
  return index.empty() ? std::string() : "index " + index;
}

void AddRow(const std::vector<Column>& columns, const std::vector<std::string>& values,
            InventorySink& sink) {
  Device row;
  std::string index;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const std::string value = Stated(values[i]);
    if (columns[i].name == "index") index = value;
    if (!value.empty()) SetField(row, columns[i], value);
  }
  const bool habana = IsHabana(columns) || row.product.starts_with("HL-");
  const char* seen_in = habana ? "hl-smi-csv" : "nvidia-smi-csv";
  const std::string key = Key(row, index);
  if (!key.empty() && sink.FindKeyed(key) != nullptr) return;  // the same one, polled again
  Device* device = key.empty() ? sink.Add(seen_in) : sink.AddKeyed(key, seen_in);
  if (device == nullptr) return;
  row.location = device->location;
  row.seen_in = seen_in;
  row.vendor = habana ? "Habana" : "NVIDIA";
  row.driver = habana ? "habanalabs" : "nvidia";
  // With times and no ids, the rows of one device cannot be told from those of several.
  row.partitioned = key.empty() && Has(columns, "timestamp");
  *device = std::move(row);
  sink.AddSoftware("device-driver", habana ? "habanalabs kernel module" : "NVIDIA kernel module",
                   device->driver_version);
}

}  // namespace

bool IsSmiCsv(std::string_view head) {
  Lines lines(head);
  std::string_view line;
  if (!lines.Next(&line)) return false;
  const std::vector<Column> columns = Header(line);
  // A list of processes, whose rows are no devices.
  if (columns.empty() || Has(columns, "pid") || Has(columns, "process_name")) return false;
  const auto known = std::count_if(columns.begin(), columns.end(), [](const Column& column) {
    return std::find(kKnown.begin(), kKnown.end(), column.name) != kKnown.end();
  });
  const bool own = std::any_of(columns.begin(), columns.end(), [](const Column& column) {
    return column.name.find('.') != std::string::npos || column.name.starts_with("gpu_") ||
           column.name == "driver_version" || column.name == "compute_cap" ||
           column.name == "vbios_version" || column.name == "module_id";
  });
  if (known >= 2 && own) return true;
  // "name" alone or "index, name" is many things: the values decide.
  if (known < 1 || !lines.Next(&line)) return false;
  const std::vector<std::string> values = Split(line.substr(0, 4096), ',');
  for (std::size_t i = 0; i < columns.size() && i < values.size(); ++i) {
    const std::string_view value = Trim(values[i]);
    if (columns[i].name.ends_with("name") && StartsLikeProduct(value)) return true;
    if (columns[i].name.ends_with("uuid") && value.starts_with("GPU-")) return true;
  }
  return false;
}

void ParseSmiCsv(std::string_view text, InventorySink& sink) {
  Lines lines(text);
  std::string_view line;
  if (!lines.Next(&line)) return;
  const std::string_view header = Trim(line);
  const std::vector<Column> columns = Header(header);
  if (columns.empty()) return;
  while (lines.Next(&line)) {
    // The header again: outputs joined into one file.
    if (Trim(line).empty() || Trim(line) == header) continue;
    const bool too_long = line.size() > kMaxColumns * kMaxValueBytes;
    const std::vector<std::string> values =
        too_long ? std::vector<std::string>() : Split(line, ',');
    if (values.size() != columns.size()) {
      sink.WarnAt(lines.number(), ErrorCode::kMalformed,
                  too_long ? "too long for a row"
                           : std::to_string(values.size()) + " values under " +
                                 std::to_string(columns.size()) + " names");
      continue;
    }
    AddRow(columns, values, sink);
  }
}

}  // namespace weighbridge
