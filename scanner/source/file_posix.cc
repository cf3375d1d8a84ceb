#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "scanner/source/file.h"

namespace weighbridge {
namespace {

constexpr int kFileFlags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | O_NOCTTY;

std::int64_t Nanoseconds(const timespec& time) {
  return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

FileStamp StampOf(const struct stat& info) {
  return {.device = static_cast<std::uint64_t>(info.st_dev),
          .inode = static_cast<std::uint64_t>(info.st_ino),
          .size = info.st_size < 0 ? 0 : static_cast<std::uint64_t>(info.st_size),
          .mtime_ns = Nanoseconds(info.st_mtim),
          .ctime_ns = Nanoseconds(info.st_ctim),
          .links = static_cast<std::uint64_t>(info.st_nlink)};
}

// openat2(2) refuses symbolic links in every component; before Linux 5.6, and where
// a sandbox forbids the call, only the last component is guarded.
int OpenNoLinks(int directory, const char* path, int flags) {
  struct open_how how {};
  how.flags = static_cast<std::uint64_t>(flags);
  how.resolve = RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS;
  const long result = syscall(SYS_openat2, directory, path, &how, sizeof how);
  if (result >= 0 || (errno != ENOSYS && errno != EPERM)) return static_cast<int>(result);
  return openat(directory, path, flags);
}

// By the numbers of statfs(2): proc, sysfs, debugfs, tracefs, securityfs.
bool IsKernelInterface(const struct statfs& system) {
  constexpr std::array<std::int64_t, 5> kInterfaces{0x9fa0, 0x62656572, 0x64626720, 0x74726163,
                                                    0x73636673};
  return std::find(kInterfaces.begin(), kInterfaces.end(), std::int64_t{system.f_type}) !=
         kInterfaces.end();
}

}  // namespace

Error SystemError(int error_number, const std::string& operation) {
  ErrorCode code = ErrorCode::kIo;
  if (error_number == EACCES || error_number == EPERM) code = ErrorCode::kPermission;
  if (error_number == ENOENT || error_number == ENOTDIR) code = ErrorCode::kNotFound;
  return {code, operation + ": " + std::strerror(error_number)};
}

Result<std::unique_ptr<File>> File::Adopt(int descriptor, const std::string&) {
  if (descriptor < 0) {
    if (errno == ELOOP) return Error{ErrorCode::kUnsupported, "symbolic link"};
    return SystemError(errno, "open");
  }
  struct stat info {};
  if (fstat(descriptor, &info) != 0) {
    const Error error = SystemError(errno, "stat");
    close(descriptor);
    return error;
  }
  if (!S_ISREG(info.st_mode)) {
    close(descriptor);
    return Error{ErrorCode::kUnsupported, "not a regular file"};
  }
  return std::unique_ptr<File>(new File(descriptor, StampOf(info)));
}

Result<std::unique_ptr<File>> File::OpenAt(int directory, const std::string& name) {
  return Adopt(openat(directory, name.c_str(), kFileFlags), name);
}

Result<std::unique_ptr<File>> File::OpenBeneath(int directory, const std::string& path) {
  return Adopt(OpenNoLinks(directory, path.c_str(), kFileFlags), path);
}

Result<std::unique_ptr<File>> File::OpenMapped(const std::string& path) {
  const int place = open(path.c_str(), O_PATH | O_CLOEXEC);  // opens no device
  if (place < 0) return SystemError(errno, "open");
  struct stat info {};
  struct statfs system {};
  const bool known = fstat(place, &info) == 0 && fstatfs(place, &system) == 0;
  const bool regular = known && S_ISREG(info.st_mode) && !IsKernelInterface(system);
  if (!regular) {
    close(place);
    return Error{ErrorCode::kUnsupported, "not a stored file"};
  }
  const std::string self = "/proc/self/fd/" + std::to_string(place);
  auto file = Adopt(open(self.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY), path);
  close(place);
  return file;
}

File::~File() { close(descriptor_); }

Result<std::size_t> File::ReadAt(std::uint64_t offset, MutableByteSpan out) const {
  // Never past the size at opening: saves the read that would only find the end.
  if (offset >= stamp_.size) return std::size_t{0};
  out = out.first(
      static_cast<std::size_t>(std::min<std::uint64_t>(out.size(), stamp_.size - offset)));
  std::size_t done = 0;
  while (done < out.size()) {
    const ssize_t got =
        pread(descriptor_, out.data() + done, out.size() - done, static_cast<off_t>(offset + done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return SystemError(errno, "read");
    if (got == 0) break;
    done += static_cast<std::size_t>(got);
  }
  return done;
}

bool File::ChangedSinceOpening() const {
  struct stat info {};
  if (fstat(descriptor_, &info) != 0) return true;
  const FileStamp now = StampOf(info);
  return now.size != stamp_.size || now.mtime_ns != stamp_.mtime_ns;
}

void File::ExpectSequentialRead() const { posix_fadvise(descriptor_, 0, 0, POSIX_FADV_SEQUENTIAL); }

Result<int> OpenDirectoryBeneath(int directory, const std::string& path) {
  const int descriptor =
      OpenNoLinks(directory, path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (descriptor < 0) return SystemError(errno, "open directory");
  return descriptor;
}

}  // namespace weighbridge
