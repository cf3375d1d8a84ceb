#include <array>
#include <cerrno>
#include <fstream>
#include <string_view>
#include <vector>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "scanner/base/text.h"
#include "scanner/source/overlay_folder.h"

namespace weighbridge {
namespace {

constexpr std::size_t kMaxParts = 512;

enum class Attribute { kAbsent, kPresent, kUnreadable };

// A directory descriptor that is closed.
class Folder {
 public:
  explicit Folder(int descriptor) : descriptor_(descriptor) {}
  ~Folder() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  void Become(int descriptor) {
    if (descriptor_ >= 0) close(descriptor_);
    descriptor_ = descriptor;
  }
  int descriptor() const { return descriptor_; }

 private:
  int descriptor_;
};

struct Layer {
  bool trusted_hidden;  // trusted.* may be there and cannot be seen
};

// `path` names the entry itself, in /proc/self/fd.
Attribute FindAttribute(const std::string& path, const char* name, std::string_view wanted) {
  std::array<char, 8> value{};
  const ssize_t size = lgetxattr(path.c_str(), name, value.data(), value.size());
  if (size >= 0) {
    const std::string_view text(value.data(), static_cast<std::size_t>(size));
    return wanted.empty() || text == wanted ? Attribute::kPresent : Attribute::kAbsent;
  }
  if (errno == ERANGE) return wanted.empty() ? Attribute::kPresent : Attribute::kAbsent;
  return errno == ENODATA || errno == ENOTSUP ? Attribute::kAbsent : Attribute::kUnreadable;
}

// Whether any of the names is there; unreadable when one cannot be seen and none is.
Attribute AnyAttribute(const Layer& layer, int folder, const std::string& entry,
                       std::initializer_list<const char*> names, std::string_view wanted) {
  const std::string path =
      "/proc/self/fd/" + std::to_string(folder) + (entry.empty() ? "/." : "/" + entry);
  bool unreadable = layer.trusted_hidden;
  for (const char* name : names) {
    const Attribute found = FindAttribute(path, name, wanted);
    if (found == Attribute::kPresent) return found;
    unreadable |= found == Attribute::kUnreadable;
  }
  return unreadable ? Attribute::kUnreadable : Attribute::kAbsent;
}

// The entry's own status; false with errno when there is none.
bool Look(int folder, const std::string& name, struct stat& info) {
  return fstatat(folder, name.c_str(), &info, AT_SYMLINK_NOFOLLOW) == 0;
}

Attribute Exists(int folder, const std::string& name) {
  struct stat info {};
  if (Look(folder, name, info)) return Attribute::kPresent;
  return errno == ENOENT ? Attribute::kAbsent : Attribute::kUnreadable;
}

Attribute Either(Attribute a, Attribute b) {
  if (a == Attribute::kPresent || b == Attribute::kPresent) return Attribute::kPresent;
  if (a == Attribute::kUnreadable || b == Attribute::kUnreadable) return Attribute::kUnreadable;
  return Attribute::kAbsent;
}

Attribute IsOpaque(const Layer& layer, int folder) {
  return Either(
      AnyAttribute(layer, folder, "",
                   {"trusted.overlay.opaque", "user.overlay.opaque", "user.fuseoverlayfs.opaque"},
                   "y"),
      Exists(folder, ".wh..wh..opq"));
}

// A renamed folder: what lower layers have below this path shows elsewhere.
Attribute IsRedirected(const Layer& layer, int folder) {
  return AnyAttribute(layer, folder, "", {"trusted.overlay.redirect", "user.overlay.redirect"}, "");
}

Attribute IsWhiteout(const Layer& layer, int folder, const std::string& name,
                     const struct stat& info) {
  if (S_ISCHR(info.st_mode)) {
    return major(info.st_rdev) == 0 && minor(info.st_rdev) == 0 ? Attribute::kPresent
                                                                : Attribute::kAbsent;
  }
  if (!S_ISREG(info.st_mode) || info.st_size != 0) return Attribute::kAbsent;
  return AnyAttribute(layer, folder, name, {"trusted.overlay.whiteout", "user.overlay.whiteout"},
                      "");
}

OverlayReply Held(const struct stat& info) {
  return {OverlayAnswer::kHolds, static_cast<std::uint64_t>(info.st_size)};
}

}  // namespace

OverlayReply AskOverlayFolder(int folder, const std::string& path, bool trusted) {
  const OverlayReply unknown;
  const OverlayReply deletes{OverlayAnswer::kDeletes, 0};
  struct stat info {};
  if (fstat(folder, &info) != 0) return unknown;
  // Who is not root of the machine cannot have written trusted.* attributes.
  const Layer layer{!trusted && info.st_uid == 0};
  const std::vector<std::string> parts = Split(path, '/');
  if (parts.size() > kMaxParts) return unknown;
  Folder current(fcntl(folder, F_DUPFD_CLOEXEC, 0));
  if (current.descriptor() < 0) return unknown;
  Attribute opaque = Attribute::kAbsent;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const std::string& name = parts[i];
    if (name.empty() || name == "." || name == "..") return unknown;
    opaque = Either(opaque, IsOpaque(layer, current.descriptor()));
    if (IsRedirected(layer, current.descriptor()) == Attribute::kPresent) return unknown;
    const auto otherwise = [&] {
      if (opaque == Attribute::kPresent) return deletes;
      return opaque == Attribute::kUnreadable ? unknown : OverlayReply{OverlayAnswer::kNeither, 0};
    };
    const bool there = Look(current.descriptor(), name, info);
    if (!there && errno != ENOENT) return errno == ENOTDIR ? otherwise() : unknown;
    if (!there) {
      const Attribute hidden = Exists(current.descriptor(), ".wh." + name);
      if (hidden == Attribute::kPresent) return deletes;
      return hidden == Attribute::kUnreadable ? unknown : otherwise();
    }
    switch (IsWhiteout(layer, current.descriptor(), name, info)) {
      case Attribute::kPresent: return deletes;
      case Attribute::kUnreadable: return unknown;
      case Attribute::kAbsent: break;
    }
    if (i + 1 == parts.size() || !S_ISDIR(info.st_mode)) return Held(info);
    current.Become(openat(current.descriptor(), name.c_str(),
                          O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (current.descriptor() < 0) return unknown;
  }
  return unknown;
}

bool SeesTrustedAttributes() {
  constexpr unsigned kSysAdmin = 21;
  std::ifstream map("/proc/self/uid_map");
  std::uint64_t inside = 1;
  std::uint64_t outside = 1;
  std::uint64_t count = 0;
  if (!(map >> inside >> outside >> count)) return false;
  if (inside != 0 || outside != 0 || count < 0xFFFFFFFFULL) return false;
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.rfind("CapEff:", 0) != 0) continue;
    errno = 0;
    const unsigned long long bits = std::strtoull(line.c_str() + 7, nullptr, 16);
    return errno == 0 && ((bits >> kSysAdmin) & 1U) != 0;
  }
  return false;
}

}  // namespace weighbridge
