#include "scanner/archive/libarchive_handle.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>

#include "scanner/base/text.h"

namespace weighbridge {

Status ArchiveInput::Open(struct archive* handle) {
  archive_read_set_read_callback(handle, &ArchiveInput::Read);
  if (source_ != nullptr) {
    archive_read_set_skip_callback(handle, &ArchiveInput::Skip);
    archive_read_set_seek_callback(handle, &ArchiveInput::Seek);
  }
  archive_read_set_callback_data(handle, this);
  if (archive_read_open1(handle) != ARCHIVE_OK) return ArchiveError(handle, *this);
  return {};
}

la_ssize_t ArchiveInput::Read(struct archive* handle, void* self, const void** buffer) {
  auto& input = *static_cast<ArchiveInput*>(self);
  // After a skipped member only the next header is wanted.
  constexpr std::size_t kSeekableRead = 8 << 10;
  auto got = input.source_ != nullptr
                 ? input.source_->ReadAt(input.position_,
                                         MutableByteSpan(input.block_).first(kSeekableRead))
                 : input.stream_->Read(input.block_);
  if (!got.ok()) {
    input.failure_ = got.error();
    archive_set_error(handle, EIO, "%s", got.error().message.c_str());
    return -1;
  }
  input.position_ += got.value();
  *buffer = input.block_.data();
  return static_cast<la_ssize_t>(got.value());
}

la_int64_t ArchiveInput::Skip(struct archive*, void* self, la_int64_t request) {
  auto& input = *static_cast<ArchiveInput*>(self);
  if (request <= 0 || input.position_ >= input.source_->size()) return 0;
  const std::uint64_t step =
      std::min(static_cast<std::uint64_t>(request), input.source_->size() - input.position_);
  input.position_ += step;
  return static_cast<la_int64_t>(step);
}

la_int64_t ArchiveInput::Seek(struct archive*, void* self, la_int64_t offset, int whence) {
  auto& input = *static_cast<ArchiveInput*>(self);
  const auto size = static_cast<la_int64_t>(input.source_->size());
  la_int64_t from = 0;
  if (whence == SEEK_CUR) from = static_cast<la_int64_t>(input.position_);
  if (whence == SEEK_END) from = size;
  la_int64_t to = 0;
  if (__builtin_add_overflow(from, offset, &to)) return ARCHIVE_FATAL;
  input.position_ = static_cast<std::uint64_t>(std::clamp<la_int64_t>(to, 0, size));
  return static_cast<la_int64_t>(input.position_);
}

Error ArchiveError(struct archive* handle, const ArchiveInput& input) {
  if (input.failure()) return *input.failure();
  const char* text = archive_error_string(handle);
  const std::string message = Printable(text == nullptr ? "cannot be read" : text);
  const std::string lower = ToLower(message);
  ErrorCode code = ErrorCode::kMalformed;
  if (lower.find("truncated") != std::string::npos) code = ErrorCode::kTruncated;
  if (lower.find("too much memory") != std::string::npos || archive_errno(handle) == ENOMEM) {
    code = ErrorCode::kLimitExceeded;
  }
  if (lower.find("unsupported") != std::string::npos ||
      lower.find("encrypt") != std::string::npos || lower.find("passphrase") != std::string::npos) {
    code = ErrorCode::kUnsupported;
  }
  return {code, message};
}

}  // namespace weighbridge
