// Buffered forward reading for the pickle walk; see the header.
#include "scanner/formats/pickle_input.h"

#include <algorithm>
#include <cstdio>

namespace weighbridge {
namespace {

constexpr std::size_t kBuffer = 16 << 10;

}  // namespace

void PickleInput::Fail(ErrorCode code, std::string detail) {
  if (!ok_) return;
  ok_ = false;
  char where[32];
  std::snprintf(where, sizeof where, "at 0x%llx: ", static_cast<unsigned long long>(position_));
  error_ = Error{code, where + std::move(detail)};
}

bool PickleInput::Refill(const char* field) {
  if (!ok_) return false;
  if (budget_ == 0) {
    Fail(ErrorCode::kLimitExceeded,
         std::string("byte limit of the pickle walk reached in ") + field);
    return false;
  }
  const std::uint64_t want = std::min<std::uint64_t>({kBuffer, remaining(), budget_});
  buffer_.resize(static_cast<std::size_t>(want));
  next_ = 0;
  auto got = want == 0 ? Result<std::size_t>(std::size_t{0})
                       : source_.ReadAt(position_, MutableByteSpan(buffer_));
  if (!got.ok()) {
    buffer_.clear();
    Fail(got.error().code, got.error().message);
    return false;
  }
  buffer_.resize(got.value());
  if (!buffer_.empty()) return true;
  Fail(ErrorCode::kTruncated, std::string("pickle ends in ") + field);
  return false;
}

std::uint8_t PickleInput::ReadByte(const char* field) {
  if (!ok_ || (next_ >= buffer_.size() && !Refill(field))) return 0;
  if (budget_ == 0) {
    Fail(ErrorCode::kLimitExceeded,
         std::string("byte limit of the pickle walk reached in ") + field);
    return 0;
  }
  ++position_;
  --budget_;
  return buffer_[next_++];
}

std::uint64_t PickleInput::ReadLe(unsigned bytes, const char* field) {
  std::uint64_t value = 0;
  for (unsigned i = 0; i < bytes; ++i) {
    value |= static_cast<std::uint64_t>(ReadByte(field)) << (8 * i);
  }
  return value;
}

std::string PickleInput::ReadLine(const char* field) {
  std::string line;
  while (ok_) {
    const char next = static_cast<char>(ReadByte(field));
    if (!ok_ || next == '\n') break;
    line.push_back(next);
    if (line.size() < kMaxText) continue;
    PassLine(field);
    break;
  }
  return line;
}

// The rest of a long line and its newline: searched for, not kept.
void PickleInput::PassLine(const char* field) {
  while (ok_) {
    if (next_ >= buffer_.size() && !Refill(field)) return;
    const auto from = buffer_.begin() + static_cast<std::ptrdiff_t>(next_);
    const auto newline = std::find(from, buffer_.end(), '\n');
    const auto count =
        static_cast<std::size_t>(newline - from) + (newline == buffer_.end() ? 0 : 1);
    position_ += count;
    next_ += count;
    passed_ += count;
    if (newline != buffer_.end()) return;
    if (passed_ > kMaxPassed) {
      Fail(ErrorCode::kLimitExceeded,
           std::string(field) + " is longer than " + std::to_string(kMaxPassed) + " bytes");
    }
  }
}

std::string PickleInput::ReadText(std::uint64_t count, const char* field) {
  if (count > remaining()) {
    Fail(ErrorCode::kTruncated, std::string(field) + " of " + std::to_string(count) + " bytes, " +
                                    std::to_string(remaining()) + " left");
    return {};
  }
  std::string text;
  const std::uint64_t kept = std::min<std::uint64_t>(count, kMaxText);
  while (ok_ && text.size() < kept) text.push_back(static_cast<char>(ReadByte(field)));
  Skip(count - kept, field);
  return ok_ ? text : std::string();
}

void PickleInput::Skip(std::uint64_t count, const char* field) {
  if (!ok_) return;
  if (count > remaining()) {
    Fail(ErrorCode::kTruncated, std::string(field) + " of " + std::to_string(count) + " bytes, " +
                                    std::to_string(remaining()) + " left");
    return;
  }
  position_ += count;
  const std::uint64_t buffered = buffer_.size() - next_;
  if (count <= buffered) {
    next_ += static_cast<std::size_t>(count);
  } else {
    buffer_.clear();
    next_ = 0;
  }
}

}  // namespace weighbridge
