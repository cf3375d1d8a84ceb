#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string_view>

#include <sys/sysmacros.h>

#include "scanner/base/text.h"
#include "scanner/platform/mounts.h"

namespace weighbridge {
namespace {

// Kernel interfaces: they hold no stored files.
constexpr std::array<std::string_view, 24> kPseudo{
    "autofs",    "binfmt_misc", "bpf",      "cgroup",   "cgroup2",    "configfs",
    "debugfs",   "devpts",      "devtmpfs", "efivarfs", "fusectl",    "hugetlbfs",
    "mqueue",    "nsfs",        "proc",     "pstore",   "rpc_pipefs", "securityfs",
    "selinuxfs", "smackfs",     "sysfs",    "tracefs",  "nfsd",       "fuse.lxcfs"};

// Served by another machine. Any other fuse.* is taken as remote too: most are.
constexpr std::array<std::string_view, 20> kRemote{
    "9p",    "afs",       "beegfs", "ceph",   "cifs",  "coda",    "gfs",
    "gfs2",  "glusterfs", "gpfs",   "lustre", "ncpfs", "nfs",     "nfs4",
    "ocfs2", "orangefs",  "pvfs2",  "smb3",   "smbfs", "virtiofs"};

constexpr std::array<std::string_view, 5> kLocalFuse{
    "fuse.fuse-overlayfs", "fuse.mergerfs", "fuse.ntfs-3g", "fuse.squashfuse", "fuse.bindfs"};

template <typename List>
bool Contains(const List& list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

// "rw,lowerdir=...,upperdir=/var/lib/docker/overlay2/ab/diff,workdir=..."
std::string UpperFolder(const std::string& super_options) {
  for (const std::string& option : Split(super_options, ',')) {
    if (option.starts_with("upperdir=/")) return option.substr(9);
  }
  return {};
}

}  // namespace

MountKind Mounts::KindOfType(const std::string& type) {
  if (Contains(kPseudo, type)) return MountKind::kPseudo;
  if (Contains(kRemote, type)) return MountKind::kRemote;
  const bool fuse = type == "fuse" || type.rfind("fuse.", 0) == 0;
  if (fuse && !Contains(kLocalFuse, type)) return MountKind::kRemote;
  return MountKind::kLocal;
}

Mounts Mounts::Read() {
  std::ifstream file("/proc/self/mountinfo");
  return Parse(std::string(std::istreambuf_iterator<char>(file), {}));
}

// proc(5): "36 35 98:0 /root /mount options tags - type source super-options".
Mounts Mounts::Parse(const std::string& mountinfo) {
  Mounts mounts;
  std::istringstream lines(mountinfo);
  for (std::string line; std::getline(lines, line);) {
    const std::vector<std::string> fields = Split(line, ' ');
    const auto dash = std::find(fields.begin(), fields.end(), "-");
    if (fields.size() < 3 || dash == fields.end() || dash + 1 == fields.end()) continue;
    const std::vector<std::string> device = Split(fields[2], ':');
    if (device.size() != 2) continue;
    const auto major_number = ParseUint(device[0]);
    const auto minor_number = ParseUint(device[1]);
    if (!major_number || !minor_number) continue;
    const std::string& type = *(dash + 1);
    Mount mount{type, KindOfType(type), {}};
    if (type == "overlay") mount.upper = UpperFolder(fields.back());
    mounts.by_device_[makedev(static_cast<unsigned>(*major_number),
                              static_cast<unsigned>(*minor_number))] = std::move(mount);
  }
  return mounts;
}

Mount Mounts::Of(std::uint64_t device) const {
  const auto it = by_device_.find(device);
  return it == by_device_.end() ? Mount{} : it->second;
}

}  // namespace weighbridge
