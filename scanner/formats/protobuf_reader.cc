#include "scanner/formats/protobuf_reader.h"

#include <algorithm>

#include "scanner/base/text.h"

namespace weighbridge {
namespace {

constexpr std::size_t kMaxVarintBytes = 10;
constexpr std::size_t kMaxHeaderBytes = 2 * kMaxVarintBytes;
constexpr std::size_t kFirstBlock = 1U << 10;
constexpr std::size_t kLargestBlock = 64U << 10;
constexpr std::uint64_t kMaxFieldNumber = (1ULL << 29) - 1;

ProtoStep DecodeVarint(ByteSpan bytes, std::size_t* at, std::uint64_t* value) {
  *value = 0;
  for (std::size_t i = 0; i < kMaxVarintBytes; ++i) {
    if (*at + i >= bytes.size()) return ProtoStep::kShort;
    const std::uint8_t byte = bytes[*at + i];
    if (i == kMaxVarintBytes - 1 && byte > 1) return ProtoStep::kBad;
    *value |= static_cast<std::uint64_t>(byte & 0x7FU) << (7 * i);
    if ((byte & 0x80U) != 0) continue;
    *at += i + 1;
    return ProtoStep::kField;
  }
  return ProtoStep::kBad;
}

ProtoStep DecodeFixed(ByteSpan bytes, std::size_t width, std::size_t* at, std::uint64_t* value) {
  if (bytes.size() - *at < width) return ProtoStep::kShort;
  *value = 0;
  for (std::size_t i = 0; i < width; ++i) {
    *value |= static_cast<std::uint64_t>(bytes[*at + i]) << (8 * i);
  }
  *at += width;
  return ProtoStep::kField;
}

}  // namespace

ProtoStep DecodeProtoField(ByteSpan bytes, ProtoField* field, std::size_t* used) {
  *field = ProtoField{};
  std::size_t at = 0;
  std::uint64_t tag = 0;
  ProtoStep step = DecodeVarint(bytes, &at, &tag);
  if (step != ProtoStep::kField) return step;
  if (tag >> 3 == 0 || tag >> 3 > kMaxFieldNumber) return ProtoStep::kBad;
  field->number = static_cast<std::uint32_t>(tag >> 3);
  field->wire = static_cast<std::uint32_t>(tag & 7);
  switch (field->wire) {
    case 0: step = DecodeVarint(bytes, &at, &field->value); break;
    case 1: step = DecodeFixed(bytes, 8, &at, &field->value); break;
    case 2: step = DecodeVarint(bytes, &at, &field->length); break;
    case 5: step = DecodeFixed(bytes, 4, &at, &field->value); break;
    default: return ProtoStep::kBad;  // groups: no model format has them
  }
  *used = at;
  return step;
}

ProtobufInput::ProtobufInput(const ByteSource& source, const Limits& limits)
    : source_(source), limits_(limits), size_(source.size()), next_block_(kFirstBlock) {}

void ProtobufInput::Fail(ErrorCode code, std::uint64_t offset, const std::string& what) {
  if (error_) return;
  error_ = Error{code, "at byte " + std::to_string(offset) + ": " + what};
}

bool ProtobufInput::Charge(std::uint64_t bytes, std::uint64_t offset) {
  bytes_ += bytes;
  if (++fields_ > limits_.max_protobuf_fields) {
    Fail(ErrorCode::kLimitExceeded, offset,
         "more than " + std::to_string(limits_.max_protobuf_fields) + " fields");
  } else if (bytes_ > limits_.max_protobuf_read_bytes) {
    Fail(ErrorCode::kLimitExceeded, offset,
         "more than " + std::to_string(limits_.max_protobuf_read_bytes) + " bytes of structure");
  }
  return ok();
}

ByteSpan ProtobufInput::Peek(std::uint64_t offset, std::size_t count) {
  if (!ok() || offset >= size_) return {};
  const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(count, size_ - offset));
  const bool inside = offset >= block_at_ && offset - block_at_ <= block_size_;
  if (!inside || block_size_ - (offset - block_at_) < wanted) {
    next_block_ = inside ? std::min(next_block_ * 2, kLargestBlock) : kFirstBlock;
    block_.resize(std::max(next_block_, wanted));
    block_at_ = offset;
    block_size_ = 0;
    const auto got = source_.ReadAt(offset, block_);
    if (!got.ok()) {
      Fail(got.error().code, offset, got.error().message);
      return {};
    }
    block_size_ = got.value();
    if (block_size_ < wanted) {
      Fail(ErrorCode::kChanged, offset, "the file ended while it was read");
      return {};
    }
  }
  return ByteSpan(block_).subspan(static_cast<std::size_t>(offset - block_at_), wanted);
}

std::string ProtobufInput::Text(const ProtoField& field, std::uint64_t max_bytes) {
  const std::uint64_t count = std::min(field.length, max_bytes);
  if (!ok() || !Charge(count, field.offset)) return {};
  auto bytes = ReadExactly(source_, field.offset, count);
  if (!bytes.ok()) {
    Fail(bytes.error().code, field.offset, bytes.error().message);
    return {};
  }
  return std::string(AsText(bytes.value()));
}

ProtobufReader::ProtobufReader(ProtobufInput& input, std::uint64_t begin, std::uint64_t end)
    : input_(input), at_(begin), end_(std::min(end, input.size())) {}

ProtobufReader::ProtobufReader(ProtobufInput& input, const ProtoField& field)
    : ProtobufReader(input, field.offset, field.offset + field.length) {}

bool ProtobufReader::Next(ProtoField* field) {
  if (!input_.ok() || at_ >= end_) return false;
  const auto room = static_cast<std::size_t>(std::min<std::uint64_t>(kMaxHeaderBytes, end_ - at_));
  const ByteSpan bytes = input_.Peek(at_, room);
  if (!input_.ok()) return false;
  std::size_t used = 0;
  const ProtoStep step = DecodeProtoField(bytes, field, &used);
  if (step == ProtoStep::kShort && end_ == input_.size()) {
    input_.MarkTruncated();
    at_ = end_;
    return false;
  }
  if (step != ProtoStep::kField) {
    input_.Fail(ErrorCode::kMalformed, at_, "not a protobuf field");
    return false;
  }
  if (!input_.Charge(used, at_)) return false;
  at_ += used;
  if (field->wire != 2) return true;
  field->offset = at_;
  if (field->length > end_ - at_) {
    if (end_ != input_.size()) {
      input_.Fail(ErrorCode::kMalformed, at_,
                  "field " + std::to_string(field->number) + " of " +
                      std::to_string(field->length) + " bytes is longer than its message");
      return false;
    }
    input_.MarkTruncated();
    field->cut = true;
    field->length = end_ - at_;
  }
  at_ += field->length;
  return true;
}

}  // namespace weighbridge
