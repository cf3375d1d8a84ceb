#include "scanner/base/byte_reader.h"

#include <cstdio>

namespace weighbridge {

bool ByteReader::Need(std::uint64_t count, const char* field) {
  if (!ok()) return false;
  if (count <= remaining()) return true;
  field_ = field;
  code_ = ErrorCode::kTruncated;
  failed_at_ = base_ + position_;
  wanted_ = count;
  had_ = remaining();
  return false;
}

ByteSpan ByteReader::ReadBytes(std::uint64_t count, const char* field) {
  if (!Need(count, field)) return {};
  const ByteSpan view = bytes_.subspan(position_, static_cast<std::size_t>(count));
  position_ += static_cast<std::size_t>(count);
  return view;
}

std::uint64_t ByteReader::CheckCount(std::uint64_t count, std::uint64_t smallest,
                                     const char* field) {
  if (!ok()) return 0;
  if (smallest == 0 || count <= remaining() / smallest) return count;
  field_ = field;
  code_ = ErrorCode::kMalformed;
  failed_at_ = base_ + position_;
  detail_ = std::string(field) + " " + std::to_string(count) + " does not fit in the " +
            std::to_string(remaining()) + " bytes left";
  return 0;
}

void ByteReader::Skip(std::uint64_t count, const char* field) {
  if (Need(count, field)) position_ += static_cast<std::size_t>(count);
}

void ByteReader::Fail(const char* field, ErrorCode code, std::string detail) {
  if (!ok()) return;
  field_ = field;
  code_ = code;
  failed_at_ = base_ + position_;
  detail_ = std::move(detail);
}

Error ByteReader::error() const {
  char where[32];
  std::snprintf(where, sizeof where, "at 0x%llx: ", static_cast<unsigned long long>(failed_at_));
  if (!detail_.empty()) return {code_, where + detail_};
  return {code_, where + std::string(field_ ? field_ : "") + " needs " + std::to_string(wanted_) +
                     " bytes, " + std::to_string(had_) + " left"};
}

}  // namespace weighbridge
