#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstdlib>

#include <dirent.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "scanner/source/file.h"
#include "scanner/source/sysroot.h"

namespace weighbridge {
namespace {

// Closes what it holds.
class Descriptor {
 public:
  explicit Descriptor(int value) : value_(value) {}
  ~Descriptor() {
    if (value_ >= 0) close(value_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return value_; }
  bool valid() const { return value_ >= 0; }

 private:
  int value_;
};

// The place of an open file on this machine.
std::string PlaceOf(int descriptor) {
  char place[PATH_MAX];
  const std::string link = "/proc/self/fd/" + std::to_string(descriptor);
  const ssize_t length = readlink(link.c_str(), place, sizeof place);
  if (length <= 0 || static_cast<std::size_t>(length) >= sizeof place) return {};
  return std::string(place, static_cast<std::size_t>(length));
}

std::string Relative(const std::string& path) {
  const std::size_t begin = path.find_first_not_of('/');
  return begin == path.npos ? "." : path.substr(begin);
}

}  // namespace

Result<std::unique_ptr<Sysroot>> Sysroot::Open(const std::string& root) {
  std::unique_ptr<char, decltype(&std::free)> real(realpath(root.c_str(), nullptr), &std::free);
  if (real == nullptr) return SystemError(errno, "open");
  const int descriptor = open(real.get(), O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return SystemError(errno, "open directory");
  return std::unique_ptr<Sysroot>(new Sysroot(descriptor, real.get()));
}

Sysroot::~Sysroot() { close(descriptor_); }

// openat2(2) keeps links inside the root. Before Linux 5.6, and where a sandbox forbids
// the call, this host's own root needs no keeping, and below another no link is followed.
int Sysroot::OpenInRoot(const std::string& path, int flags) const {
  const std::string relative = Relative(path);
  struct open_how how {};
  how.flags = static_cast<std::uint64_t>(flags | O_CLOEXEC);
  how.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS;
  for (int attempt = 0; attempt < 8; ++attempt) {
    const long result = syscall(SYS_openat2, descriptor_, relative.c_str(), &how, sizeof how);
    if (result >= 0) return static_cast<int>(result);
    if (errno != EAGAIN) break;  // the tree was renamed on the way
  }
  if (errno != ENOSYS && errno != EPERM) return -1;
  if (IsThisHost()) return openat(descriptor_, relative.c_str(), flags | O_CLOEXEC);
  int folder = dup(descriptor_);
  for (std::size_t begin = 0; folder >= 0 && begin < relative.size();) {
    const std::size_t end = std::min(relative.find('/', begin), relative.size());
    const std::string part = relative.substr(begin, end - begin);
    const bool last = end >= relative.size();
    if (part == "..") {
      close(folder);
      errno = EXDEV;
      return -1;
    }
    const int next = openat(folder, part.c_str(),
                            (last ? flags : O_PATH | O_DIRECTORY) | O_NOFOLLOW | O_CLOEXEC);
    close(folder);
    folder = next;
    begin = relative.find_first_not_of('/', end);
    if (begin == relative.npos) break;
  }
  return folder;
}

Result<std::string> Sysroot::ReadText(const std::string& path, std::size_t max_bytes) const {
  const Descriptor file(OpenInRoot(path, O_RDONLY | O_NONBLOCK | O_NOCTTY));
  if (!file.valid()) return SystemError(errno, "open");
  struct stat info {};
  if (fstat(file.get(), &info) != 0) return SystemError(errno, "stat");
  if (!S_ISREG(info.st_mode)) return Error{ErrorCode::kUnsupported, "not a regular file"};
  std::string text;
  // The size is not asked for: files of /proc and /sys state none.
  constexpr std::size_t kStep = 64 * 1024;
  while (text.size() < max_bytes) {
    const std::size_t before = text.size();
    text.resize(before + std::min(kStep, max_bytes - before));
    const ssize_t got = read(file.get(), text.data() + before, text.size() - before);
    if (got < 0 && errno == EINTR) {
      text.resize(before);
      continue;
    }
    if (got < 0) return SystemError(errno, "read");
    text.resize(before + static_cast<std::size_t>(got));
    if (got == 0) break;
  }
  return text;
}

Result<std::vector<std::string>> Sysroot::List(const std::string& path,
                                               std::size_t max_names) const {
  const int folder = OpenInRoot(path, O_RDONLY | O_DIRECTORY);
  DIR* stream = folder < 0 ? nullptr : fdopendir(folder);
  if (stream == nullptr) {
    const Error error = SystemError(errno, "read directory");
    if (folder >= 0) close(folder);
    return error;
  }
  std::vector<std::string> names;
  while (names.size() < max_names) {
    const dirent* entry = readdir(stream);
    if (entry == nullptr) break;
    const std::string name = entry->d_name;
    if (name != "." && name != "..") names.push_back(name);
  }
  closedir(stream);
  std::sort(names.begin(), names.end());
  return names;
}

std::optional<std::string> Sysroot::Folder(const std::string& path) const {
  const Descriptor folder(OpenInRoot(path, O_PATH | O_DIRECTORY));
  if (!folder.valid()) return std::nullopt;
  std::string place = PlaceOf(folder.get());
  if (place.empty()) return std::nullopt;
  return place;
}

std::string Sysroot::LinkText(const std::string& path) const {
  const Descriptor link(OpenInRoot(path, O_PATH | O_NOFOLLOW));
  if (!link.valid()) return {};
  char text[PATH_MAX];
  const ssize_t length = readlinkat(link.get(), "", text, sizeof text);
  if (length <= 0 || static_cast<std::size_t>(length) >= sizeof text) return {};
  return std::string(text, static_cast<std::size_t>(length));
}

std::string Sysroot::Below(const std::string& path) const {
  const std::string relative = Relative(path);
  if (relative == ".") return root_;
  return root_ == "/" ? "/" + relative : root_ + "/" + relative;
}

}  // namespace weighbridge
