// Protobuf models of older frameworks and of MindSpore, recognised only.
// Field numbers: caffe.proto (NetParameter, LayerParameter, V1LayerParameter); caffe2.proto
// (NetDef, OperatorDef); tensorflow meta_graph.proto, op_def.proto.
#include "scanner/base/text.h"
#include "scanner/formats/proto_fields.h"
#include "scanner/formats/protobuf_reader.h"
#include "scanner/formats/structures.h"

namespace weighbridge {
namespace {

bool StartsUpper(ByteSpan word) { return !word.empty() && word[0] >= 'A' && word[0] <= 'Z'; }

// LayerParameter {1 name, 2 type as text}
bool IsLayer(ByteSpan bytes) {
  ProtoFields layer(bytes);
  return layer.Next(1, 2) && IsProtoWord(layer.payload) && layer.Next(2, 2) &&
         StartsUpper(layer.payload) && IsProtoWord(layer.payload);
}

// V1LayerParameter {2 bottom, 3 top, 4 name, 5 type 0..39, 6 blobs ...}
bool IsV1Layer(ByteSpan bytes) {
  ProtoFields layer(bytes);
  while (layer.Next()) {
    if (layer.field.Is(4, 2)) {
      return IsProtoWord(layer.payload) && layer.Next(5, 0) && layer.field.value <= 39;
    }
    const bool wired = layer.field.Is(2, 2) || layer.field.Is(3, 2);
    if (!wired || !layer.whole || !IsProtoWord(layer.payload)) return false;
  }
  return false;
}

// OperatorDef {1 input, 2 output, 3 name, 4 type, ...}
bool IsCaffe2Operator(ByteSpan bytes) {
  ProtoFields op(bytes);
  bool output = false;
  while (op.Next() && op.field.wire == 2 && op.whole) {
    if (op.field.number == 4) {
      return output && StartsUpper(op.payload) && IsProtoWord(op.payload);
    }
    const bool named = op.field.number == 1 || op.field.number == 2;
    if (named && !IsProtoWord(op.payload)) return false;
    if (!named && op.field.number != 3) return false;
    output = output || op.field.number == 2;
  }
  return false;
}

// TensorProto {1 dims, one by one or packed, 2 type such as "Float32", 3 content}
bool IsMindSporeTensor(ByteSpan bytes) {
  ProtoFields tensor(bytes);
  for (int i = 0; i < 16 && tensor.Next(); ++i) {
    if (tensor.field.Is(1, 0) || tensor.field.Is(1, 2)) continue;
    if (!tensor.field.Is(2, 2) || !tensor.whole) return false;
    const std::string_view type = AsText(tensor.payload);
    const std::string_view stem = type.substr(0, type.find_first_of("0123456789"));
    return (stem == "Float" || stem == "BFloat" || stem == "Int" || stem == "UInt" ||
            stem == "Bool" || stem == "str") &&
           type.size() <= 8 && (!tensor.Next() || tensor.field.Is(3, 2));
  }
  return false;
}

// OpDef {1 name, 2 input argument ...}
bool IsOpDef(ByteSpan bytes) {
  ProtoFields op(bytes);
  return op.Next(1, 2) && op.whole && StartsUpper(op.payload) && IsProtoWord(op.payload);
}

// MetaInfoDef {1 version, 2 OpList {1 OpDef}, 4 tags, 5 tensorflow_version, ...}
bool IsMetaInfo(ByteSpan bytes) {
  ProtoFields info(bytes);
  bool evidence = false;
  while (info.Next()) {
    const bool fits = (info.field.wire == 2 && info.field.number <= 8) || info.field.Is(7, 0);
    if (!fits) return false;
    if (info.field.Is(2, 2)) {
      ProtoFields list(info.payload);
      if (!list.Next(1, 2) || !IsOpDef(list.payload)) return false;
      evidence = true;
    }
    if (info.field.Is(5, 2) && info.whole) {
      if (!IsProtoWord(info.payload) || info.payload[0] < '0' || info.payload[0] > '9')
        return false;
      evidence = true;
    }
  }
  return evidence;
}

// GraphDef {1 node {1 name, 2 op}} or, without nodes, {4 versions}
bool IsGraph(ByteSpan bytes) {
  ProtoFields graph(bytes);
  if (!graph.Next() || graph.field.wire != 2) return false;
  if (graph.field.number == 4) return true;
  ProtoFields node(graph.payload);
  return graph.field.number == 1 && node.Next(1, 2) && IsProtoWord(node.payload) &&
         node.Next(2, 2) && IsProtoWord(node.payload);
}

// The text at `path` (field numbers of messages, then of the text), first occurrence.
std::string TextAt(const ByteSource& source, std::initializer_list<std::uint32_t> path) {
  constexpr std::uint64_t kMaxText = 256;
  const Limits limits;
  ProtobufInput input(source, limits);
  ProtoField at;
  at.length = source.size();
  for (const std::uint32_t number : path) {
    ProtobufReader reader(input, at.offset, at.offset + at.length);
    ProtoField field;
    do {
      if (!reader.Next(&field)) return {};
    } while (!field.Is(number, 2));
    at = field;
  }
  return input.Text(at, kMaxText);
}

void AddTensorFlowVersion(const std::string& version, Artifact& artifact) {
  if (!version.empty()) {
    artifact.claims.push_back({"tensorflow:tensorflow_version", Printable(version)});
  }
}

}  // namespace

// {1 name, 3 input, 4 input dimensions, 8 input shape ..., 100 layer or 2 V1 layer}
bool IsCaffe(const ProbeWindow& window) {
  if (window.head.empty() || window.head[0] != 0x0A) return false;
  ProtoFields net(window.head);
  if (!net.Next(1, 2) || !net.whole) return false;
  for (int i = 0; i < 16 && net.Next(); ++i) {
    if (net.field.Is(100, 2)) return IsLayer(net.payload);
    if (net.field.Is(2, 2)) return IsV1Layer(net.payload);
    if (net.field.number < 3 || net.field.number > 8) return false;
  }
  return false;
}

// {1 name, 2 operator, 2 operator or the end or 3..9}
bool IsCaffe2(const ProbeWindow& window) {
  if (window.head.empty() || window.head[0] != 0x0A) return false;
  ProtoFields net(window.head);
  if (!net.Next(1, 2) || !net.whole || !IsProtoWord(net.payload)) return false;
  if (!net.Next(2, 2) || !IsCaffe2Operator(net.payload)) return false;
  if (!net.whole) return true;  // large fills in the first operator
  if (!net.Next()) return true;
  if (net.field.Is(2, 2)) return IsCaffe2Operator(net.payload);
  return net.field.number >= 3 && net.field.number <= 9;
}

// Checkpoint {1 value {1 tag, 2 tensor}} (mindspore/ccsrc/utils/checkpoint.proto)
bool IsMindSporeCheckpoint(const ProbeWindow& window) {
  if (window.head.empty() || window.head[0] != 0x0A) return false;
  ProtoFields checkpoint(window.head);
  if (!checkpoint.Next(1, 2)) return false;
  ProtoFields value(checkpoint.payload);
  return value.Next(1, 2) && value.whole && IsProtoWord(value.payload) && value.Next(2, 2) &&
         IsMindSporeTensor(value.payload);
}

// {1 meta info, 2 graph {1 node}}
bool IsMetaGraph(const ProbeWindow& window) {
  if (window.head.empty() || window.head[0] != 0x0A) return false;
  ProtoFields graph(window.head);
  if (!graph.Next(1, 2) || !IsMetaInfo(graph.payload)) return false;
  return !graph.whole || (graph.Next(2, 2) && IsGraph(graph.payload));
}

void DescribeMetaGraph(const ProbeWindow& window, Artifact& artifact) {
  if (window.source != nullptr) AddTensorFlowVersion(TextAt(*window.source, {1, 5}), artifact);
}

void DescribeSavedModel(const ProbeWindow& window, Artifact& artifact) {
  if (window.source != nullptr) AddTensorFlowVersion(TextAt(*window.source, {2, 1, 5}), artifact);
}

}  // namespace weighbridge
