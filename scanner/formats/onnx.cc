#include "scanner/formats/onnx.h"

#include <string>

#include "scanner/base/text.h"
#include "scanner/formats/header_notes.h"
#include "scanner/formats/onnx_tensor.h"
#include "scanner/formats/protobuf_reader.h"

namespace weighbridge {
namespace {

// Graphs inside attributes of nodes (If, Loop, Scan); real models nest two or three.
constexpr std::uint32_t kMaxGraphDepth = 16;
constexpr std::uint64_t kMaxKeyBytes = 256;

class OnnxParser {
 public:
  OnnxParser(const ByteSource& source, const Limits& limits, Artifact& artifact)
      : input_(source, limits),
        limits_(limits),
        artifact_(artifact),
        notes_(artifact, limits, "ONNX") {}

  void Run() {
    ProtobufReader reader(input_, 0, input_.size());
    for (ProtoField field; reader.Next(&field);) ReadModelField(field);
    if (input_.error()) {
      notes_.Partial(input_.error()->code, input_.error()->message);
    } else if (input_.truncated()) {
      notes_.Partial(ErrorCode::kTruncated, "the file ends before its model does");
    }
    CheckDuplicateNames(artifact_, notes_);
  }

 private:
  void ReadModelField(const ProtoField& field) {
    if (field.Is(1, 0)) {
      artifact_.format_version = std::to_string(field.value);
      notes_.AddClaim("onnx:ir_version", artifact_.format_version);
    }
    if (field.Is(5, 0)) notes_.AddClaim("onnx:model_version", std::to_string(field.value));
    if (field.Is(7, 2)) ReadGraph(field, 0);
    if (field.Is(20, 2)) ReadTraining(field);
    if (field.Is(25, 2)) ReadFunction(field);
    if (field.Is(8, 2)) ReadOpset(field);
    if (field.Is(14, 2)) ReadMetadata(field);
    if (field.Is(2, 2)) ClaimText("onnx:producer_name", field);
    if (field.Is(3, 2)) ClaimText("onnx:producer_version", field);
    if (field.Is(4, 2)) ClaimText("onnx:domain", field);
    if (field.Is(6, 2)) ClaimText("onnx:doc_string", field);
  }

  void ClaimText(const char* key, const ProtoField& field) {
    notes_.AddClaim(key, input_.Text(field, limits_.max_claim_bytes));
  }

  void ReadOpset(const ProtoField& message) {
    std::string domain;
    std::uint64_t version = 0;
    ProtobufReader reader(input_, message);
    for (ProtoField field; reader.Next(&field);) {
      if (field.Is(1, 2)) domain = input_.Text(field, kMaxKeyBytes);
      if (field.Is(2, 0)) version = field.value;
    }
    // The empty domain is the alias of ai.onnx.
    if (domain.empty()) domain = "ai.onnx";
    notes_.AddClaim("onnx:opset", domain + ":" + std::to_string(version));
  }

  void ReadMetadata(const ProtoField& message) {
    std::string key;
    std::string value;
    ProtobufReader reader(input_, message);
    for (ProtoField field; reader.Next(&field);) {
      if (field.Is(1, 2)) key = input_.Text(field, kMaxKeyBytes);
      if (field.Is(2, 2)) value = input_.Text(field, limits_.max_claim_bytes);
    }
    if (!key.empty()) notes_.AddClaim("onnx:metadata:" + key, value);
  }

  void ReadGraph(const ProtoField& message, std::uint32_t depth) {
    if (depth > kMaxGraphDepth) {
      input_.Fail(ErrorCode::kLimitExceeded, message.offset,
                  "graphs nest deeper than " + std::to_string(kMaxGraphDepth));
      return;
    }
    ProtobufReader reader(input_, message);
    for (ProtoField field; reader.Next(&field);) {
      if (field.Is(1, 2)) ReadNode(field, depth);
      if (field.Is(2, 2) && depth == 0) ClaimText("onnx:graph_name", field);
      if (field.Is(5, 2)) ReadInitializer(field);
      if (field.Is(15, 2)) ReadSparse(field, {});
    }
  }

  // TrainingInfoProto {1 initialization, 2 algorithm}: graphs of their own.
  void ReadTraining(const ProtoField& message) {
    ProtobufReader reader(input_, message);
    for (ProtoField field; reader.Next(&field);) {
      if (field.Is(1, 2) || field.Is(2, 2)) ReadGraph(field, 1);
    }
  }

  // FunctionProto {7 node}
  void ReadFunction(const ProtoField& message) {
    ProtobufReader reader(input_, message);
    for (ProtoField field; reader.Next(&field);) {
      if (field.Is(7, 2)) ReadNode(field, 1);
    }
  }

  // SparseTensorProto {1 values, 2 indices, 3 dims}: the values are stored and named.
  void ReadSparse(const ProtoField& message, const std::string& name) {
    ProtobufReader reader(input_, message);
    for (ProtoField field; reader.Next(&field);) {
      if (field.Is(1, 2)) ReadInitializer(field, name);
    }
  }

  // `name` is for a tensor that has none of its own.
  void ReadInitializer(const ProtoField& field, const std::string& name = {}) {
    if (artifact_.tensors.size() >= limits_.max_tensors_per_file) {
      input_.Fail(ErrorCode::kLimitExceeded, field.offset,
                  "more than " + std::to_string(limits_.max_tensors_per_file) + " tensors");
      return;
    }
    const std::size_t before = artifact_.tensors.size();
    AddOnnxTensor(input_, field, artifact_, notes_);
    if (artifact_.tensors.size() == before || name.empty()) return;
    if (artifact_.tensors.back().name.empty()) artifact_.tensors.back().name = name;
  }

  // NodeProto {2 output, 4 op_type, 5 attribute}. A Constant's tensor is named by its output.
  void ReadNode(const ProtoField& message, std::uint32_t depth) {
    std::string output;
    bool constant = false;
    ProtobufReader reader(input_, message);
    for (ProtoField field; reader.Next(&field);) {
      if (field.Is(2, 2) && output.empty()) output = input_.Text(field, kMaxKeyBytes);
      if (field.Is(4, 2)) constant = input_.Text(field, kMaxKeyBytes) == "Constant";
      if (field.Is(5, 2)) ReadAttribute(field, depth, constant ? output : std::string());
    }
  }

  // AttributeProto {5 t, 6 g, 11 graphs, 22 sparse_tensor}
  void ReadAttribute(const ProtoField& message, std::uint32_t depth, const std::string& constant) {
    ProtobufReader reader(input_, message);
    for (ProtoField field; reader.Next(&field);) {
      if (field.Is(6, 2) || field.Is(11, 2)) ReadGraph(field, depth + 1);
      if (constant.empty()) continue;
      if (field.Is(5, 2)) ReadConstant(field, constant);
      if (field.Is(22, 2)) ReadSparse(field, constant);
    }
  }

  // Constants of a shape computation (scalars, axes) are no weights: only what is as large as
  // a weight is listed.
  void ReadConstant(const ProtoField& field, const std::string& name) {
    constexpr std::uint64_t kSmallestWeight = 1024;
    if (field.length >= kSmallestWeight) ReadInitializer(field, name);
  }

  ProtobufInput input_;
  const Limits& limits_;
  Artifact& artifact_;
  HeaderNotes notes_;
};

}  // namespace

void ParseOnnx(const ByteSource& source, const ProbeWindow&, const Limits& limits,
               Artifact& artifact) {
  artifact.format = "onnx";
  artifact.kind = ArtifactKind::kWeights;
  OnnxParser(source, limits, artifact).Run();
}

}  // namespace weighbridge
