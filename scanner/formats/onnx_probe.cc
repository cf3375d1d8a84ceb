// The probe for ONNX: no magic exists, so every field that is seen must fit ModelProto,
// and the ones that carry structure (graph, opset_import) must fit one level down too.
#include <algorithm>
#include <array>
#include <cstdint>

#include "scanner/base/text.h"
#include "scanner/formats/onnx.h"
#include "scanner/formats/protobuf_reader.h"

namespace weighbridge {
namespace {

constexpr std::uint64_t kMaxIrVersion = 99;
constexpr std::uint64_t kMaxProducerBytes = 256;
constexpr int kMaxFields = 512;      // of a model's top level that a probe looks at
constexpr int kMaxGraphFields = 16;  // of a graph

// Bit n of a schema: field n exists. One set per wire type.
struct Schema {
  std::uint64_t varints;
  std::uint64_t messages;
  bool Fits(const ProtoField& field) const {
    if (field.number > 63) return false;
    const std::uint64_t bit = 1ULL << field.number;
    return (field.wire == 0 && (varints & bit) != 0) || (field.wire == 2 && (messages & bit) != 0);
  }
};
template <typename... N>
constexpr std::uint64_t Bits(N... numbers) {
  return (0ULL | ... | (1ULL << numbers));
}
constexpr Schema kModel{Bits(1, 5), Bits(2, 3, 4, 6, 7, 8, 14, 20, 25, 26)};
constexpr Schema kGraph{0, Bits(1, 2, 5, 10, 11, 12, 13, 14, 15, 16)};
constexpr Schema kNode{0, Bits(1, 2, 3, 4, 5, 6, 7, 8, 9, 10)};
constexpr Schema kOpset{Bits(2), Bits(1)};
constexpr Schema kTensor{Bits(1, 2, 14), Bits(1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 16)};

bool IsIdentifier(ByteSpan bytes) {
  return std::all_of(bytes.begin(), bytes.end(),
                     [](std::uint8_t byte) { return byte >= 0x20 && byte != 0x7F; }) &&
         IsValidUtf8(AsText(bytes));
}

// Up to `most` fields of a message of which `bytes` are the first ones. Which fields
// occurred, or 0 when one does not fit.
std::uint64_t FieldsThatFit(ByteSpan bytes, bool complete, const Schema& schema, int most) {
  std::uint64_t seen = 0;
  for (int i = 0; i < most && !bytes.empty(); ++i) {
    ProtoField field;
    std::size_t used = 0;
    const ProtoStep step = DecodeProtoField(bytes, &field, &used);
    if (step == ProtoStep::kShort && !complete) return seen;
    if (step != ProtoStep::kField || !schema.Fits(field)) return 0;
    seen |= 1ULL << field.number;
    bytes = bytes.subspan(used);
    if (field.length > bytes.size()) return complete ? 0 : seen;
    bytes = bytes.subspan(static_cast<std::size_t>(field.length));
  }
  return seen;
}

// The graph's own fields fit, and so does the first node or initializer in it.
bool IsGraph(ByteSpan bytes, bool complete) {
  const std::uint64_t seen = FieldsThatFit(bytes, complete, kGraph, kMaxGraphFields);
  if ((seen & Bits(1, 2, 5, 11, 12)) == 0) return false;
  ProtoField first;
  std::size_t used = 0;
  if (DecodeProtoField(bytes, &first, &used) != ProtoStep::kField) return false;
  const ByteSpan rest = bytes.subspan(used);
  const bool whole = first.length <= rest.size();
  const ByteSpan inner = whole ? rest.first(static_cast<std::size_t>(first.length)) : rest;
  if (inner.empty()) return first.length == 0 || !complete;
  if (first.number == 1) return FieldsThatFit(inner, whole, kNode, kMaxGraphFields) != 0;
  if (first.number == 5) return FieldsThatFit(inner, whole, kTensor, kMaxGraphFields) != 0;
  if (first.number == 2)
    return IsIdentifier(inner.first(std::min<std::size_t>(inner.size(), 64))) || !whole;
  return true;
}

struct Evidence {
  bool ir_version = false;
  bool producer = false;
  bool opset = false;
  bool graph = false;
  bool ends_early = false;  // the file ends inside a field

  // Enough that bytes which do not fit (a zip behind the model, a field of a later
  // version) are the parser's business.
  bool Settled() const { return graph && opset && ir_version; }
  bool Convinces() const {
    if (graph) return opset || (ir_version && (producer || ends_early));
    return ends_early && ir_version && producer && opset;
  }
};

// One field whose payload begins with `payload`; false when the file is no ModelProto.
bool Weigh(const ProtoField& field, ByteSpan payload, Evidence* seen) {
  const bool complete = payload.size() == field.length;
  switch (field.number) {
    case 1: seen->ir_version = true; return field.value >= 1 && field.value <= kMaxIrVersion;
    case 2: seen->producer = field.length > 0; [[fallthrough]];
    case 3:
    case 4: return field.length <= kMaxProducerBytes && (!complete || IsIdentifier(payload));
    case 7: seen->graph = true; return IsGraph(payload, complete);
    case 8: {
      const std::uint64_t inner = FieldsThatFit(payload, complete, kOpset, 4);
      seen->opset = seen->opset || (inner & Bits(2)) != 0;
      return (inner & Bits(2)) != 0 || !complete;
    }
    default: return true;
  }
}

// The bytes at offset: the head's, or a few read beyond it. Nothing is allocated.
class Glance {
 public:
  explicit Glance(const ProbeWindow& window) : window_(window) {}
  ByteSpan At(std::uint64_t offset) {
    if (offset < window_.head.size()) {
      return window_.head.subspan(static_cast<std::size_t>(offset));
    }
    if (window_.source == nullptr || ++reads_ > kMaxReads) return {};
    const auto got = window_.source->ReadAt(offset, bytes_);
    return got.ok() ? ByteSpan(bytes_).first(got.value()) : ByteSpan{};
  }

 private:
  static constexpr int kMaxReads = 16;
  const ProbeWindow& window_;
  std::array<std::uint8_t, 512> bytes_{};
  int reads_ = 0;
};

}  // namespace

bool ProbeOnnx(const ProbeWindow& window) {
  // Tags of the fields with which writers begin: 1, 2, 3, 4, 5, 6, 7 and 8.
  constexpr std::array<std::uint8_t, 8> kFirst{0x08, 0x12, 0x1A, 0x22, 0x28, 0x32, 0x3A, 0x42};
  if (window.head.empty() ||
      std::find(kFirst.begin(), kFirst.end(), window.head[0]) == kFirst.end()) {
    return false;
  }
  Glance glance(window);
  Evidence seen;
  std::uint64_t at = 0;
  for (int i = 0; i < kMaxFields && at < window.size; ++i) {
    const ByteSpan bytes = glance.At(at);
    ProtoField field;
    std::size_t used = 0;
    const ProtoStep step = DecodeProtoField(bytes, &field, &used);
    if (step == ProtoStep::kShort) {
      seen.ends_early = at + bytes.size() >= window.size;
      break;
    }
    if (step != ProtoStep::kField || !kModel.Fits(field)) return seen.Settled();
    const ByteSpan rest = bytes.subspan(used);
    const bool whole = field.length <= rest.size();
    if (!Weigh(field, whole ? rest.first(static_cast<std::size_t>(field.length)) : rest, &seen)) {
      return false;
    }
    at += used;
    if (field.length > window.size - at) {
      seen.ends_early = true;
      break;
    }
    at += field.length;
    // Text and opsets alone never reach far: do not follow a file that shows no graph.
    if (at >= window.head.size() && !seen.graph) return false;
  }
  return seen.Convinces();
}

}  // namespace weighbridge
