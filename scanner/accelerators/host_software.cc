// Kernel drivers (/sys/module/NAME/version, /proc/driver/nvidia/version) and firmware.
#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <string_view>

#include "scanner/accelerators/host_scan.h"
#include "scanner/accelerators/values.h"
#include "scanner/base/text.h"

namespace weighbridge {
namespace {

// Modules of accelerators that are reported when they state a version, used or not.
constexpr std::array<std::string_view, 17> kModules{
    "amdgpu",     "amdxdna",    "cambricon_drv", "drv_davinci_intf", "enflame",
    "habanalabs", "hydcu",      "iluvatar",      "intel_vpu",        "metax",
    "mtgpu",      "neuron",     "nouveau",       "npu_drv",          "nvgpu",
    "qaic",       "tenstorrent"};

bool IsModuleName(std::string_view name) {
  return !name.empty() && name.size() <= 64 && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
  });
}

// "NVRM version: NVIDIA UNIX x86_64 Kernel Module  535.129.03  Thu Oct 19 ...": the first
// word of digits and dots.
std::string NvidiaVersion(const std::string& text) {
  for (const std::string& line : Split(text, '\n')) {
    if (!line.starts_with("NVRM version:")) continue;
    for (const std::string& word : Split(line, ' ')) {
      const bool numeric =
          word.find('.') != word.npos && word.find_first_not_of("0123456789.") == word.npos;
      if (numeric) return Clip(word);
    }
  }
  return {};
}

struct Collector {
  const HostScan& scan;
  std::vector<HostSoftware> software;

  void Add(const std::string& path, const char* kind, std::string name, std::string version) {
    HostSoftware one{scan.At(path), kind, std::move(name), std::move(version), scan.host};
    for (const HostSoftware& known : software) {
      if (known.kind == one.kind && known.name == one.name && known.version == one.version) return;
    }
    if (software.size() < 1000) software.push_back(std::move(one));
  }
};

void AddModules(Collector& out, std::vector<Device>& devices) {
  std::set<std::string> used;
  for (const Device& device : devices) {
    std::string name = device.driver;
    std::replace(name.begin(), name.end(), '-', '_');
    if (IsModuleName(name) && name != "nvidia") used.insert(name);
  }
  std::set<std::string> names(used);
  names.insert(kModules.begin(), kModules.end());
  for (const std::string& name : names) {
    const std::string folder = "sys/module/" + name;
    if (!out.scan.root.Exists(folder)) continue;
    const std::string version = out.scan.Value(folder + "/version");
    if (version.empty() && used.count(name) == 0) continue;
    out.Add(folder, "device-driver", name + " kernel module", version);
    for (Device& device : devices) {
      if (device.driver == name && device.driver_version.empty()) device.driver_version = version;
    }
  }
}

void AddNvidia(Collector& out, std::vector<Device>& devices) {
  std::string place = "proc/driver/nvidia/version";
  std::string version = NvidiaVersion(out.scan.Text(place));
  if (version.empty()) {
    place = "sys/module/nvidia";
    if (!out.scan.root.Exists(place)) return;
    version = out.scan.Value(place + "/version");
  }
  out.Add(place, "device-driver", "NVIDIA kernel module", version);
  for (Device& device : devices) {
    if (device.driver == "nvidia" && device.driver_version.empty()) device.driver_version = version;
  }
}

// Huawei's installer leaves Version= lines beside what it installed.
void AddAscend(Collector& out, const char* path, const char* kind, const char* name) {
  const auto values = KeyValues(out.scan.Text(path), '=');
  const auto version = values.find("Version");
  if (version != values.end()) out.Add(path, kind, name, Stated(version->second));
}

}  // namespace

std::vector<HostSoftware> ReadHostSoftware(const HostScan& scan, std::vector<Device>& devices) {
  Collector out{scan, {}};
  AddNvidia(out, devices);
  AddModules(out, devices);
  AddAscend(out, "usr/local/Ascend/driver/version.info", "device-driver", "Ascend NPU driver");
  AddAscend(out, "usr/local/Ascend/firmware/version.info", "firmware", "Ascend NPU firmware");
  for (const Device& device : devices) {
    if (device.firmware.empty()) continue;
    const std::string maker = device.driver.empty() ? "accelerator" : device.driver;
    HostSoftware one{device.location, "firmware", maker + " board firmware", device.firmware,
                     scan.host};
    const bool known =
        std::any_of(out.software.begin(), out.software.end(), [&](const HostSoftware& other) {
          return other.name == one.name && other.version == one.version;
        });
    if (!known && out.software.size() < 1000) out.software.push_back(std::move(one));
  }
  return std::move(out.software);
}

}  // namespace weighbridge
