// ByteSource: positional reads from a file, a member or memory. Readers never
// seek and never own the descriptor of another reader.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "weighbridge/bytes.h"
#include "weighbridge/result.h"

namespace weighbridge {

class ByteSource {
 public:
  virtual ~ByteSource() = default;
  virtual std::uint64_t size() const = 0;  // bytes, as of opening
  // Reads up to out.size() bytes at offset; fewer only at the end. Thread-safe.
  virtual Result<std::size_t> ReadAt(std::uint64_t offset, MutableByteSpan out) const = 0;
};

// Exactly `count` bytes at offset, or kTruncated. Grows with what is read, so a
// lying count allocates no more than the source holds.
Result<std::vector<std::uint8_t>> ReadExactly(const ByteSource& source, std::uint64_t offset,
                                              std::uint64_t count);

// Bytes held in memory; for tests and for members already decoded.
class MemorySource final : public ByteSource {
 public:
  explicit MemorySource(std::vector<std::uint8_t> bytes) : bytes_(std::move(bytes)) {}
  explicit MemorySource(const std::string& text) : bytes_(text.begin(), text.end()) {}
  std::uint64_t size() const override { return bytes_.size(); }
  Result<std::size_t> ReadAt(std::uint64_t offset, MutableByteSpan out) const override;

 private:
  std::vector<std::uint8_t> bytes_;
};

// A window [offset, offset+size) of another source, which must outlive it.
class SliceSource final : public ByteSource {
 public:
  SliceSource(const ByteSource& whole, std::uint64_t offset, std::uint64_t size)
      : whole_(whole), offset_(offset), size_(size) {}
  std::uint64_t size() const override { return size_; }
  Result<std::size_t> ReadAt(std::uint64_t offset, MutableByteSpan out) const override;

 private:
  const ByteSource& whole_;
  std::uint64_t offset_;
  std::uint64_t size_;
};

}  // namespace weighbridge
