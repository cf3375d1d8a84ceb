// Protobuf models that are recognised only. Each matcher demands the first fields in the
// order in which their writers emit them, and fitting fields one level down.
// Field numbers: tensorflow saved_model.proto, meta_graph.proto, node_def.proto;
// sentencepiece_model.proto; coremltools Model.proto; MindSpore mind_ir.proto; caffe.proto;
// Paddle framework.proto.
#include <algorithm>

#include "scanner/base/text.h"
#include "scanner/formats/proto_fields.h"
#include "scanner/formats/structures.h"

namespace weighbridge {
namespace {

using Fields = ProtoFields;

bool IsWord(ByteSpan bytes) { return IsProtoWord(bytes); }

void AddClaim(Artifact& artifact, const char* key, ByteSpan text) {
  constexpr std::size_t kMaxClaim = 4096;
  if (text.empty()) return;
  artifact.claims.push_back(
      {key, std::string(AsText(text.first(std::min(text.size(), kMaxClaim))))});
}

// A piece: {1 text, 2 score float, 3 type 1..6}; 0 when it is none, else its type.
std::uint64_t PieceType(ByteSpan bytes) {
  Fields piece(bytes);
  if (!piece.Next(1, 2) || piece.payload.empty() || !piece.Next(2, 5)) return 0;
  if (!piece.Next()) return 1;  // type NORMAL is the default
  return piece.field.Is(3, 0) && piece.field.value >= 1 && piece.field.value <= 6
             ? piece.field.value
             : 0;
}

}  // namespace

// {1 schema version, 2 meta graph {1 info {tags, versions ...}}}
bool IsSavedModel(const ProbeWindow& window) {
  Fields model(window.head);
  if (!model.Next(1, 0) || model.field.value != 1 || !model.Next(2, 2)) return false;
  Fields graph(model.payload);
  if (!graph.Next(1, 2) || graph.payload.empty()) return false;
  Fields info(graph.payload);
  while (info.Next()) {
    const bool fits = (info.field.wire == 2 && info.field.number <= 8) || info.field.Is(7, 0);
    if (!fits) return false;
  }
  return info.field.number != 0;
}

// Nodes {1 name, 2 op}: the first two must be ones.
bool IsGraphDef(const ProbeWindow& window) {
  Fields graph(window.head);
  for (int i = 0; i < 2; ++i) {
    if (!graph.Next(1, 2)) return false;
    Fields node(graph.payload);
    if (!node.Next(1, 2) || !node.whole || !IsWord(node.payload)) return false;
    if (!node.Next(2, 2) || !node.whole || !IsWord(node.payload)) return false;
    const std::uint8_t first = node.payload[0];
    if (first != '_' && (first < 'A' || first > 'Z')) return false;
    while (node.Next()) {
      if (node.field.wire != 2 || node.field.number < 3 || node.field.number > 7) return false;
    }
  }
  return true;
}

bool IsSentencePiece(const ProbeWindow& window) {
  Fields model(window.head);
  bool special = false;
  for (int i = 0; i < 4; ++i) {
    if (!model.Next(1, 2) || !model.whole) return false;
    const std::uint64_t type = PieceType(model.payload);
    if (type == 0) return false;
    special = special || type == 2 || type == 3;  // UNKNOWN or CONTROL come first
  }
  return special;
}

// {1 specification version, 2 description {1 input ...}, one of the model types from 200 on}
bool IsCoreMl(const ProbeWindow& window) {
  Fields model(window.head);
  if (!model.Next(1, 0) || model.field.value == 0 || model.field.value > 20) return false;
  if (!model.Next(2, 2) || !model.whole) return false;
  Fields description(model.payload);
  bool feature = false;
  while (description.Next()) {
    if (description.field.wire != 2) return false;
    feature = feature || description.field.number == 1 || description.field.number == 10;
  }
  if (!feature || !model.Next()) return false;
  if (model.field.Is(10, 0) && !model.Next()) return false;
  return model.field.wire == 2 && model.field.number >= 200 && model.field.number <= 3000;
}

void DescribeCoreMl(const ProbeWindow& window, Artifact& artifact) {
  Fields model(window.head);
  if (!model.Next(1, 0)) return;
  artifact.format_version = std::to_string(model.field.value);
  if (!model.Next(2, 2)) return;
  Fields description(model.payload);
  while (description.Next()) {
    if (!description.field.Is(100, 2)) continue;
    Fields metadata(description.payload);
    while (metadata.Next()) {
      if (metadata.field.Is(1, 2)) AddClaim(artifact, "coreml:short_description", metadata.payload);
      if (metadata.field.Is(2, 2)) AddClaim(artifact, "coreml:version", metadata.payload);
      if (metadata.field.Is(3, 2)) AddClaim(artifact, "coreml:author", metadata.payload);
      if (metadata.field.Is(4, 2)) AddClaim(artifact, "coreml:license", metadata.payload);
    }
  }
}

bool IsMindIr(const ProbeWindow& window) {
  Fields model(window.head);
  return model.Next(1, 2) && IsWord(model.payload) && model.Next(2, 2) &&
         AsText(model.payload) == "MindSpore";
}

void DescribeMindIr(const ProbeWindow& window, Artifact& artifact) {
  Fields model(window.head);
  if (model.Next(1, 2)) AddClaim(artifact, "mindir:ir_version", model.payload);
  if (model.Next(2, 2)) AddClaim(artifact, "mindir:producer_name", model.payload);
}

// {1 block {1 index 0, 2 parent -1, 3 variable {1 name}}}
bool IsPaddleProgram(const ProbeWindow& window) {
  Fields program(window.head);
  if (!program.Next(1, 2)) return false;
  Fields block(program.payload);
  if (!block.Next(1, 0) || block.field.value != 0) return false;
  // A 32-bit -1 is written sign-extended to 64.
  if (!block.Next(2, 0) || block.field.value != ~0ULL || !block.Next(3, 2)) return false;
  Fields variable(block.payload);
  return variable.Next(1, 2) && IsWord(variable.payload);
}

}  // namespace weighbridge
