// ProtobufReader: a walk over the wire form of protocol buffers that knows no schema.
//
//   field   = tag value            tag = varint of number << 3 | wire type
//   wire 0    varint               wire 1    8 bytes, little-endian
//   wire 2    varint length, bytes wire 5    4 bytes, little-endian
//
// Payloads are located, not read: a walk over a file of gigabytes reads its tags.
// Source: protobuf.dev/programming-guides/encoding.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "scanner/source/byte_source.h"
#include "weighbridge/limits.h"

namespace weighbridge {

struct ProtoField {
  std::uint32_t number = 0;
  std::uint32_t wire = 0;
  std::uint64_t value = 0;   // varint or fixed-width number
  std::uint64_t offset = 0;  // wire 2: absolute offset of the payload
  std::uint64_t length = 0;  // wire 2: bytes of the payload that are there
  bool cut = false;          // wire 2: it declares more bytes than the file has

  bool Is(std::uint32_t wanted_number, std::uint32_t wanted_wire) const {
    return number == wanted_number && wire == wanted_wire;
  }
};

enum class ProtoStep { kField, kShort, kBad };

// Decodes the tag and, for wire types 0, 1 and 5, the value; for 2 the declared length
// into `length`. kShort: `bytes` end too early. *used is what the tag and number took.
ProtoStep DecodeProtoField(ByteSpan bytes, ProtoField* field, std::size_t* used);

// What the readers of one file share: a block of its bytes, the caps, the first error.
class ProtobufInput {
 public:
  ProtobufInput(const ByteSource& source, const Limits& limits);

  std::uint64_t size() const { return size_; }
  // A view of up to `count` (at most 32) bytes at offset; fewer at the end or on failure.
  ByteSpan Peek(std::uint64_t offset, std::size_t count);
  // A payload's text, at most max_bytes of it.
  std::string Text(const ProtoField& field, std::uint64_t max_bytes);
  bool ok() const { return !error_; }
  const std::optional<Error>& error() const { return error_; }
  // Set when a field said that more bytes follow than the file has.
  bool truncated() const { return truncated_; }

  void Fail(ErrorCode code, std::uint64_t offset, const std::string& what);
  void MarkTruncated() { truncated_ = true; }
  bool Charge(std::uint64_t bytes, std::uint64_t offset);  // one field of so many bytes
  const Limits& limits() const { return limits_; }

 private:
  const ByteSource& source_;
  const Limits& limits_;
  std::uint64_t size_;
  std::vector<std::uint8_t> block_;
  std::uint64_t block_at_ = 0;
  std::size_t block_size_ = 0;  // valid bytes
  std::size_t next_block_;      // grows while the walk is sequential
  std::uint64_t fields_ = 0;
  std::uint64_t bytes_ = 0;
  std::optional<Error> error_;
  bool truncated_ = false;
};

// The fields of one message at [begin, end) of the input.
class ProtobufReader {
 public:
  ProtobufReader(ProtobufInput& input, std::uint64_t begin, std::uint64_t end);
  // The sub-message in a wire-2 field.
  ProtobufReader(ProtobufInput& input, const ProtoField& field);

  // False at the end, on damage (input.error()) or where the file ends (truncated()).
  bool Next(ProtoField* field);

 private:
  ProtobufInput& input_;
  std::uint64_t at_;
  std::uint64_t end_;
};

}  // namespace weighbridge
