// A bounded walk over protobuf wire data in a ByteSource (protobuf.dev, "Encoding").
// Length-delimited payloads are located, not read: a 2 GB raw_data costs nothing.
// One budget of fields and bytes is shared by all walks of a file. Not thread-safe.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "scanner/source/byte_source.h"
#include "weighbridge/limits.h"

namespace weighbridge {

struct ProtobufBudget {
  explicit ProtobufBudget(const Limits& limits)
      : fields(limits.max_protobuf_fields), bytes(limits.max_protobuf_read_bytes) {}
  std::uint64_t fields;  // left
  std::uint64_t bytes;   // left to read
  bool exhausted = false;
};

struct ProtobufField {
  std::uint32_t number = 0;
  std::uint32_t wire = 0;      // 0 varint, 1 64-bit, 2 length-delimited, 5 32-bit
  std::uint64_t value = 0;     // wire 0, 1 and 5
  std::uint64_t offset = 0;    // wire 2: absolute place of the payload
  std::uint64_t length = 0;    // wire 2: bytes, never past the end of the message
};

// Why a walk ended.
enum class ProtobufEnd { kRunning, kDone, kTruncated, kMalformed, kBudget };

class ProtobufReader {
 public:
  // Walks [offset, offset + length) of source, which must outlive the reader.
  ProtobufReader(const ByteSource& source, std::uint64_t offset, std::uint64_t length,
                 ProtobufBudget& budget)
      : source_(source), position_(offset), end_(offset + length), budget_(budget) {}

  // False at the end of the message or at the first fault; see end().
  bool Next(ProtobufField* field);
  ProtobufEnd end() const { return state_; }
  // A payload as text, cut at max_bytes; counts against the budget.
  std::string Text(const ProtobufField& field, std::uint64_t max_bytes);
  std::uint64_t position() const { return position_; }

 private:
  bool Byte(std::uint8_t* byte);
  bool Varint(std::uint64_t* value);
  bool Fixed(int bytes, std::uint64_t* value);
  bool Stop(ProtobufEnd end) {
    state_ = end;
    return false;
  }

  const ByteSource& source_;
  std::uint64_t position_;
  std::uint64_t end_;
  ProtobufBudget& budget_;
  ProtobufEnd state_ = ProtobufEnd::kRunning;
  std::array<std::uint8_t, 512> buffer_{};
  std::uint64_t buffer_offset_ = 0;
  std::size_t buffer_size_ = 0;
};

}  // namespace weighbridge
