#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <deque>
#include <memory>
#include <utility>

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "scanner/base/text.h"
#include "scanner/source/file.h"
#include "scanner/source/sysroot.h"

namespace weighbridge {
namespace {

constexpr int kMaxLinks = 40;  // as the kernel has it
constexpr int kMaxSteps = 1024;

class Descriptor {
 public:
  explicit Descriptor(int value) : value_(value) {}
  ~Descriptor() {
    if (value_ >= 0) close(value_);
  }
  Descriptor(Descriptor&& other) noexcept : value_(std::exchange(other.value_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(value_, other.value_);
    return *this;
  }
  int get() const { return value_; }
  int Release() { return std::exchange(value_, -1); }

 private:
  int value_;
};

struct CloseStream {
  void operator()(DIR* stream) const { closedir(stream); }
};

// Follows a path component by component; holds every folder on the way, so that ".."
// is the folder it came through and never the parent of the root.
class Walk {
 public:
  explicit Walk(int root) : root_(root) {}

  Status Follow(const std::string& path, bool follow_last) {
    Prepend(path);
    for (int step = 0; !pending_.empty(); ++step) {
      if (step > kMaxSteps) return SystemError(ELOOP, "follow");
      const std::string name = std::move(pending_.front());
      pending_.pop_front();
      if (name == "..") {
        Up();
      } else if (Status status = Enter(name, follow_last || !pending_.empty()); !status.ok()) {
        return status;
      }
    }
    return {};
  }

  int last() const { return opened_.empty() ? root_ : opened_.back().get(); }
  int parent() const { return opened_.size() < 2 ? root_ : opened_[opened_.size() - 2].get(); }
  const std::vector<std::string>& names() const { return names_; }

 private:
  void Prepend(std::string_view path) {
    std::vector<std::string> parts = Split(path, '/');
    for (auto part = parts.rbegin(); part != parts.rend(); ++part) {
      if (!part->empty() && *part != ".") pending_.push_front(std::move(*part));
    }
  }

  void Up() {
    if (opened_.empty()) return;
    opened_.pop_back();
    names_.pop_back();
  }

  Status Enter(const std::string& name, bool follow) {
    Descriptor here(openat(last(), name.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC));
    if (here.get() < 0) return SystemError(errno, "open");
    struct stat info {};
    if (fstat(here.get(), &info) != 0) return SystemError(errno, "stat");
    if (S_ISLNK(info.st_mode) && follow) return FollowLink(here.get());
    opened_.push_back(std::move(here));
    names_.push_back(name);
    return {};
  }

  Status FollowLink(int link) {
    if (++links_ > kMaxLinks) return SystemError(ELOOP, "follow");
    std::array<char, 4096> target;
    const ssize_t size = readlinkat(link, "", target.data(), target.size());
    if (size < 0) return SystemError(errno, "read link");
    if (static_cast<std::size_t>(size) == target.size())
      return SystemError(ENAMETOOLONG, "read link");
    const std::string_view text(target.data(), static_cast<std::size_t>(size));
    if (text.starts_with('/')) {
      opened_.clear();
      names_.clear();
    }
    Prepend(text);
    return {};
  }

  int root_;
  int links_ = 0;
  std::deque<std::string> pending_;
  std::vector<Descriptor> opened_;
  std::vector<std::string> names_;
};

Result<std::string> ReadAll(int file, std::size_t max_bytes) {
  std::string text;
  std::array<char, 4096> buffer;
  while (text.size() <= max_bytes) {
    const ssize_t got = read(file, buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    // How drivers say that an attribute of theirs has no value on this device.
    if (got < 0 && (errno == EOPNOTSUPP || errno == EINVAL || errno == ENODATA))
      return Error{ErrorCode::kNotFound, "read: no value"};
    if (got < 0) return SystemError(errno, "read");
    if (got == 0) return text;
    text.append(buffer.data(), static_cast<std::size_t>(got));
  }
  return text;
}

}  // namespace

Result<Sysroot> Sysroot::Open(const std::string& root) {
  std::unique_ptr<char, decltype(&std::free)> real(realpath(root.c_str(), nullptr), &std::free);
  if (real == nullptr) return SystemError(errno, "open directory");
  const int descriptor = open(real.get(), O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return SystemError(errno, "open directory");
  return Sysroot(real.get(), descriptor);
}

Sysroot::~Sysroot() {
  if (descriptor_ >= 0) close(descriptor_);
}

Sysroot::Sysroot(Sysroot&& other) noexcept
    : root_(std::move(other.root_)), descriptor_(std::exchange(other.descriptor_, -1)) {}

Result<std::string> Sysroot::ReadText(const std::string& path, std::size_t max_bytes) const {
  auto text = ReadMore(path, max_bytes);
  if (text.ok() && text.value().size() > max_bytes) {
    return Error{ErrorCode::kLimitExceeded, "more than " + std::to_string(max_bytes) + " bytes"};
  }
  return text;
}

Result<std::string> Sysroot::ReadBeginning(const std::string& path, std::size_t max_bytes) const {
  auto text = ReadMore(path, max_bytes);
  if (text.ok() && text.value().size() > max_bytes) text.value().resize(max_bytes);
  return text;
}

// A little more than max_bytes where there is more.
Result<std::string> Sysroot::ReadMore(const std::string& path, std::size_t max_bytes) const {
  Walk walk(descriptor_);
  if (Status status = walk.Follow(path, true); !status.ok()) return status.error();
  struct stat seen {};
  if (fstat(walk.last(), &seen) != 0) return SystemError(errno, "stat");
  // A device node is never opened: that may act on the device.
  if (!S_ISREG(seen.st_mode)) return Error{ErrorCode::kUnsupported, "not a regular file"};
  const Descriptor file(openat(walk.parent(), walk.names().back().c_str(),
                               O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | O_NOCTTY));
  if (file.get() < 0) return SystemError(errno, "open");
  struct stat info {};
  if (fstat(file.get(), &info) != 0) return SystemError(errno, "stat");
  if (info.st_dev != seen.st_dev || info.st_ino != seen.st_ino)
    return Error{ErrorCode::kChanged, "replaced while it was opened"};
  return ReadAll(file.get(), max_bytes);
}

Result<std::vector<std::string>> Sysroot::Entries(const std::string& path, bool* more,
                                                  std::size_t max_entries) const {
  *more = false;
  Walk walk(descriptor_);
  if (Status status = walk.Follow(path, true); !status.ok()) return status.error();
  Descriptor folder(openat(walk.last(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (folder.get() < 0) return SystemError(errno, "open directory");
  const std::unique_ptr<DIR, CloseStream> stream(fdopendir(folder.get()));
  if (stream == nullptr) return SystemError(errno, "open directory");
  folder.Release();
  std::vector<std::string> names;
  while (const dirent* entry = readdir(stream.get())) {
    const std::string_view name = entry->d_name;
    if (name == "." || name == "..") continue;
    if (names.size() == max_entries) {
      *more = true;
      break;
    }
    names.emplace_back(name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

bool Sysroot::Exists(const std::string& path) const {
  Walk walk(descriptor_);
  return walk.Follow(path, false).ok();
}

Result<std::string> Sysroot::RealPath(const std::string& path) const {
  Walk walk(descriptor_);
  if (Status status = walk.Follow(path, true); !status.ok()) return status.error();
  return Join(walk.names(), "/");
}

std::string Sysroot::LinkText(const std::string& path) const {
  Walk walk(descriptor_);
  if (!walk.Follow(path, false).ok()) return {};
  std::array<char, 4096> text;
  const ssize_t size = readlinkat(walk.last(), "", text.data(), text.size());
  if (size <= 0 || static_cast<std::size_t>(size) == text.size()) return {};
  return std::string(text.data(), static_cast<std::size_t>(size));
}

std::optional<std::string> Sysroot::Folder(const std::string& path) const {
  Walk walk(descriptor_);
  struct stat info {};
  if (!walk.Follow(path, true).ok() || fstat(walk.last(), &info) != 0 || !S_ISDIR(info.st_mode)) {
    return std::nullopt;
  }
  return Place(Join(walk.names(), "/"));
}

std::string Sysroot::Place(const std::string& path) const {
  const std::size_t begin = path.find_first_not_of('/');
  if (begin == path.npos) return root_;
  return (root_ == "/" ? root_ : root_ + "/") + path.substr(begin);
}

}  // namespace weighbridge
