// Where the parsers of inventories put what they read, within limits.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "scanner/accelerators/inventory.h"

namespace weighbridge {

class InventorySink {
 public:
  InventorySink(const Location& location, HostInventory& out) : location_(location), out_(out) {}

  // nullptr when the limit is reached, which is said once. Valid until the next Add.
  Device* Add(const char* seen_in, std::string_view host = {});
  // The device under this key, made if need be: for sources that repeat a device.
  Device* AddKeyed(const std::string& key, const char* seen_in, std::string_view host = {});
  // The device under this key, or nullptr.
  Device* FindKeyed(const std::string& key);
  void AddSoftware(const char* kind, std::string name, std::string_view version,
                   std::string_view host = {});
  void Warn(ErrorCode code, std::string message);
  // "line 12: ..."
  void WarnAt(std::size_t line, ErrorCode code, const std::string& message);

 private:
  const Location& location_;
  HostInventory& out_;
  std::map<std::string, std::size_t> keyed_;
  bool full_ = false;
};

// The lines of a text without their ends, with no copy of the text.
class Lines {
 public:
  explicit Lines(std::string_view text) : rest_(text) {}
  bool Next(std::string_view* line);
  std::size_t number() const { return number_; }  // of the last line given, from 1

 private:
  std::string_view rest_;
  std::size_t number_ = 0;
  bool done_ = false;
};

// Shared by formats that give values under names: fills a Device's PCI ids from
// "[10de:2330]" and the like.
void SetIds(Device& device, std::string_view vendor, std::string_view device_id);

}  // namespace weighbridge
