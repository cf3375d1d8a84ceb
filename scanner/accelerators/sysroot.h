// Sysroot: a Linux tree below one folder, read without ever leaving it. Links are followed
// inside the tree only, each as if the folder were the root of the file system, which is
// how a mounted image or a collected report must be read. One implementation for every
// kernel: openat2(2) would not say where a link led, and sysfs is links.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "weighbridge/result.h"

namespace weighbridge {

class Sysroot {
 public:
  static constexpr std::size_t kMaxTextBytes = 64 << 10;
  static constexpr std::size_t kMaxEntries = 20'000;  // of one folder

  static Result<Sysroot> Open(const std::string& root);
  ~Sysroot();
  Sysroot(Sysroot&& other) noexcept;
  Sysroot& operator=(Sysroot&&) = delete;

  // Paths have no leading slash: "sys/class/drm".
  // The bytes of a regular file; kLimitExceeded when it holds more than max_bytes.
  Result<std::string> ReadText(const std::string& path,
                               std::size_t max_bytes = kMaxTextBytes) const;
  // The names in a folder, sorted; *more when there were more than kMaxEntries.
  Result<std::vector<std::string>> Entries(const std::string& path, bool* more) const;
  // Whether the name is there, whatever it leads to.
  bool Exists(const std::string& path) const;
  // Where the path leads, without links: "sys/devices/pci0000:16/0000:17:00.0".
  Result<std::string> RealPath(const std::string& path) const;
  // The path as a report names it.
  std::string Place(const std::string& path) const;

 private:
  Sysroot(std::string root, int descriptor) : root_(std::move(root)), descriptor_(descriptor) {}

  std::string root_;
  int descriptor_;
};

}  // namespace weighbridge
