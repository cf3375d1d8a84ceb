// Sysroot: a Linux tree below one folder, read without ever leaving it. Links are followed
// inside the tree only, each as if the folder were the root of the file system, which is
// how a mounted image or a collected report must be read. One implementation for every
// kernel: openat2(2) would not say where a link led, and sysfs is links.
#pragma once

#include <cstdint>
#include <optional>
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

  // Paths are from the root, with or without a leading slash: "sys/class/drm".
  // The bytes of a regular file; kLimitExceeded when it holds more than max_bytes.
  Result<std::string> ReadText(const std::string& path,
                               std::size_t max_bytes = kMaxTextBytes) const;
  // The same, cut at max_bytes.
  Result<std::string> ReadBeginning(const std::string& path, std::size_t max_bytes) const;
  // The names in a folder, sorted; *more when there were more than max_entries.
  Result<std::vector<std::string>> Entries(const std::string& path, bool* more,
                                           std::size_t max_entries = kMaxEntries) const;
  // Whether the name is there, whatever it leads to.
  bool Exists(const std::string& path) const;
  // Where the path leads, without links: "sys/devices/pci0000:16/0000:17:00.0".
  Result<std::string> RealPath(const std::string& path) const;
  // The text of a symbolic link; "" when there is none.
  std::string LinkText(const std::string& path) const;
  // Where a folder lies on this machine, links resolved; nothing when there is none.
  std::optional<std::string> Folder(const std::string& path) const;
  bool IsThisHost() const { return root_ == "/"; }
  const std::string& root() const { return root_; }
  // The path as this machine reaches it and a report names it.
  std::string Place(const std::string& path) const;

 private:
  Result<std::string> ReadMore(const std::string& path, std::size_t max_bytes) const;
  Sysroot(std::string root, int descriptor) : root_(std::move(root)), descriptor_(descriptor) {}

  std::string root_;
  int descriptor_;
};

}  // namespace weighbridge
