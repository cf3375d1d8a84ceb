#include "scanner/archive/decompress.h"

#include <vector>

#include <archive_entry.h>
#include <zlib.h>

#include "scanner/archive/libarchive_handle.h"

namespace weighbridge {
namespace {

using namespace std::string_view_literals;

struct Row {
  Compression compression;
  std::string_view format_id;
  int filter;  // of libarchive
};
constexpr std::array<Row, 6> kRows{{
    {Compression::kGzip, "gzip", ARCHIVE_FILTER_GZIP},
    {Compression::kBzip2, "bzip2", ARCHIVE_FILTER_BZIP2},
    {Compression::kXz, "xz", ARCHIVE_FILTER_XZ},
    {Compression::kLzma, "lzma", ARCHIVE_FILTER_LZMA},
    {Compression::kZstd, "zstd", ARCHIVE_FILTER_ZSTD},
    {Compression::kLz4, "lz4", ARCHIVE_FILTER_LZ4},
}};

int FilterOf(Compression compression) {
  for (const Row& row : kRows) {
    if (row.compression == compression) return row.filter;
  }
  return ARCHIVE_FILTER_NONE;
}

class DecompressStream final : public Stream {
 public:
  DecompressStream(Stream& input, ArchiveBudget& budget) : input_(input), budget_(budget) {}

  Status Open(Compression compression) {
    handle_.reset(archive_read_new());
    if (handle_ == nullptr) return Error{ErrorCode::kLimitExceeded, "out of memory"};
    if (archive_read_support_format_raw(handle_.get()) != ARCHIVE_OK ||
        archive_read_append_filter(handle_.get(), FilterOf(compression)) != ARCHIVE_OK) {
      return Error{ErrorCode::kUnsupported, "this build of libarchive cannot decompress it"};
    }
    Status opened = input_.Open(handle_.get());
    if (!opened.ok()) return opened;
    struct archive_entry* entry = nullptr;
    const int result = archive_read_next_header(handle_.get(), &entry);
    if (result == ARCHIVE_EOF) over_ = true;  // compressed nothing
    if (result != ARCHIVE_OK && result != ARCHIVE_WARN && result != ARCHIVE_EOF) {
      return ArchiveError(handle_.get(), input_);
    }
    return {};
  }

  Result<std::size_t> Read(MutableByteSpan out) override {
    if (over_ || out.empty()) return std::size_t{0};
    const la_ssize_t got = archive_read_data(handle_.get(), out.data(), out.size());
    if (got < 0) return ArchiveError(handle_.get(), input_);
    if (got == 0) over_ = true;
    if (!budget_.CountExpanded(static_cast<std::uint64_t>(got))) return budget_.error();
    return static_cast<std::size_t>(got);
  }

 private:
  ArchiveInput input_;
  ArchiveBudget& budget_;
  ArchiveHandle handle_;
  bool over_ = false;
};

// zlib's inflate() without a wrapper.
class InflateStream final : public Stream {
 public:
  InflateStream(Stream& input, ArchiveBudget& budget) : input_(input), budget_(budget) {
    ready_ = inflateInit2(&z_, -MAX_WBITS) == Z_OK;
  }
  ~InflateStream() override {
    if (ready_) inflateEnd(&z_);
  }
  InflateStream(const InflateStream&) = delete;
  InflateStream& operator=(const InflateStream&) = delete;
  bool ready() const { return ready_; }

  Result<std::size_t> Read(MutableByteSpan out) override {
    if (over_ || out.empty()) return std::size_t{0};
    z_.next_out = out.data();
    z_.avail_out = static_cast<uInt>(std::min<std::size_t>(out.size(), 1U << 30));
    const uInt room = z_.avail_out;
    while (z_.avail_out == room && !over_) {
      if (z_.avail_in == 0) {
        auto got = input_.Read(buffer_);
        if (!got.ok()) return got;
        if (got.value() == 0) return Error{ErrorCode::kTruncated, "deflate stream is cut"};
        z_.next_in = buffer_.data();
        z_.avail_in = static_cast<uInt>(got.value());
      }
      const int result = inflate(&z_, Z_NO_FLUSH);
      if (result == Z_STREAM_END) over_ = true;
      if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR) {
        return Error{ErrorCode::kMalformed, "deflate stream is damaged"};
      }
    }
    const std::size_t count = room - z_.avail_out;
    if (!budget_.CountExpanded(count)) return budget_.error();
    return count;
  }

 private:
  Stream& input_;
  ArchiveBudget& budget_;
  std::array<std::uint8_t, 32 << 10> buffer_;
  z_stream z_{};
  bool ready_ = false;
  bool over_ = false;
};

bool Begins(ByteSpan head, std::string_view magic, std::size_t offset = 0) {
  return head.size() >= offset + magic.size() &&
         AsText(head.subspan(offset, magic.size())) == magic;
}

}  // namespace

std::optional<Compression> FindCompression(ByteSpan head) {
  if (Begins(head, "\x1F\x8B\x08"sv)) return Compression::kGzip;
  if (Begins(head, "\x28\xB5\x2F\xFD"sv)) return Compression::kZstd;
  // A skippable frame first: zstd:chunked and pzstd (RFC 8878, 3.1.2).
  if (head.size() >= 8 && (head[0] & 0xF0) == 0x50 && Begins(head, "\x2A\x4D\x18"sv, 1)) {
    return Compression::kZstd;
  }
  if (Begins(head,
             "\xFD"
             "7zXZ\0"sv)) {
    return Compression::kXz;
  }
  if (Begins(head, "BZh") && Begins(head, "\x31\x41\x59\x26\x53\x59"sv, 4)) {
    return Compression::kBzip2;
  }
  if (Begins(head, "\x04\x22\x4D\x18"sv)) return Compression::kLz4;
  return std::nullopt;
}

std::string CompressionName(Compression compression) {
  for (const Row& row : kRows) {
    if (row.compression == compression) return std::string(row.format_id);
  }
  return {};
}

bool IsEmptyGzip(const ByteSource& source) {
  constexpr std::uint64_t kMaxBytes = 4096;  // a header with a long name
  if (source.size() > kMaxBytes) return false;
  auto bytes = ReadExactly(source, 0, source.size());
  if (!bytes.ok()) return false;
  z_stream z{};
  constexpr int kGzipOnly = MAX_WBITS + 16;
  if (inflateInit2(&z, kGzipOnly) != Z_OK) return false;
  std::uint8_t out[1];
  z.next_in = bytes.value().data();
  z.avail_in = static_cast<uInt>(bytes.value().size());
  z.next_out = out;
  z.avail_out = sizeof out;
  const bool empty = inflate(&z, Z_FINISH) == Z_STREAM_END && z.total_out == 0 && z.avail_in == 0;
  inflateEnd(&z);
  return empty;
}

Result<std::unique_ptr<Stream>> Decompress(Stream& input, Compression compression,
                                           ArchiveBudget& budget) {
  auto stream = std::make_unique<DecompressStream>(input, budget);
  Status opened = stream->Open(compression);
  if (!opened.ok()) return std::move(opened).error();
  return std::unique_ptr<Stream>(std::move(stream));
}

Result<std::unique_ptr<Stream>> Inflate(Stream& input, ArchiveBudget& budget) {
  auto stream = std::make_unique<InflateStream>(input, budget);
  if (!stream->ready()) return Error{ErrorCode::kUnsupported, "zlib refused to start"};
  return std::unique_ptr<Stream>(std::move(stream));
}

}  // namespace weighbridge
