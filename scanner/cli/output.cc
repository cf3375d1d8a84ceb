#include "scanner/cli/output.h"

#include <cerrno>
#include <cstdio>
#include <cstring>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "scanner/base/text.h"

namespace weighbridge {
namespace {

Error WriteError(const std::string& path) {
  return {ErrorCode::kIo,
          (path.empty() ? "standard output" : Printable(path)) + ": " + std::strerror(errno)};
}

bool WriteAll(int descriptor, const std::string& text) {
  for (std::size_t done = 0; done < text.size();) {
    const ssize_t wrote = write(descriptor, text.data() + done, text.size() - done);
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote <= 0) return false;
    done += static_cast<std::size_t>(wrote);
  }
  return true;
}

}  // namespace

Status WriteDocument(const std::string& path, const std::string& text) {
  if (path.empty()) {
    if (!WriteAll(STDOUT_FILENO, text)) return WriteError(path);
    return {};
  }
  struct stat info {};
  if (stat(path.c_str(), &info) == 0 && !S_ISREG(info.st_mode)) {
    // /dev/stdout, /dev/null or a pipe: there is nothing to rename over.
    const int descriptor = open(path.c_str(), O_WRONLY | O_CLOEXEC);
    if (descriptor < 0) return WriteError(path);
    const bool wrote = WriteAll(descriptor, text);
    if (close(descriptor) != 0 || !wrote) return WriteError(path);
    return {};
  }
  std::string temporary = path + ".XXXXXX";
  const int descriptor = mkostemp(temporary.data(), O_CLOEXEC);
  if (descriptor < 0) return WriteError(path);
  const mode_t mask = umask(0);
  umask(mask);
  const bool wrote =
      WriteAll(descriptor, text) && fchmod(descriptor, 0666 & ~mask) == 0 && fsync(descriptor) == 0;
  const int error = errno;
  if (close(descriptor) != 0 || !wrote || rename(temporary.c_str(), path.c_str()) != 0) {
    if (!wrote) errno = error;
    const Error failure = WriteError(path);
    unlink(temporary.c_str());
    return failure;
  }
  return {};
}

}  // namespace weighbridge
