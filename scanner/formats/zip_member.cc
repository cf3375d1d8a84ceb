// Reading of single members; see the header.
#include "scanner/formats/zip_member.h"

#include <algorithm>

#include "scanner/formats/inflate.h"

namespace weighbridge {

Result<std::vector<std::uint8_t>> ReadZipMember(const ByteSource& source, const ZipEntry& entry,
                                                std::size_t max_bytes) {
  if (!entry.located || (entry.flags & 1U) != 0 || (entry.method != 0 && entry.method != 8)) {
    return Error{ErrorCode::kUnsupported,
                 "member is encrypted, not located or of method " + std::to_string(entry.method)};
  }
  if (entry.method == 0) {
    return ReadExactly(source, entry.data_offset,
                       std::min<std::uint64_t>(entry.compressed_size, max_bytes));
  }
  auto inflated =
      InflatePrefix(source, entry.data_offset, entry.compressed_size, Deflated::kRaw, max_bytes);
  if (!inflated.ok()) return std::move(inflated).error();
  return std::move(inflated).value().bytes;
}

std::unique_ptr<ByteSource> OpenZipMember(const ByteSource& whole, const ZipEntry& entry,
                                          std::size_t max_bytes) {
  if (entry.located && entry.stored()) {
    return std::make_unique<SliceSource>(whole, entry.data_offset, entry.compressed_size);
  }
  auto bytes = ReadZipMember(whole, entry, max_bytes);
  if (!bytes.ok()) return nullptr;
  return std::make_unique<MemorySource>(std::move(bytes).value());
}

}  // namespace weighbridge
