#include "scanner/formats/flat_view.h"

#include <algorithm>

#include "scanner/base/byte_reader.h"

namespace weighbridge {

ByteSpan FlatView::Bytes(std::uint64_t at, std::size_t count) {
  if (at >= window_.size || count > window_.size - at) return {};
  const std::size_t head = window_.head.size();
  if (at < head && count <= head - static_cast<std::size_t>(at)) {
    return window_.head.subspan(static_cast<std::size_t>(at), count);
  }
  if (window_.source == nullptr || count > bytes_.size() || ++reads_ > kMaxReads) return {};
  const auto got = window_.source->ReadAt(at, MutableByteSpan(bytes_).first(count));
  return got.ok() && got.value() == count ? ByteSpan(bytes_).first(count) : ByteSpan{};
}

std::uint32_t FlatView::U32(std::uint64_t at) {
  const ByteSpan bytes = Bytes(at, 4);
  return bytes.empty() ? 0 : ByteReader(bytes).ReadLe<std::uint32_t>("u32");
}

std::uint32_t FlatView::U16(std::uint64_t at) {
  const ByteSpan bytes = Bytes(at, 2);
  return bytes.empty() ? 0 : ByteReader(bytes).ReadLe<std::uint16_t>("u16");
}

std::uint64_t FlatView::Root() {
  const std::uint64_t root = U32(0);
  return root >= 4 && FieldCount(root) != 0 ? root : 0;
}

unsigned FlatView::FieldCount(std::uint64_t table) {
  const std::uint32_t back = U32(table);
  // The distance is signed; writers put vtables before or, shared ones, behind the table.
  const std::uint64_t vtable =
      table -
      static_cast<std::uint64_t>(static_cast<std::int64_t>(static_cast<std::int32_t>(back)));
  if (back == 0 || vtable >= window_.size) return 0;
  const std::uint32_t size = U16(vtable);
  const std::uint32_t table_size = U16(vtable + 2);
  if (size < 4 || size % 2 != 0 || size > 1024 || table_size < 4) return 0;
  if (window_.size - vtable < size || window_.size - table < table_size) return 0;
  return (size - 4) / 2;
}

std::uint64_t FlatView::Field(std::uint64_t table, unsigned number) {
  if (number >= FieldCount(table)) return 0;
  const auto back = static_cast<std::int32_t>(U32(table));
  const std::uint64_t vtable = table - static_cast<std::uint64_t>(static_cast<std::int64_t>(back));
  const std::uint32_t offset = U16(vtable + 4 + 2ULL * number);
  const std::uint32_t table_size = U16(vtable + 2);
  return offset >= 4 && offset < table_size ? table + offset : 0;
}

std::uint64_t FlatView::Follow(std::uint64_t at) {
  if (at == 0) return 0;
  const std::uint32_t distance = U32(at);
  return distance != 0 && distance < window_.size - at ? at + distance : 0;
}

std::uint32_t FlatView::Count(std::uint64_t vector, std::uint32_t element_bytes) {
  if (vector == 0 || vector >= window_.size) return 0;
  const std::uint32_t count = U32(vector);
  const std::uint64_t room = window_.size - vector;
  return room >= 4 && count <= (room - 4) / element_bytes ? count : 0;
}

std::string FlatView::Text(std::uint64_t at) {
  const std::uint32_t count = std::min<std::uint32_t>(Count(at, 1), 256);
  const ByteSpan bytes = count == 0 ? ByteSpan{} : Bytes(at + 4, count);
  const bool printable =
      std::all_of(bytes.begin(), bytes.end(), [](std::uint8_t b) { return b >= 0x20 && b < 0x7F; });
  return printable ? std::string(bytes.begin(), bytes.end()) : std::string();
}

}  // namespace weighbridge
