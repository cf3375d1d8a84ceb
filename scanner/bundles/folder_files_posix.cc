#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "scanner/base/text.h"
#include "scanner/bundles/data_folder.h"
#include "scanner/bundles/folder_files.h"

namespace weighbridge {
namespace {

constexpr std::string_view kTemporary = ".incoming-";
constexpr std::string_view kBundleEnding = ".wbdb";
constexpr std::size_t kMaxNames = 1000;
constexpr int kLockTries = 100;  // of 0.1 s

Error SystemError(const std::string& path) {
  const int error = errno;
  const ErrorCode code = error == ENOENT || error == ENOTDIR ? ErrorCode::kNotFound
                         : error == EACCES || error == EPERM ? ErrorCode::kPermission
                                                             : ErrorCode::kIo;
  return {code, Printable(path) + ": " + std::strerror(error)};
}

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() { Close(); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return number_; }
  bool Close() {
    const int number = number_;
    number_ = -1;
    return number < 0 || close(number) == 0;
  }

 private:
  int number_;
};

bool WriteAll(int descriptor, const std::string& bytes) {
  for (std::size_t done = 0; done < bytes.size();) {
    const ssize_t wrote = write(descriptor, bytes.data() + done, bytes.size() - done);
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote <= 0) return false;
    done += static_cast<std::size_t>(wrote);
  }
  return true;
}

Status SyncFolder(const std::string& folder) {
  const Descriptor opened(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (opened.get() < 0 || fsync(opened.get()) != 0) return SystemError(folder);
  return {};
}

}  // namespace

Result<FolderLock> FolderLock::Take(const std::string& folder) {
  const std::string path = folder + "/lock";
  const int descriptor = open(path.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0644);
  if (descriptor < 0) return SystemError(path);
  FolderLock lock(descriptor);
  for (int i = 0; i < kLockTries; ++i) {
    if (flock(descriptor, LOCK_EX | LOCK_NB) == 0) return lock;
    if (errno != EWOULDBLOCK && errno != EINTR) return SystemError(path);
    usleep(100'000);
  }
  return Error{ErrorCode::kIo, Printable(path) + ": another update holds the lock"};
}

FolderLock::~FolderLock() {
  if (descriptor_ >= 0) close(descriptor_);  // and with it the lock is gone
}

Result<std::string> ReadRegularFile(const std::string& path, std::size_t limit, bool trusted) {
  // O_NONBLOCK: a pipe in its place must not hang us.
  const int follow = trusted ? O_NOFOLLOW : 0;
  const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | follow));
  if (file.get() < 0) return SystemError(path);
  struct stat info {};
  if (fstat(file.get(), &info) != 0) return SystemError(path);
  if (!S_ISREG(info.st_mode))
    return Error{ErrorCode::kInvalidArgument, Printable(path) + ": not a regular file"};
  if (trusted && ((info.st_uid != 0 && info.st_uid != geteuid()) || (info.st_mode & S_IWOTH))) {
    return Error{ErrorCode::kPermission,
                 Printable(path) + ": belongs to another user, or everybody may write to it"};
  }
  const auto too_long = [&] {
    return Error{ErrorCode::kLimitExceeded,
                 Printable(path) + ": longer than " + std::to_string(limit) + " bytes"};
  };
  if (info.st_size < 0 || static_cast<std::uint64_t>(info.st_size) > limit) return too_long();
  std::string bytes(static_cast<std::size_t>(info.st_size), '\0');
  std::size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t got = read(file.get(), bytes.data() + done, bytes.size() - done);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return SystemError(path);
    if (got == 0) break;
    done += static_cast<std::size_t>(got);
  }
  bytes.resize(done);
  return bytes;
}

Status ReplaceFile(const std::string& folder, const std::string& name, const std::string& bytes) {
  std::string temporary = folder + "/" + std::string(kTemporary) + "XXXXXX";
  const std::string path = folder + "/" + name;
  Descriptor file(mkostemp(temporary.data(), O_CLOEXEC));
  if (file.get() < 0) return SystemError(path);
  const bool wrote = WriteAll(file.get(), bytes) && fchmod(file.get(), 0644) == 0 &&
                     fsync(file.get()) == 0 && file.Close() &&
                     rename(temporary.c_str(), path.c_str()) == 0;
  if (!wrote) {
    const Error failure = SystemError(path);
    unlink(temporary.c_str());
    return failure;
  }
  return SyncFolder(folder);
}

void RemoveLeftovers(const std::string& folder, const std::vector<std::string>& kept_bundles) {
  for (const std::string& name : NamesIn(folder, "")) {
    const bool bundle = name.size() == 64 + kBundleEnding.size() && name.ends_with(kBundleEnding);
    const bool kept = std::any_of(kept_bundles.begin(), kept_bundles.end(), [&](auto& digest) {
      return name == digest + std::string(kBundleEnding);
    });
    if (name.starts_with(kTemporary) || (bundle && !kept)) unlink((folder + "/" + name).c_str());
  }
}

Status MakeFolder(const std::string& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error)
    return Error{ErrorCode::kIo, Printable(folder) + ": cannot be made: " + error.message()};
  return {};
}

std::vector<std::string> NamesIn(const std::string& folder, const std::string& ending) {
  std::vector<std::string> names;
  std::error_code error;
  std::filesystem::directory_iterator entries(folder, error), end;
  for (; !error && entries != end && names.size() < kMaxNames; entries.increment(error)) {
    std::string name = entries->path().filename().string();
    if (name.ends_with(ending)) names.push_back(std::move(name));
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::string HomeDataFolder() {
  const char* data = std::getenv("XDG_DATA_HOME");
  if (data != nullptr && *data == '/') return std::string(data) + "/weighbridge";
  const char* home = std::getenv("HOME");
  if (home != nullptr && *home == '/') return std::string(home) + "/.local/share/weighbridge";
  return {};
}

bool IsRoot() { return geteuid() == 0; }

Result<std::string> ReadWholeFile(const std::string& path, std::size_t limit) {
  return ReadRegularFile(path, limit, false);
}

Status WriteNewFile(const std::string& path, const std::string& bytes, unsigned mode) {
  Descriptor file(open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                       static_cast<mode_t>(mode)));
  if (file.get() < 0) return SystemError(path);
  if (WriteAll(file.get(), bytes) && fsync(file.get()) == 0 && file.Close()) return {};
  const Error failure = SystemError(path);
  unlink(path.c_str());
  return failure;
}

}  // namespace weighbridge
