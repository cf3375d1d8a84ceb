// PickleInput: a forward reader over a ByteSource for the pickle walk. Long byte
// strings are stepped over, not read; every other byte counts against a budget.
// The first failure is kept; later reads return zero or empty. Not thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "scanner/source/byte_source.h"
#include "weighbridge/result.h"

namespace weighbridge {

class PickleInput {
 public:
  // Reads from `offset` on, at most `budget` bytes besides those stepped over.
  PickleInput(const ByteSource& source, std::uint64_t offset, std::uint64_t budget)
      : source_(source), position_(offset), budget_(budget), start_budget_(budget) {}

  bool ok() const { return ok_; }
  const Error& error() const { return error_; }
  std::uint64_t position() const { return position_; }  // absolute
  std::uint64_t remaining() const {
    return position_ < source_.size() ? source_.size() - position_ : 0;
  }

  std::uint64_t bytes_read() const { return start_budget_ - budget_ + passed_; }

  std::uint8_t ReadByte(const char* field);
  std::uint64_t ReadLe(unsigned bytes, const char* field);
  // Up to the next newline, which is consumed; of the line kMaxText bytes are kept.
  std::string ReadLine(const char* field);
  // Exactly `count` bytes, of which at most kMaxText are kept.
  std::string ReadText(std::uint64_t count, const char* field);
  void Skip(std::uint64_t count, const char* field);
  void Fail(ErrorCode code, std::string detail);

  static constexpr std::size_t kMaxText = 4096;  // of one name kept
  // Bytes of long lines passed by, which do not count against the budget.
  static constexpr std::uint64_t kMaxPassed = 256ULL << 20;

 private:
  bool Refill(const char* field);
  void PassLine(const char* field);

  const ByteSource& source_;
  std::uint64_t position_;
  std::uint64_t budget_;
  std::uint64_t start_budget_;
  std::uint64_t passed_ = 0;
  std::vector<std::uint8_t> buffer_;
  std::size_t next_ = 0;  // in buffer_
  bool ok_ = true;
  Error error_;
};

}  // namespace weighbridge
