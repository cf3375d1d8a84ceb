#include "scanner/formats/protobuf_reader.h"

#include <algorithm>

namespace weighbridge {

bool ProtobufReader::Byte(std::uint8_t* byte) {
  if (position_ >= end_) return Stop(ProtobufEnd::kTruncated);
  if (position_ < buffer_offset_ || position_ >= buffer_offset_ + buffer_size_) {
    if (budget_.bytes == 0) {
      budget_.exhausted = true;
      return Stop(ProtobufEnd::kBudget);
    }
    const std::uint64_t want = std::min<std::uint64_t>({buffer_.size(), end_ - position_, budget_.bytes});
    auto got = source_.ReadAt(position_, MutableByteSpan(buffer_).first(static_cast<std::size_t>(want)));
    if (!got.ok() || got.value() == 0) return Stop(ProtobufEnd::kTruncated);
    buffer_offset_ = position_;
    buffer_size_ = got.value();
    budget_.bytes -= buffer_size_;
  }
  *byte = buffer_[static_cast<std::size_t>(position_ - buffer_offset_)];
  ++position_;
  return true;
}

bool ProtobufReader::Varint(std::uint64_t* value) {
  *value = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    std::uint8_t byte = 0;
    if (!Byte(&byte)) return false;
    *value |= std::uint64_t{byte & 0x7Fu} << shift;
    if ((byte & 0x80) == 0) return true;
  }
  return Stop(ProtobufEnd::kMalformed);
}

bool ProtobufReader::Fixed(int bytes, std::uint64_t* value) {
  *value = 0;
  for (int i = 0; i < bytes; ++i) {
    std::uint8_t byte = 0;
    if (!Byte(&byte)) return false;
    *value |= std::uint64_t{byte} << (8 * i);
  }
  return true;
}

bool ProtobufReader::Next(ProtobufField* field) {
  if (state_ != ProtobufEnd::kRunning) return false;
  if (position_ >= end_) return Stop(ProtobufEnd::kDone);
  if (budget_.fields == 0) {
    budget_.exhausted = true;
    return Stop(ProtobufEnd::kBudget);
  }
  --budget_.fields;
  std::uint64_t tag = 0;
  if (!Varint(&tag)) return false;
  if (tag >> 3 == 0 || tag >> 32 != 0) return Stop(ProtobufEnd::kMalformed);
  *field = {};
  field->number = static_cast<std::uint32_t>(tag >> 3);
  field->wire = static_cast<std::uint32_t>(tag & 7);
  switch (field->wire) {
    case 0: return Varint(&field->value);
    case 1: return Fixed(8, &field->value);
    case 5: return Fixed(4, &field->value);
    case 2: break;
    default: return Stop(ProtobufEnd::kMalformed);
  }
  std::uint64_t length = 0;
  if (!Varint(&length)) return false;
  field->offset = position_;
  if (length > end_ - position_) {
    // The payload is cut short: hand out what is there, end at the next call.
    field->length = end_ - position_;
    position_ = end_;
    state_ = ProtobufEnd::kTruncated;
    return true;
  }
  field->length = length;
  position_ += length;
  return true;
}

std::string ProtobufReader::Text(const ProtobufField& field, std::uint64_t max_bytes) {
  const std::uint64_t want = std::min({field.length, max_bytes, budget_.bytes});
  if (want < std::min(field.length, max_bytes)) budget_.exhausted = true;
  std::string text(static_cast<std::size_t>(want), '\0');
  std::vector<std::uint8_t> bytes(text.size());
  auto got = source_.ReadAt(field.offset, bytes);
  if (!got.ok()) return {};
  budget_.bytes -= got.value();
  text.assign(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(got.value()));
  return text;
}

}  // namespace weighbridge
