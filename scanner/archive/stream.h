// Stream: bytes that pass once, front to back. What a decompressor gives and an
// archive's member is. Not thread-safe.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>

#include "scanner/source/byte_source.h"
#include "weighbridge/bytes.h"
#include "weighbridge/result.h"

namespace weighbridge {

class Stream {
 public:
  virtual ~Stream() = default;
  // Up to out.size() bytes, at least one unless the stream is over (0) or failed.
  virtual Result<std::size_t> Read(MutableByteSpan out) = 0;
};

// [0, size) of a source, front to back. The source must outlive it.
class SourceStream final : public Stream {
 public:
  explicit SourceStream(const ByteSource& source) : source_(source) {}
  Result<std::size_t> Read(MutableByteSpan out) override {
    auto got = source_.ReadAt(offset_, out);
    if (got.ok()) offset_ += got.value();
    return got;
  }

 private:
  const ByteSource& source_;
  std::uint64_t offset_ = 0;
};

// Gives bytes that were read ahead first, then the rest of a stream.
class PrefixedStream final : public Stream {
 public:
  PrefixedStream(ByteSpan prefix, Stream& rest) : prefix_(prefix), rest_(rest) {}
  Result<std::size_t> Read(MutableByteSpan out) override {
    if (prefix_.empty()) return rest_.Read(out);
    const std::size_t count = std::min(out.size(), prefix_.size());
    std::copy_n(prefix_.begin(), count, out.begin());
    prefix_ = prefix_.subspan(count);
    return count;
  }

 private:
  ByteSpan prefix_;
  Stream& rest_;
};

// Shows all that passes to an observer.
class TeeStream final : public Stream {
 public:
  using Observer = std::function<void(ByteSpan)>;
  TeeStream(Stream& stream, const Observer& observer) : stream_(stream), observer_(observer) {}
  Result<std::size_t> Read(MutableByteSpan out) override {
    auto got = stream_.Read(out);
    if (got.ok() && observer_) observer_(ByteSpan(out).first(got.value()));
    return got;
  }

 private:
  Stream& stream_;
  const Observer& observer_;
};

}  // namespace weighbridge
