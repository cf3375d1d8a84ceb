// GgufStream: a sticky, buffered reader over the header of a GGUF file. It never holds
// more than one block and the text asked for; the first failure is kept and later
// reads return zero or empty. Not thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "scanner/source/byte_source.h"
#include "weighbridge/limits.h"

namespace weighbridge {

enum class GgufType : std::uint32_t {
  kU8,
  kI8,
  kU16,
  kI16,
  kU32,
  kI32,
  kF32,
  kBool,
  kString,
  kArray,
  kU64,
  kI64,
  kF64
};
inline constexpr std::uint32_t kGgufTypes = 13;
// Bytes of a scalar; 0 for text and lists.
std::uint32_t GgufTypeBytes(GgufType type);
const char* GgufTypeName(GgufType type);

class GgufStream {
 public:
  GgufStream(const ByteSource& source, const Limits& limits, bool big_endian, bool version_1)
      : source_(source), limits_(limits), big_endian_(big_endian), version_1_(version_1) {}

  bool ok() const { return !failed_; }
  const Error& error() const { return error_; }
  std::uint64_t position() const { return block_start_ + next_; }
  std::uint64_t remaining() const { return source_.size() - position(); }
  std::uint64_t length_bytes() const { return version_1_ ? 4 : 8; }
  void Seek(std::uint64_t position);  // to a place that was read before

  std::uint64_t ReadUint(std::uint32_t bytes, const char* field);
  std::uint64_t ReadCount(const char* field) { return ReadUint(version_1_ ? 4 : 8, field); }
  // A length that fits the file and limits.max_gguf_string_bytes.
  std::uint64_t ReadLength(const char* field);
  // `length` bytes, of which the first `keep` are returned.
  std::string ReadBytes(std::uint64_t length, const char* field, std::uint64_t keep);
  // Length and bytes; what is longer than `keep` is skipped.
  std::string ReadText(const char* field, std::uint64_t keep) {
    return ReadBytes(ReadLength(field), field, keep);
  }
  void Skip(std::uint64_t count, const char* field);
  void Fail(ErrorCode code, std::string message);

 private:
  bool Need(std::uint64_t count, const char* field);
  bool Fill();

  const ByteSource& source_;
  const Limits& limits_;
  bool big_endian_;
  bool version_1_;
  bool failed_ = false;
  Error error_;
  std::vector<std::uint8_t> block_;
  std::uint64_t block_start_ = 0;
  std::size_t next_ = 0;
};

}  // namespace weighbridge
