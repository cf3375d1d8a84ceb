// Mounts: which file systems are remote or hold no files of their own. Read once
// per scan from /proc/self/mountinfo. Immutable, thread-safe.
#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace weighbridge {

enum class MountKind { kLocal, kRemote, kPseudo };

struct Mount {
  std::string type;  // "nfs4", "proc"
  MountKind kind = MountKind::kLocal;
  std::string upper;  // of an overlay: the folder that takes its changes
};

class Mounts {
 public:
  // An unreadable table leaves every device kLocal.
  static Mounts Read();
  // For tests: the text of a mountinfo file (proc(5)).
  static Mounts Parse(const std::string& mountinfo);
  // The mount of a device number as stat(2) gives it.
  Mount Of(std::uint64_t device) const;
  static MountKind KindOfType(const std::string& type);

 private:
  std::map<std::uint64_t, Mount> by_device_;
};

}  // namespace weighbridge
