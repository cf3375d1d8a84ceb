// A fake Linux tree for the detectors: PCI functions in sys/devices with links from
// sys/bus/pci/devices as the kernel makes them, or as plain folders, as a collected report
// has them.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "tests/support/scratch.h"

namespace weighbridge::testing {

struct FakeFunction {
  std::string address;
  std::string vendor;  // as in the file: "0x10de\n"
  std::string device;
  std::string class_code;
  std::string subsystem_vendor;
  std::string subsystem_device;
  std::string driver;
};

class SysfsBuilder {
 public:
  explicit SysfsBuilder(bool links = true) : links_(links) {}

  const std::string& root() const { return scratch_.path(); }
  void Write(const std::string& path, std::string_view text) const { scratch_.Write(path, text); }
  void Link(const std::string& path, const std::string& target) const {
    const std::filesystem::path place = root() + "/" + path;
    std::filesystem::create_directories(place.parent_path());
    std::filesystem::create_symlink(target, place);
  }

  // The folder that holds the function's files.
  std::string Folder(const std::string& address) const {
    return links_ ? "sys/devices/pci0000:00/" + address : "sys/bus/pci/devices/" + address;
  }

  void Add(const FakeFunction& function) const {
    const std::string folder = Folder(function.address);
    const auto file = [&](const char* name, const std::string& text) {
      if (!text.empty()) Write(folder + "/" + name, text);
    };
    file("vendor", function.vendor);
    file("device", function.device);
    file("class", function.class_code);
    file("subsystem_vendor", function.subsystem_vendor);
    file("subsystem_device", function.subsystem_device);
    std::string uevent = "PCI_SLOT_NAME=" + function.address + "\n";
    if (!function.driver.empty()) {
      uevent = "DRIVER=" + function.driver + "\n" + uevent;
      if (links_) {
        std::filesystem::create_directories(root() + "/sys/bus/pci/drivers/" + function.driver);
        Link(folder + "/driver", "../../../bus/pci/drivers/" + function.driver);
      } else {
        std::filesystem::create_directories(root() + "/" + folder + "/driver");
      }
    }
    file("uevent", uevent);
    if (links_)
      Link("sys/bus/pci/devices/" + function.address,
           "../../../devices/pci0000:00/" + function.address);
  }

  // An entry of a class, its `device` leading to the function.
  void AddClass(const std::string& entry, const std::string& address) const {
    if (links_) {
      Link("sys/class/" + entry + "/device", "../../../../sys/bus/pci/devices/" + address);
      return;
    }
    std::filesystem::create_directories(root() + "/sys/class/" + entry);
    std::filesystem::copy(root() + "/" + Folder(address),
                          root() + "/sys/class/" + entry + "/device",
                          std::filesystem::copy_options::recursive);
  }

  // A node of the kfd topology, with one bank of local memory.
  void AddKfdNode(int number, const std::string& properties, std::string_view memory) const {
    const std::string folder = "sys/class/kfd/kfd/topology/nodes/" + std::to_string(number);
    Write(folder + "/gpu_id", "1234\n");
    Write(folder + "/name", "ip discovery\n");
    Write(folder + "/properties", properties);
    Write(folder + "/mem_banks/0/properties",
          "heap_type 1\nsize_in_bytes " + std::string(memory) + "\nflags 0\nwidth 8192\n");
  }

 private:
  Scratch scratch_;
  bool links_;
};

}  // namespace weighbridge::testing
