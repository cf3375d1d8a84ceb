// A Device as one line, empty fields left out, so that tests compare whole records.
#pragma once

#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "weighbridge/device.h"

namespace weighbridge::testing {

inline std::string DeviceText(const Device& device) {
  std::string text = device.seen_in;
  const auto add = [&](const char* name, const std::string& value) {
    if (!value.empty()) text += std::string(" ") + name + "=" + value;
  };
  add("host", device.host);
  add("at", device.address);
  if (!device.pci.vendor.empty() || !device.pci.device.empty())
    add("pci", device.pci.vendor + ":" + device.pci.device);
  if (!device.pci.subsystem_vendor.empty() || !device.pci.subsystem_device.empty())
    add("sub", device.pci.subsystem_vendor + ":" + device.pci.subsystem_device);
  add("class", device.pci.class_code);
  add("vendor", device.vendor);
  add("product", device.product);
  add("arch", device.architecture);
  if (device.memory_bytes != 0) add("mem", std::to_string(device.memory_bytes));
  if (device.count != 1) add("count", std::to_string(device.count));
  if (device.partitioned) text += " partitioned";
  add("driver", device.driver);
  add("driver-version", device.driver_version);
  add("fw", device.firmware);
  add("serial", device.serial);
  add("uuid", device.uuid);
  for (const Claim& claim : device.claims) add(claim.key.c_str(), claim.value);
  for (const Diagnostic& diagnostic : device.diagnostics) text += " !" + diagnostic.message;
  return text;
}

inline std::vector<std::string> DeviceTexts(const std::vector<Device>& devices) {
  std::vector<std::string> texts;
  for (const Device& device : devices) texts.push_back(DeviceText(device));
  return texts;
}

inline std::vector<std::string> SoftwareTexts(const std::vector<HostSoftware>& software) {
  std::vector<std::string> texts;
  for (const HostSoftware& one : software) {
    texts.push_back(one.kind + " " + one.name + " " + one.version);
  }
  return texts;
}

}  // namespace weighbridge::testing

template <>
struct doctest::StringMaker<std::vector<std::string>> {
  static String convert(const std::vector<std::string>& lines) {
    std::string text;
    for (const std::string& line : lines) text += "\n  " + line;
    return text.c_str();
  }
};
