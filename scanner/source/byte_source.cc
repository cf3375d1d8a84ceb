#include "scanner/source/byte_source.h"

#include <algorithm>
#include <cstring>

namespace weighbridge {

Result<std::vector<std::uint8_t>> ReadExactly(const ByteSource& source, std::uint64_t offset,
                                              std::uint64_t count) {
  if (offset > source.size() || count > source.size() - offset) {
    return Error{ErrorCode::kTruncated, "need " + std::to_string(count) + " bytes at offset " +
                                            std::to_string(offset) + ", file has " +
                                            std::to_string(source.size())};
  }
  constexpr std::uint64_t kStep = 4ULL << 20;
  std::vector<std::uint8_t> bytes;
  while (bytes.size() < count) {
    const std::size_t had = bytes.size();
    bytes.resize(had + static_cast<std::size_t>(std::min(kStep, count - had)));
    auto got = source.ReadAt(offset + had, MutableByteSpan(bytes).subspan(had));
    if (!got.ok()) return std::move(got).error();
    if (got.value() != bytes.size() - had) {
      return Error{ErrorCode::kTruncated, "file ended while it was read"};
    }
  }
  return bytes;
}

Result<std::size_t> MemorySource::ReadAt(std::uint64_t offset, MutableByteSpan out) const {
  if (offset >= bytes_.size()) return std::size_t{0};
  const std::size_t count = std::min(out.size(), bytes_.size() - static_cast<std::size_t>(offset));
  if (count != 0) std::memcpy(out.data(), bytes_.data() + offset, count);
  return count;
}

Result<std::size_t> SliceSource::ReadAt(std::uint64_t offset, MutableByteSpan out) const {
  if (offset >= size_) return std::size_t{0};
  const std::uint64_t left = size_ - offset;
  return whole_.ReadAt(
      offset_ + offset,
      out.first(static_cast<std::size_t>(std::min<std::uint64_t>(out.size(), left))));
}

}  // namespace weighbridge
