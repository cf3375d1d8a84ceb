// ProtoFields: the fields of a protobuf message of which only the first bytes are in
// view. For probes: allocates nothing, reads nothing.
#pragma once

#include <algorithm>
#include <cstdint>

#include "scanner/formats/protobuf_reader.h"
#include "weighbridge/bytes.h"

namespace weighbridge {

class ProtoFields {
 public:
  explicit ProtoFields(ByteSpan bytes) : rest_(bytes) {}
  // False at the end of the view or on damage.
  bool Next() {
    std::size_t used = 0;
    if (rest_.empty() || DecodeProtoField(rest_, &field, &used) != ProtoStep::kField) return false;
    rest_ = rest_.subspan(used);
    const auto count =
        static_cast<std::size_t>(std::min<std::uint64_t>(field.length, rest_.size()));
    payload = rest_.first(count);
    whole = count == field.length;
    rest_ = rest_.subspan(count);
    return true;
  }
  bool Next(std::uint32_t number, std::uint32_t wire) { return Next() && field.Is(number, wire); }

  ProtoField field;
  ByteSpan payload;    // wire 2: as much of it as is in view
  bool whole = false;  // wire 2: all of it

 private:
  ByteSpan rest_;
};

// Printable ASCII without blanks, of at most 1 KiB: a name or an operator.
inline bool IsProtoWord(ByteSpan bytes) {
  return !bytes.empty() && bytes.size() <= 1024 &&
         std::all_of(bytes.begin(), bytes.end(),
                     [](std::uint8_t byte) { return byte > 0x20 && byte < 0x7F; });
}

}  // namespace weighbridge
