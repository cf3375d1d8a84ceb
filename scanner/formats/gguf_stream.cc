#include "scanner/formats/gguf_stream.h"

#include <algorithm>
#include <array>
#include <cstdio>

namespace weighbridge {
namespace {

constexpr std::size_t kBlock = 64U << 10;

struct TypeRow {
  std::uint32_t bytes;
  const char* name;
};
constexpr std::array<TypeRow, kGgufTypes> kRows{{{1, "u8"},
                                                 {1, "i8"},
                                                 {2, "u16"},
                                                 {2, "i16"},
                                                 {4, "u32"},
                                                 {4, "i32"},
                                                 {4, "f32"},
                                                 {1, "bool"},
                                                 {0, "string"},
                                                 {0, "array"},
                                                 {8, "u64"},
                                                 {8, "i64"},
                                                 {8, "f64"}}};

std::string At(std::uint64_t position) {
  char where[32];
  std::snprintf(where, sizeof where, "at 0x%llx: ", static_cast<unsigned long long>(position));
  return where;
}

}  // namespace

std::uint32_t GgufTypeBytes(GgufType type) { return kRows[static_cast<std::size_t>(type)].bytes; }
const char* GgufTypeName(GgufType type) { return kRows[static_cast<std::size_t>(type)].name; }

void GgufStream::Fail(ErrorCode code, std::string message) {
  if (failed_) return;
  failed_ = true;
  error_ = {code, At(position()) + std::move(message)};
}

void GgufStream::Seek(std::uint64_t position) {
  block_start_ = std::min(position, source_.size());
  block_.clear();
  next_ = 0;
}

bool GgufStream::Need(std::uint64_t count, const char* field) {
  if (failed_) return false;
  if (count > remaining()) {
    Fail(ErrorCode::kTruncated, std::string(field) + " needs " + std::to_string(count) +
                                    " bytes, " + std::to_string(remaining()) + " left");
    return false;
  }
  if (position() > limits_.max_gguf_header_bytes ||
      count > limits_.max_gguf_header_bytes - position()) {
    Fail(ErrorCode::kLimitExceeded, "the header is longer than the limit of " +
                                        std::to_string(limits_.max_gguf_header_bytes) + " bytes");
    return false;
  }
  return true;
}

// Requires: more bytes in the source.
bool GgufStream::Fill() {
  const std::uint64_t start = position();
  block_.resize(static_cast<std::size_t>(std::min<std::uint64_t>(kBlock, source_.size() - start)));
  block_start_ = start;
  next_ = 0;
  auto got = source_.ReadAt(start, block_);
  if (got.ok() && got.value() > 0) {
    block_.resize(got.value());
    return true;
  }
  block_.clear();
  Fail(got.ok() ? ErrorCode::kChanged : got.error().code,
       got.ok() ? "file ended while it was read" : got.error().message);
  return false;
}

std::uint64_t GgufStream::ReadUint(std::uint32_t bytes, const char* field) {
  if (!Need(bytes, field)) return 0;
  std::uint64_t value = 0;
  for (std::uint32_t i = 0; i < bytes; ++i) {
    if (next_ >= block_.size() && !Fill()) return 0;
    const std::uint64_t byte = block_[next_++];
    value = big_endian_ ? (value << 8) | byte : value | (byte << (8 * i));
  }
  return value;
}

std::uint64_t GgufStream::ReadLength(const char* field) {
  const std::uint64_t length = ReadCount(field);
  if (failed_) return 0;
  if (length > remaining()) {
    Fail(ErrorCode::kTruncated, std::string(field) + " length " + std::to_string(length) +
                                    " is more than the " + std::to_string(remaining()) +
                                    " bytes left");
    return 0;
  }
  if (length > limits_.max_gguf_string_bytes) {
    Fail(ErrorCode::kLimitExceeded, std::string(field) + " length " + std::to_string(length) +
                                        " is more than the limit " +
                                        std::to_string(limits_.max_gguf_string_bytes));
    return 0;
  }
  return length;
}

std::string GgufStream::ReadBytes(std::uint64_t length, const char* field, std::uint64_t keep) {
  if (!Need(length, field)) return {};
  const std::uint64_t wanted = std::min(length, keep);
  std::string text;
  while (text.size() < wanted) {
    if (next_ >= block_.size() && !Fill()) return {};
    const std::size_t count =
        std::min(block_.size() - next_, static_cast<std::size_t>(wanted) - text.size());
    text.append(reinterpret_cast<const char*>(block_.data()) + next_, count);
    next_ += count;
  }
  Skip(length - wanted, field);
  return text;
}

void GgufStream::Skip(std::uint64_t count, const char* field) {
  if (!Need(count, field)) return;
  const std::uint64_t held = block_.size() - next_;
  if (count <= held) {
    next_ += static_cast<std::size_t>(count);
  } else {
    Seek(position() + count);
  }
}

}  // namespace weighbridge
