#include "scanner/archive/squashfs_image.h"

#include <algorithm>

#include "scanner/base/byte_reader.h"

namespace weighbridge {
namespace {

constexpr std::size_t kTableBlock = 8 << 10;

std::string At(std::uint64_t offset, const std::string& what) {
  return what + " (at offset " + std::to_string(offset) + ")";
}

// The slot that holds `at`, or else the one unused the longest, whose `next` is 0 then.
template <typename Slots>
auto& Choose(Slots& slots, std::uint64_t at) {
  auto* oldest = &slots[0];
  for (auto& slot : slots) {
    if (slot.next != 0 && slot.at == at) return slot;
    if (slot.used < oldest->used) oldest = &slot;
  }
  oldest->next = 0;
  return *oldest;
}

}  // namespace

Status SquashfsImage::Expand(std::uint64_t at, std::uint64_t stored, std::size_t most,
                             bool as_it_is, std::vector<std::uint8_t>& out) {
  auto read = ReadExactly(source_, at, stored);
  if (!read.ok()) return std::move(read).error();
  if (as_it_is) {
    out = std::move(read).value();
    return {};
  }
  out.resize(most);
  auto given = decoder_.Decode(read.value(), out);
  if (!given.ok() && given.error().code == ErrorCode::kUnsupported) {
    return std::move(given).error();
  }
  if (!given.ok()) return Error{given.error().code, At(at, given.error().message)};
  out.resize(given.value());
  if (!budget_.CountExpanded(given.value())) return budget_.error();
  return {};
}

Result<const SquashfsImage::Kept*> SquashfsImage::Table(std::uint64_t at) {
  Kept& slot = Choose(tables_, at);
  slot.used = ++clock_;
  if (slot.next != 0) return &slot;
  if (at > super_.bytes_used || super_.bytes_used - at < 2) {
    return Error{ErrorCode::kTruncated, At(at, "table block lies behind the end")};
  }
  auto header = ReadExactly(source_, at, 2);
  if (!header.ok()) return std::move(header).error();
  const auto word = ByteReader(header.value()).ReadLe<std::uint16_t>("size");
  const std::uint64_t stored = word & 0x7FFFU;
  if (stored == 0 || stored > kTableBlock) {
    return Error{ErrorCode::kMalformed,
                 At(at, "table block of " + std::to_string(stored) + " bytes, 1 to 8192 expected")};
  }
  if (stored > super_.bytes_used - at - 2) {
    return Error{ErrorCode::kTruncated, At(at, "table block is cut")};
  }
  Status expanded = Expand(at + 2, stored, kTableBlock, (word & 0x8000U) != 0, slot.bytes);
  if (!expanded.ok()) return std::move(expanded).error();
  slot.at = at;
  slot.next = at + 2 + stored;
  return &slot;
}

Status SquashfsImage::ReadTable(SquashfsPlace& place, MutableByteSpan out) {
  while (!out.empty()) {
    auto block = Table(place.block);
    if (!block.ok()) return std::move(block).error();
    const std::vector<std::uint8_t>& bytes = block.value()->bytes;
    if (place.offset >= bytes.size()) {
      // Only a full block goes on in the next one.
      if (place.offset > bytes.size() || bytes.size() != kTableBlock) {
        return Error{
            ErrorCode::kTruncated,
            At(place.block, "table ends at " + std::to_string(bytes.size()) + " of its block")};
      }
      place = {block.value()->next, 0};
      continue;
    }
    const std::size_t count =
        std::min<std::size_t>(out.size(), bytes.size() - static_cast<std::size_t>(place.offset));
    std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(place.offset), count, out.begin());
    out = out.subspan(count);
    place.offset += count;
  }
  return {};
}

Status SquashfsImage::CheckBlock(const SquashfsBlock& block) const {
  if (block.bytes() > super_.block_size) {
    return Error{ErrorCode::kMalformed,
                 At(block.at, "block of " + std::to_string(block.bytes()) + " bytes, at most " +
                                  std::to_string(super_.block_size) + " expected")};
  }
  if (block.at > super_.bytes_used || block.bytes() > super_.bytes_used - block.at) {
    return Error{ErrorCode::kTruncated, At(block.at, "block lies behind the end")};
  }
  return {};
}

Result<ByteSpan> SquashfsImage::ReadBlock(const SquashfsBlock& block) {
  Kept& slot = Choose(blocks_, block.at);
  slot.used = ++clock_;
  if (slot.next != 0 && slot.stated == block.stated) return ByteSpan(slot.bytes);
  slot.next = 0;
  Status checked = CheckBlock(block);
  if (!checked.ok()) return std::move(checked).error();
  Status expanded = Expand(block.at, block.bytes(), super_.block_size, block.stored(), slot.bytes);
  if (!expanded.ok()) return std::move(expanded).error();
  slot.at = block.at;
  slot.stated = block.stated;
  slot.next = block.at + block.bytes();
  return ByteSpan(slot.bytes);
}

Result<SquashfsBlock> SquashfsImage::FindFragment(std::uint32_t index) {
  constexpr std::uint32_t kEntry = 16;
  constexpr std::uint32_t kPerBlock = kTableBlock / kEntry;
  if (index >= super_.fragments) {
    return Error{ErrorCode::kMalformed,
                 "fragment " + std::to_string(index) + " of " + std::to_string(super_.fragments)};
  }
  auto pointer = ReadExactly(source_, super_.fragment_table + index / kPerBlock * 8, 8);
  if (!pointer.ok()) return std::move(pointer).error();
  SquashfsPlace place{ByteReader(pointer.value()).ReadLe<std::uint64_t>("fragment block"),
                      index % kPerBlock * kEntry};
  std::array<std::uint8_t, kEntry> entry;
  Status read = ReadTable(place, entry);
  if (!read.ok()) return std::move(read).error();
  ByteReader in(entry);
  SquashfsBlock block;
  block.at = in.ReadLe<std::uint64_t>("start");
  block.stated = in.ReadLe<std::uint32_t>("size");
  return block;
}

}  // namespace weighbridge
