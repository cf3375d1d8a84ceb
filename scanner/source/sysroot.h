// Sysroot: the root of a host's file tree, this one's or that of another which is
// mounted or was copied somewhere. Small files are read below it, with bounds; links in
// it lead to where they would lead on that host, never out of it.
//
// Owns its descriptor. Thread-safe.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "weighbridge/result.h"

namespace weighbridge {

class Sysroot {
 public:
  // `root` is a folder, "/" for this host.
  static Result<std::unique_ptr<Sysroot>> Open(const std::string& root);
  ~Sysroot();
  Sysroot(const Sysroot&) = delete;
  Sysroot& operator=(const Sysroot&) = delete;

  // The first max_bytes of a regular file. Paths are absolute as the host has them.
  Result<std::string> ReadText(const std::string& path, std::size_t max_bytes) const;
  // Names in a folder, sorted; at most max_names.
  Result<std::vector<std::string>> List(const std::string& path, std::size_t max_names) const;
  // Where a folder lies on this machine, links resolved; nothing when there is none.
  std::optional<std::string> Folder(const std::string& path) const;
  // The text of a symbolic link; "" when there is none.
  std::string LinkText(const std::string& path) const;

  bool IsThisHost() const { return root_ == "/"; }
  const std::string& root() const { return root_; }  // as on this machine, no final '/'
  // `path` below the root: how to reach it from this machine.
  std::string Below(const std::string& path) const;

 private:
  Sysroot(int descriptor, std::string root) : descriptor_(descriptor), root_(std::move(root)) {}
  int OpenInRoot(const std::string& path, int flags) const;

  int descriptor_;
  std::string root_;
};

}  // namespace weighbridge
