#include "scanner/archive/squashfs_attributes.h"

#include <algorithm>
#include <array>

#include "scanner/base/byte_reader.h"
#include "scanner/base/checked_math.h"

namespace weighbridge {
namespace {

constexpr std::uint32_t kSet = 16;  // u64 reference, u32 count, u32 size
constexpr std::uint32_t kSetsPerBlock = 512;
constexpr std::uint32_t kMaxAttributes = 1024;  // of one inode
constexpr std::string_view kOpaque = "overlay.opaque";

struct AttributeSet {
  SquashfsPlace place;
  std::uint32_t count = 0;
};

// The table begins with u64 where the attributes are, u32 how many sets; then u64 each
// block of sets.
Result<AttributeSet> FindSet(SquashfsImage& image, std::uint32_t index) {
  const std::uint64_t table = image.super().attribute_table;
  std::uint64_t pointer_at = 0;
  if (!CheckedAdd(table, 16 + std::uint64_t{index / kSetsPerBlock} * 8, &pointer_at)) {
    return Error{ErrorCode::kMalformed, "no table of attributes"};
  }
  auto head = ReadExactly(image.source(), table, 16);
  if (!head.ok()) return std::move(head).error();
  ByteReader in(head.value());
  const auto attributes_at = in.ReadLe<std::uint64_t>("attributes");
  const auto sets = in.ReadLe<std::uint32_t>("sets");
  if (index >= sets || attributes_at > image.super().bytes_used) {
    return Error{ErrorCode::kMalformed,
                 "attributes " + std::to_string(index) + " of " + std::to_string(sets)};
  }
  auto pointer = ReadExactly(image.source(), pointer_at, 8);
  if (!pointer.ok()) return std::move(pointer).error();
  SquashfsPlace place{ByteReader(pointer.value()).ReadLe<std::uint64_t>("block of sets"),
                      index % kSetsPerBlock * kSet};
  std::array<std::uint8_t, kSet> bytes;
  Status read = image.ReadTable(place, bytes);
  if (!read.ok()) return std::move(read).error();
  ByteReader set(bytes);
  const auto reference = set.ReadLe<std::uint64_t>("reference");
  const auto count = set.ReadLe<std::uint32_t>("count");
  return AttributeSet{{attributes_at + (reference >> 16), reference & 0xFFFFU}, count};
}

Status Skip(SquashfsImage& image, SquashfsPlace& place, std::uint64_t bytes) {
  std::array<std::uint8_t, 1024> passed;
  while (bytes > 0) {
    const std::size_t count =
        static_cast<std::size_t>(std::min<std::uint64_t>(bytes, passed.size()));
    Status read = image.ReadTable(place, MutableByteSpan(passed).first(count));
    if (!read.ok()) return read;
    bytes -= count;
  }
  return {};
}

// Reads one attribute; true when it is the mark.
Result<bool> ReadAttribute(SquashfsImage& image, SquashfsPlace& place) {
  constexpr std::uint64_t kMaxValue = 64 << 10;  // XATTR_SIZE_MAX
  std::array<std::uint8_t, 4> head;
  Status read = image.ReadTable(place, head);
  if (!read.ok()) return std::move(read).error();
  ByteReader in(head);
  const unsigned type = in.ReadLe<std::uint16_t>("type");
  const std::size_t length = in.ReadLe<std::uint16_t>("name length");
  std::vector<std::uint8_t> name(length);
  read = image.ReadTable(place, name);
  if (read.ok()) read = image.ReadTable(place, head);
  if (!read.ok()) return std::move(read).error();
  const auto size = ByteReader(head).ReadLe<std::uint32_t>("value size");
  if (size > kMaxValue) {
    return Error{ErrorCode::kMalformed, "attribute of " + std::to_string(size) + " bytes"};
  }
  constexpr unsigned kTrusted = 1;  // 0: user; a value that lies elsewhere has bit 8
  if (type > kTrusted || AsText(name) != kOpaque || size != 1) {
    read = Skip(image, place, size);
    if (!read.ok()) return std::move(read).error();
    return false;
  }
  std::array<std::uint8_t, 1> value;
  read = image.ReadTable(place, value);
  if (!read.ok()) return std::move(read).error();
  return value[0] == 'y';
}

}  // namespace

Result<bool> IsOpaque(SquashfsImage& image, std::uint32_t attributes) {
  auto set = FindSet(image, attributes);
  if (!set.ok()) return std::move(set).error();
  const std::uint32_t count = std::min(set.value().count, kMaxAttributes);
  for (std::uint32_t i = 0; i < count; ++i) {
    auto found = ReadAttribute(image, set.value().place);
    if (!found.ok() || found.value()) return found;
  }
  return false;
}

}  // namespace weighbridge
