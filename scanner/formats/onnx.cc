// ONNX (onnx/onnx: onnx.proto, docs/ExternalData.md). One protobuf message:
//
//   ModelProto   1 ir_version  2 producer_name  3 producer_version  4 domain
//                5 model_version  6 doc_string  7 graph  8 opset_import  14 metadata_props
//   GraphProto   1 node  2 name  5 initializer  15 sparse_initializer
//   NodeProto    5 attribute       AttributeProto  5 t  6 g  10 tensors  11 graphs
//   TensorProto  1 dims  2 data_type  4 float_data  8 name  9 raw_data  10 double_data
//                13 external_data {1 key 2 value}  14 data_location
//
// Fields come in any order. raw_data and packed float_data hold the same bytes and
// are located, never read.
#include "scanner/formats/onnx.h"

#include <algorithm>
#include <map>

#include "scanner/base/checked_math.h"
#include "scanner/base/text.h"
#include "scanner/formats/dtype.h"
#include "scanner/formats/header_notes.h"
#include "scanner/formats/protobuf_reader.h"

namespace weighbridge {
namespace {

constexpr std::uint64_t kMaxText = 4096;
constexpr int kMaxGraphDepth = 16;
constexpr std::size_t kMaxDims = 32;

// TensorProto.DataType.
const char* DtypeName(std::uint64_t type) {
  switch (type) {
    case 1: return "F32";
    case 2: return "U8";
    case 3: return "I8";
    case 4: return "U16";
    case 5: return "I16";
    case 6: return "I32";
    case 7: return "I64";
    case 9: return "BOOL";
    case 10: return "F16";
    case 11: return "F64";
    case 12: return "U32";
    case 13: return "U64";
    case 14: return "C64";
    case 16: return "BF16";
    case 17: return "F8_E4M3";
    case 18: return "F8_E4M3FNUZ";
    case 19: return "F8_E5M2";
    case 20: return "F8_E5M2FNUZ";
    default: return nullptr;
  }
}

// A location must stay in the model's own folder (docs/ExternalData.md).
bool IsPlainLocation(const std::string& location) {
  if (location.empty() || location.front() == '/') return false;
  if (location.find('\0') != std::string::npos || location.find('\\') != std::string::npos) return false;
  for (const std::string& part : Split(location, '/')) {
    if (part.empty() || part == "." || part == "..") return false;
  }
  return true;
}

class OnnxParser {
 public:
  OnnxParser(const ByteSource& source, const Limits& limits, Artifact& artifact)
      : source_(source), limits_(limits), artifact_(artifact), notes_(artifact, limits, "onnx"), budget_(limits) {}

  void Parse() {
    ProtobufReader in(source_, 0, source_.size(), budget_);
    for (ProtobufField field; in.Next(&field);) ModelField(in, field);
    Report(in);
  }

 private:
  void ModelField(ProtobufReader& in, const ProtobufField& field) {
    if (field.number == 1 && field.wire == 0) {
      artifact_.format_version = std::to_string(field.value);
      notes_.AddClaim("onnx:ir_version", artifact_.format_version);
    }
    if (field.number == 5 && field.wire == 0) notes_.AddClaim("onnx:model_version", std::to_string(field.value));
    if (field.wire != 2) return;
    switch (field.number) {
      case 2: return TextClaim(in, field, "onnx:producer_name");
      case 3: return TextClaim(in, field, "onnx:producer_version");
      case 4: return TextClaim(in, field, "onnx:domain");
      case 6: return TextClaim(in, field, "onnx:doc_string");
      case 7: return Graph(field, 0);
      case 8: return Opset(field);
      case 14: return Metadata(field);
      default: return;
    }
  }

  void TextClaim(ProtobufReader& in, const ProtobufField& field, const char* key) {
    const std::string text = in.Text(field, kMaxText);
    if (!text.empty()) notes_.AddClaim(key, text);
  }

  void Opset(const ProtobufField& opset) {
    ProtobufReader in(source_, opset.offset, opset.length, budget_);
    std::string domain, version;
    for (ProtobufField field; in.Next(&field);) {
      if (field.number == 1 && field.wire == 2) domain = in.Text(field, kMaxText);
      if (field.number == 2 && field.wire == 0) version = std::to_string(field.value);
    }
    notes_.AddClaim("onnx:opset", domain + ":" + version);
  }

  std::pair<std::string, std::string> KeyValue(const ProtobufField& entry) {
    ProtobufReader in(source_, entry.offset, entry.length, budget_);
    std::pair<std::string, std::string> pair;
    for (ProtobufField field; in.Next(&field);) {
      if (field.number == 1 && field.wire == 2) pair.first = in.Text(field, kMaxText);
      if (field.number == 2 && field.wire == 2) pair.second = in.Text(field, kMaxText);
    }
    return pair;
  }

  void Metadata(const ProtobufField& entry) {
    const auto [key, value] = KeyValue(entry);
    if (!key.empty()) notes_.AddClaim("onnx:metadata:" + key, value);
  }

  void Graph(const ProtobufField& graph, int depth) {
    if (depth > kMaxGraphDepth) {
      notes_.Partial(ErrorCode::kLimitExceeded, "subgraphs nested deeper than 16");
      return;
    }
    ProtobufReader in(source_, graph.offset, graph.length, budget_);
    for (ProtobufField field; in.Next(&field);) {
      if (field.wire != 2) continue;
      if (field.number == 1) Node(field, depth);
      if (field.number == 2 && depth == 0) TextClaim(in, field, "onnx:graph_name");
      if (field.number == 5) TensorProto(field);
      if (field.number == 15) SparseTensor(field);
    }
    Report(in);
  }

  // Only nodes with attributes that hold tensors or graphs matter.
  void Node(const ProtobufField& node, int depth) {
    ProtobufReader in(source_, node.offset, node.length, budget_);
    for (ProtobufField field; in.Next(&field);) {
      if (field.number != 5 || field.wire != 2) continue;
      ProtobufReader attribute(source_, field.offset, field.length, budget_);
      for (ProtobufField part; attribute.Next(&part);) {
        if (part.wire != 2) continue;
        if (part.number == 5 || part.number == 10) TensorProto(part);
        if (part.number == 6 || part.number == 11) Graph(part, depth + 1);
      }
    }
  }

  void SparseTensor(const ProtobufField& sparse) {
    ProtobufReader in(source_, sparse.offset, sparse.length, budget_);
    for (ProtobufField field; in.Next(&field);) {
      if (field.number == 1 && field.wire == 2) TensorProto(field);
    }
  }

  void TensorProto(const ProtobufField& proto) {
    if (artifact_.tensors.size() >= limits_.max_tensors_per_file) {
      if (!tensors_full_) notes_.Partial(ErrorCode::kLimitExceeded, "more tensors than " + std::to_string(limits_.max_tensors_per_file));
      tensors_full_ = true;
      return;
    }
    Tensor tensor;
    std::map<std::string, std::string> external;
    bool is_external = false;
    std::uint64_t type = 0;
    ProtobufReader in(source_, proto.offset, proto.length, budget_);
    for (ProtobufField field; in.Next(&field);) {
      if (field.number == 1) ReadDims(in, field, tensor);
      if (field.number == 2 && field.wire == 0) type = field.value;
      if (field.number == 8 && field.wire == 2) tensor.name = in.Text(field, kMaxText);
      // Packed little-endian floats are the bytes that raw_data would hold.
      if ((field.number == 9 || field.number == 4 || field.number == 10) && field.wire == 2) {
        tensor.offset = field.offset;
        tensor.bytes = field.length;
        tensor.has_data = true;
      }
      if (field.number == 13 && field.wire == 2) external.insert(KeyValue(field));
      if (field.number == 14 && field.wire == 0) is_external = field.value == 1;
    }
    const char* dtype = DtypeName(type);
    tensor.dtype = dtype == nullptr ? "ONNX_TYPE_" + std::to_string(type) : dtype;
    if (is_external) Locate(external, tensor);
    CheckSize(tensor, dtype != nullptr);
    artifact_.tensors.push_back(std::move(tensor));
  }

  void ReadDims(ProtobufReader& in, const ProtobufField& field, Tensor& tensor) {
    if (field.wire == 0 && tensor.shape.size() < kMaxDims) tensor.shape.push_back(field.value);
    if (field.wire != 2) return;
    const std::string packed = in.Text(field, kMaxText);
    std::uint64_t value = 0;
    unsigned shift = 0;
    for (const char c : packed) {
      const auto byte = static_cast<std::uint8_t>(c);
      if (shift < 64) value |= std::uint64_t{byte & 0x7Fu} << shift;
      shift += 7;
      if ((byte & 0x80) != 0) continue;
      if (tensor.shape.size() < kMaxDims) tensor.shape.push_back(value);
      value = 0;
      shift = 0;
    }
  }

  void Locate(const std::map<std::string, std::string>& external, Tensor& tensor) {
    tensor.has_data = false;
    const auto get = [&](const char* key) {
      const auto it = external.find(key);
      return it == external.end() ? std::string() : it->second;
    };
    const std::string location = get("location");
    if (!IsPlainLocation(location)) {
      RefuseLocation(location, tensor.name);
      return;
    }
    auto& files = artifact_.external_files;
    auto it = std::find(files.begin(), files.end(), location);
    if (it == files.end()) it = files.insert(files.end(), location);
    tensor.external_file = static_cast<std::int32_t>(it - files.begin());
    tensor.offset = ParseUint(get("offset")).value_or(0);
    std::uint64_t elements = 0;
    const auto length = ParseUint(get("length"));
    if (length) tensor.bytes = *length;
    else if (!CountElements(tensor.shape, &elements) || !DtypeBytes(tensor.dtype, elements, &tensor.bytes)) return;
    tensor.has_data = true;
  }

  // The message is one that the built-in finding WB-PATH-TRAVERSAL looks for.
  void RefuseLocation(const std::string& location, const std::string& tensor) {
    artifact_.inspection = Inspection::kPartial;
    artifact_.not_inspected_reason = "external data location refused";
    if (++refused_ > 32) return;
    artifact_.diagnostics.push_back({Severity::kWarning, ErrorCode::kMalformed, artifact_.location,
                                     "external data location " + Quote(location) + " of tensor " +
                                         Quote(tensor) + " is not a plain relative name"});
  }

  void CheckSize(Tensor& tensor, bool known_type) {
    if (!known_type || !tensor.has_data) return;
    std::uint64_t elements = 0, bytes = 0;
    if (!CountElements(tensor.shape, &elements) || !DtypeBytes(tensor.dtype, elements, &bytes) || bytes != tensor.bytes) {
      notes_.Note(ErrorCode::kMalformed, "tensor " + Quote(tensor.name) + " has " + std::to_string(tensor.bytes) +
                                             " bytes of data, its shape says " + std::to_string(bytes));
      tensor.has_data = false;
    }
  }

  void Report(const ProtobufReader& in) {
    if (reported_) return;
    switch (in.end()) {
      case ProtobufEnd::kTruncated: notes_.Partial(ErrorCode::kTruncated, "the file ends inside a field at offset " + std::to_string(in.position())); break;
      case ProtobufEnd::kMalformed: notes_.Partial(ErrorCode::kMalformed, "not a protobuf field at offset " + std::to_string(in.position())); break;
      case ProtobufEnd::kBudget: notes_.Partial(ErrorCode::kLimitExceeded, "more fields or text than the limits allow"); break;
      default: return;
    }
    reported_ = true;
  }

  const ByteSource& source_;
  const Limits& limits_;
  Artifact& artifact_;
  HeaderNotes notes_;
  ProtobufBudget budget_;
  bool tensors_full_ = false;
  int refused_ = 0;
  bool reported_ = false;
};

// Wire type of every known ModelProto field; 9 stands for "not a field".
int ModelFieldWire(std::uint32_t number) {
  switch (number) {
    case 1: case 5: return 0;
    case 2: case 3: case 4: case 6: case 7: case 8: case 14: case 20: case 25: case 26: return 2;
    default: return 9;
  }
}

// GraphProto: 1 node 2 name 5 initializer 10 doc_string 11 input 12 output 13 value_info
// 14 quantization_annotation 15 sparse_initializer 16 metadata_props: all messages or texts.
bool LooksLikeGraph(const ByteSource& source, const ProtobufField& graph, ProtobufBudget& budget) {
  ProtobufReader in(source, graph.offset, graph.length, budget);
  ProtobufField field;
  int seen = 0;
  while (seen < 4 && in.Next(&field)) {
    const bool known = field.number == 1 || field.number == 2 || field.number == 5 || (field.number >= 10 && field.number <= 16);
    if (!known || field.wire != 2) return false;
    ++seen;
  }
  return seen > 0;
}

// OperatorSetIdProto: 1 domain, 2 version.
bool LooksLikeOpset(const ByteSource& source, const ProtobufField& opset, ProtobufBudget& budget) {
  ProtobufReader in(source, opset.offset, opset.length, budget);
  bool version = false;
  for (ProtobufField field; in.Next(&field);) {
    if (field.number == 2 && field.wire == 0) version = field.value > 0 && field.value < 1000;
    else if (!(field.number == 1 && field.wire == 2)) return false;
  }
  return version;
}

}  // namespace

bool ProbeOnnx(const ProbeWindow& window) {
  if (window.head.size() < 12 || window.source == nullptr) return false;
  const std::uint8_t first = window.head[0];
  const bool tag = first == 0x08 || first == 0x12 || first == 0x1A || first == 0x22 || first == 0x3A || first == 0x42;
  if (!tag) return false;
  Limits limits;
  limits.max_protobuf_fields = 4096;
  limits.max_protobuf_read_bytes = 256 << 10;
  ProtobufBudget budget(limits);
  ProtobufReader in(*window.source, 0, window.size, budget);
  bool graph = false, opset = false, version = false;
  for (ProtobufField field; in.Next(&field);) {
    if (static_cast<int>(field.wire) != ModelFieldWire(field.number)) return false;
    if (field.number == 1) {
      if (field.value == 0 || field.value > 1000) return false;
      version = true;
    }
    if (field.number == 7) {
      if (!LooksLikeGraph(*window.source, field, budget)) return false;
      graph = true;
    }
    if (field.number == 8) {
      if (!LooksLikeOpset(*window.source, field, budget)) return false;
      opset = true;
    }
  }
  if (in.end() == ProtobufEnd::kMalformed) return false;
  // A whole file needs graph and opset; a truncated one its version and graph.
  return in.end() == ProtobufEnd::kTruncated ? graph && version : graph && (opset || version);
}

void ParseOnnx(const ByteSource& source, const ProbeWindow&, const Limits& limits,
               Artifact& artifact) {
  artifact.format = "onnx";
  artifact.kind = ArtifactKind::kWeights;
  OnnxParser(source, limits, artifact).Parse();
}

}  // namespace weighbridge
