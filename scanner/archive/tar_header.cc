#include "scanner/archive/tar_header.h"

#include <array>
#include <string_view>

#include "scanner/base/checked_math.h"

namespace weighbridge {
namespace {

constexpr std::size_t kBlock = 512;
constexpr int kMaxHeaders = 64;  // extended headers before one member

std::optional<std::uint64_t> Number(ByteSpan field) {
  std::uint64_t value = 0;
  if ((field[0] & 0x80) != 0) {  // base-256, big-endian, as GNU tar writes large sizes
    for (const std::uint8_t byte : field.last(8)) value = (value << 8) | byte;
    return value;
  }
  bool digits = false;
  for (const std::uint8_t byte : field) {
    if (byte == ' ' && !digits) continue;
    if (byte == ' ' || byte == 0) break;
    if (byte < '0' || byte > '7') return std::nullopt;
    digits = true;
    value = (value << 3) | static_cast<std::uint64_t>(byte - '0');
  }
  return value;
}

bool IsExtension(std::uint8_t type) {
  return std::string_view("xgLKVX").find(static_cast<char>(type)) != std::string_view::npos;
}

}  // namespace

bool IsTarHeader(ByteSpan block) {
  if (block.size() < kBlock || block[0] == 0) return false;
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < kBlock; ++i) sum += i >= 148 && i < 156 ? 0x20U : block[i];
  const auto stated = Number(block.subspan(148, 8));
  return stated && *stated == sum && Number(block.subspan(124, 12));
}

std::optional<std::uint64_t> FindTarData(const ByteSource& source, std::uint64_t header) {
  std::array<std::uint8_t, kBlock> block;
  for (int i = 0; i < kMaxHeaders; ++i) {
    auto got = source.ReadAt(header, block);
    if (!got.ok() || got.value() != kBlock || !IsTarHeader(block)) return std::nullopt;
    if (!IsExtension(block[156])) return header + kBlock;
    const auto size = Number(ByteSpan(block).subspan(124, 12));
    std::uint64_t next = 0;
    if (!size || !CheckedAdd(header, kBlock + kBlock - 1, &next) ||
        !CheckedAdd(next, *size, &next)) {
      return std::nullopt;
    }
    header = next / kBlock * kBlock;
  }
  return std::nullopt;
}

}  // namespace weighbridge
