// FlatView: a few checked look-ups in a flatbuffer (google.github.io/flatbuffers, internals).
//
//   0  u32 offset of the root table     table: i32 distance back to its vtable, fields
//   vtable: u16 its size, u16 the table's size, u16 offset of each field (0 absent)
//   vector: u32 count, elements         a reference is a u32 distance forward
//
// Bytes come from the head, else by a few small reads. Every offset is checked; what does
// not fit yields 0.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "scanner/formats/format.h"

namespace weighbridge {

class FlatView {
 public:
  explicit FlatView(const ProbeWindow& window) : window_(window) {}

  // Position of the root table, 0 when there is none that fits.
  std::uint64_t Root();
  // Position of a field of the table, 0 when absent.
  std::uint64_t Field(std::uint64_t table, unsigned number);
  // Number of fields that the table's vtable has room for, 0 when it is not one.
  unsigned FieldCount(std::uint64_t table);
  // Follows the reference at `at` (a field or a vector's element); 0 when it leaves the file.
  std::uint64_t Follow(std::uint64_t at);
  // The count of the vector at `at` when elements of that size fit, else 0.
  std::uint32_t Count(std::uint64_t vector, std::uint32_t element_bytes);
  // The string at `at`, at most 256 bytes; "" when it is not printable ASCII.
  std::string Text(std::uint64_t at);
  std::uint32_t U32(std::uint64_t at);

 private:
  std::uint32_t U16(std::uint64_t at);
  ByteSpan Bytes(std::uint64_t at, std::size_t count);

  static constexpr int kMaxReads = 32;
  const ProbeWindow& window_;
  std::array<std::uint8_t, 256> bytes_{};
  int reads_ = 0;
};

}  // namespace weighbridge
