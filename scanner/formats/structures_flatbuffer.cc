// Flatbuffers without a file identifier, recognised by their tables.
//
// MNN (alibaba/MNN: schema/default/MNN.fbs), root Net:
//   0 bizCode  1 extraTensorDescribe  2 extraInfo  3 oplists  4 outputName
//   5 preferForwardType  6 sourceType  7 tensorName  8 tensorNumber  9 usage
//   10 subgraphs  11 mnn_uuid
// Op: 0 inputIndexes  1 main_type  2 main  3 name  4 outputIndexes  5 type
#include "scanner/base/text.h"
#include "scanner/formats/flat_view.h"
#include "scanner/formats/structures.h"

namespace weighbridge {
namespace {

constexpr unsigned kBizCode = 0;
constexpr unsigned kOplists = 3;
constexpr unsigned kTensorName = 7;
constexpr unsigned kUuid = 11;
constexpr unsigned kMostFields = 24;  // of Net, with room for later versions
constexpr unsigned kOpFields = 16;

void AddClaim(Artifact& artifact, const char* key, const std::string& value) {
  if (!value.empty()) artifact.claims.push_back({key, Printable(value)});
}

}  // namespace

bool IsMnn(const ProbeWindow& window) {
  // The root lies near the start: the builder writes it last, back to front.
  if (window.size < 64 || window.head.size() < 8) return false;
  if (window.head[2] != 0 || window.head[3] != 0 || window.head[0] % 2 != 0) return false;
  FlatView view(window);
  const std::uint64_t net = view.Root();
  if (net == 0 || view.FieldCount(net) > kMostFields) return false;
  const std::uint64_t ops = view.Follow(view.Field(net, kOplists));
  const std::uint64_t names = view.Follow(view.Field(net, kTensorName));
  if (view.Count(ops, 4) == 0 || view.Count(names, 4) == 0) return false;
  const std::uint64_t op = view.Follow(ops + 4);
  if (op == 0 || view.FieldCount(op) < 2 || view.FieldCount(op) > kOpFields) return false;
  return !view.Text(view.Follow(names + 4)).empty();
}

void DescribeMnn(const ProbeWindow& window, Artifact& artifact) {
  FlatView view(window);
  const std::uint64_t net = view.Root();
  AddClaim(artifact, "mnn:bizCode", view.Text(view.Follow(view.Field(net, kBizCode))));
  AddClaim(artifact, "mnn:mnn_uuid", view.Text(view.Follow(view.Field(net, kUuid))));
}

// u32 size, flatbuffer identifier "mgv2" behind its own root offset.
bool IsMegEngineV2(const ProbeWindow& window) {
  const std::string_view head = AsText(window.head);
  return window.size >= 64 && head.size() >= 12 && head.substr(8, 4) == "mgv2";
}

// The TFLite description (field 3 of Model) and version (field 0).
void DescribeTflite(const ProbeWindow& window, Artifact& artifact) {
  FlatView view(window);
  const std::uint64_t model = view.Root();
  if (model == 0) return;
  const std::uint32_t version = view.U32(view.Field(model, 0));
  if (version != 0 && view.Field(model, 0) != 0) {
    artifact.format_version = std::to_string(version);
  }
  AddClaim(artifact, "tflite:description", view.Text(view.Follow(view.Field(model, 3))));
}

// ONNX Runtime (onnxruntime ort.fbs), root InferenceSession: 0 ort_version, 1 model.
// Model: 0 ir_version  1 opset_import  2 producer_name  3 producer_version  4 domain
//   5 model_version  6 doc_string
void DescribeOrt(const ProbeWindow& window, Artifact& artifact) {
  FlatView view(window);
  const std::uint64_t session = view.Root();
  if (session == 0) return;
  artifact.format_version = view.Text(view.Follow(view.Field(session, 0)));
  const std::uint64_t model = view.Follow(view.Field(session, 1));
  if (model == 0) return;
  AddClaim(artifact, "onnx:producer_name", view.Text(view.Follow(view.Field(model, 2))));
  AddClaim(artifact, "onnx:producer_version", view.Text(view.Follow(view.Field(model, 3))));
  AddClaim(artifact, "onnx:domain", view.Text(view.Follow(view.Field(model, 4))));
  AddClaim(artifact, "onnx:doc_string", view.Text(view.Follow(view.Field(model, 6))));
}

}  // namespace weighbridge
