// ByteReader: a sticky reader over untrusted bytes. The first failure is kept with
// the field's name and offset; later reads return zero or empty, so one check at
// the end suffices. Loops over a count also test ok(). Not thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "weighbridge/bytes.h"
#include "weighbridge/result.h"

namespace weighbridge {

class ByteReader {
 public:
  // `base_offset` is added to offsets in messages. Keeps a view of bytes.
  explicit ByteReader(ByteSpan bytes, std::uint64_t base_offset = 0)
      : bytes_(bytes), base_(base_offset) {}

  bool ok() const { return field_ == nullptr; }
  std::size_t position() const { return position_; }
  std::size_t remaining() const { return bytes_.size() - position_; }
  // Requires: !ok(). "at 0x18: key length 5 is more than the 4 bytes left"
  Error error() const;

  template <typename T>
  T ReadLe(const char* field) {
    return Read<T>(field, false);
  }
  template <typename T>
  T ReadBe(const char* field) {
    return Read<T>(field, true);
  }
  template <typename T>
  T Read(const char* field, bool big_endian);

  // A view of `count` bytes; empty after a failure.
  ByteSpan ReadBytes(std::uint64_t count, const char* field);
  // A count of elements of at least `smallest` bytes each; fails when they cannot fit.
  std::uint64_t CheckCount(std::uint64_t count, std::uint64_t smallest, const char* field);
  void Skip(std::uint64_t count, const char* field);
  // Fails with kMalformed and this message.
  void Fail(const char* field, ErrorCode code, std::string detail);

 private:
  bool Need(std::uint64_t count, const char* field);

  ByteSpan bytes_;
  std::uint64_t base_;
  std::size_t position_ = 0;
  const char* field_ = nullptr;
  ErrorCode code_ = ErrorCode::kTruncated;
  std::uint64_t failed_at_ = 0;
  std::uint64_t wanted_ = 0;
  std::uint64_t had_ = 0;
  std::string detail_;
};

template <typename T>
T ByteReader::Read(const char* field, bool big_endian) {
  if (!Need(sizeof(T), field)) return T{0};
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < sizeof(T); ++i) {
    const std::size_t from = big_endian ? i : sizeof(T) - 1 - i;
    value = (value << 8) | bytes_[position_ + from];
  }
  position_ += sizeof(T);
  return static_cast<T>(value);
}

}  // namespace weighbridge
