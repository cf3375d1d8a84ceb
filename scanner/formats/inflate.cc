// zlib's inflate() in 16 KiB steps; see the header.
#include "scanner/formats/inflate.h"

#include <algorithm>

#include <zlib.h>

namespace weighbridge {
namespace {

constexpr std::size_t kChunk = 16 << 10;

// Owns a z_stream for one call.
class Stream {
 public:
  explicit Stream(Deflated kind) {
    const int bits = kind == Deflated::kRaw ? -MAX_WBITS : MAX_WBITS + 32;
    ready_ = inflateInit2(&z_, bits) == Z_OK;
  }
  ~Stream() {
    if (ready_) inflateEnd(&z_);
  }
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  bool ready() const { return ready_; }
  // Appends what the input yields, up to max_output; false when the stream is over.
  bool Feed(std::vector<std::uint8_t>& input, std::size_t max_output, Inflated* out) {
    z_.next_in = input.data();
    z_.avail_in = static_cast<uInt>(input.size());
    std::uint8_t buffer[kChunk];
    while (out->bytes.size() < max_output) {
      const std::size_t room = std::min(kChunk, max_output - out->bytes.size());
      z_.next_out = buffer;
      z_.avail_out = static_cast<uInt>(room);
      const int result = inflate(&z_, Z_NO_FLUSH);
      const std::size_t got = room - z_.avail_out;
      out->bytes.insert(out->bytes.end(), buffer, buffer + got);
      if (result == Z_STREAM_END) out->complete = true;
      if (result == Z_BUF_ERROR && z_.avail_in == 0) return true;
      if (result != Z_OK) return false;
      if (z_.avail_in == 0 && got < room) return true;
    }
    return false;
  }

 private:
  z_stream z_{};
  bool ready_ = false;
};

}  // namespace

Result<Inflated> InflatePrefix(const ByteSource& source, std::uint64_t offset, std::uint64_t size,
                               Deflated kind, std::size_t max_output) {
  Stream stream(kind);
  if (!stream.ready()) return Error{ErrorCode::kUnsupported, "zlib refused to start"};
  Inflated out;
  std::vector<std::uint8_t> input;
  while (size > 0) {
    input.resize(static_cast<std::size_t>(std::min<std::uint64_t>(kChunk, size)));
    auto got = source.ReadAt(offset, MutableByteSpan(input));
    if (!got.ok()) return std::move(got).error();
    if (got.value() == 0) break;
    input.resize(got.value());
    offset += got.value();
    size -= got.value();
    if (!stream.Feed(input, max_output, &out)) break;
  }
  if (out.bytes.empty() && !out.complete) {
    return Error{ErrorCode::kMalformed, "no deflate stream at " + std::to_string(offset)};
  }
  return out;
}

}  // namespace weighbridge
