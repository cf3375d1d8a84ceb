#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string>

#include <fcntl.h>
#include <unistd.h>

#include "scanner/archive/scratch_file.h"

namespace weighbridge {
namespace {

Error Failed(const char* what) {
  return {ErrorCode::kIo,
          std::string("temporary file: cannot ") + what + ": " + std::strerror(errno)};
}

}  // namespace

Result<int> OpenScratchFile() {
  const char* folder = std::getenv("TMPDIR");
  // Not /tmp, which is memory on many systems.
  if (folder == nullptr || *folder == '\0') folder = "/var/tmp";
  const int file = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC | O_EXCL, 0600);
  if (file >= 0) return file;
  std::string name = std::string(folder) + "/weighbridge-XXXXXX";
  const int named = mkostemp(name.data(), O_CLOEXEC);
  if (named < 0) return Failed("create");
  unlink(name.c_str());
  return named;
}

Status AppendToScratch(int descriptor, ByteSpan bytes) {
  while (!bytes.empty()) {
    const ssize_t put = write(descriptor, bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) return Failed("write");
    bytes = bytes.subspan(static_cast<std::size_t>(put));
  }
  return {};
}

Result<std::size_t> ReadScratch(int descriptor, std::uint64_t offset, MutableByteSpan out) {
  while (true) {
    const ssize_t got = pread(descriptor, out.data(), out.size(), static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return Failed("read");
    return static_cast<std::size_t>(got);
  }
}

void CloseScratch(int descriptor) { close(descriptor); }

}  // namespace weighbridge
