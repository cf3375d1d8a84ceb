// What both users of libarchive share: an owned handle, a read callback over a
// Stream or a ByteSource, and its errors in our words.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>

#include <archive.h>

#include "scanner/archive/stream.h"

namespace weighbridge {

struct FreeArchive {
  void operator()(struct archive* handle) const { archive_read_free(handle); }
};
using ArchiveHandle = std::unique_ptr<struct archive, FreeArchive>;

// Gives libarchive its input. Must outlive the handle it was opened with.
class ArchiveInput {
 public:
  explicit ArchiveInput(Stream& stream) : stream_(&stream) {}
  // Seekable: members can be passed by without reading them.
  explicit ArchiveInput(const ByteSource& source) : source_(&source) {}

  // Registers the callbacks and opens.
  Status Open(struct archive* handle);
  // The failure of the input itself, which libarchive only knows as "fatal".
  const std::optional<Error>& failure() const { return failure_; }

 private:
  static la_ssize_t Read(struct archive* handle, void* self, const void** buffer);
  static la_int64_t Skip(struct archive* handle, void* self, la_int64_t request);
  static la_int64_t Seek(struct archive* handle, void* self, la_int64_t offset, int whence);

  Stream* stream_ = nullptr;
  const ByteSource* source_ = nullptr;
  std::uint64_t position_ = 0;
  std::optional<Error> failure_;
  std::array<std::uint8_t, 64 << 10> block_;
};

// The handle's last error, or the input's.
Error ArchiveError(struct archive* handle, const ArchiveInput& input);

}  // namespace weighbridge
