#include "scanner/formats/signatures.h"

#include "scanner/base/text.h"
#include "scanner/formats/signature_claims.h"

namespace weighbridge {
namespace {

using namespace std::string_view_literals;

const Signature* FindSignature(const ProbeWindow& window) {
  const std::string_view head = AsText(window.head);
  for (const Signature& row : Signatures()) {
    if (window.size < row.smallest || head.size() < row.offset + row.bytes.size()) continue;
    if (head[row.offset] != row.bytes.front()) continue;  // spares most of the comparisons
    if (head.substr(row.offset, row.bytes.size()) == row.bytes) return &row;
  }
  return nullptr;
}

}  // namespace

const std::vector<Signature>& Signatures() {
  using enum ArtifactKind;
  static const std::vector<Signature> table{
      {"hdf5", "HDF5", 2, kOther, 0, "\x89HDF\r\n\x1a\n"sv, 48},
      {"tflite", "TensorFlow Lite", 2, kWeights, 4, "TFL3"sv, 32},
      {"circle", "Circle", 3, kWeights, 4, "CIR0"sv, 32},
      {"ort", "ONNX Runtime format", 2, kWeights, 4, "ORTM"sv, 32},
      {"executorch_pte", "ExecuTorch program", 2, kWeights, 4, "ET12"sv, 32},
      {"executorch_ptd", "ExecuTorch tensor data", 2, kWeights, 8, "FH01"sv, 32},
      {"pytorch_mobile", "PyTorch Mobile flatbuffer", 3, kWeights, 4, "PTMF"sv, 32},
      {"mslite", "MindSpore Lite", 2, kWeights, 4, "MSL1"sv, 32},
      {"mslite", "MindSpore Lite", 2, kWeights, 4, "MSL2"sv, 32},
      // Before rknn, whose word it also holds at 4.
      {"rknn_encrypted", "encrypted RKNN", 2, kWeights, 0, "CYPTRKNN"sv, 64},
      {"rknn", "Rockchip RKNN", 2, kWeights, 0, "RKNN"sv, 64},
      {"rknn", "Rockchip RKNN", 2, kWeights, 4, "RKNN"sv, 64},
      {"rknx", "Rockchip RKNX", 3, kWeights, 0, "RKNX"sv, 64},
      {"ascend_om", "Huawei Ascend offline model", 2, kWeights, 0, "IMOD"sv, 160},
      {"om_svp", "DaVinci OM SVP", 3, kWeights, 0, "PICO"sv, 64},
      {"tensorrt", "TensorRT engine", 2, kWeights, 0, "ftrt"sv, 64},
      {"tensorrt", "TensorRT engine", 2, kWeights, 0, "ptrt"sv, 64},
      {"litertlm", "LiteRT-LM bundle", 2, kWeights, 0, "LITERTLM"sv, 32},
      {"catboost", "CatBoost", 3, kWeights, 0, "CBM1"sv, 16},
      {"fasttext", "fastText", 2, kWeights, 0, "\xBA\x16\x4F\x2F"sv, 60},
      {"xgboost", "XGBoost", 3, kWeights, 0, "{L\0\0"sv, 16},
      {"xgboost", "XGBoost legacy binary", 3, kWeights, 0, "binf"sv, 64},
      {"lightgbm", "LightGBM text", 3, kWeights, 0, "tree\nversion="sv, 32},
      {"ncnn_param_bin", "ncnn param binary", 2, kWeights, 0, "\xDD\x85\x76\0"sv, 16},
      {"ncnn_param", "ncnn param text", 2, kWeights, 0, "7767517\n"sv, 16},
      {"tnn", "TNN", 3, kWeights, 0, "\x02\x00\xBC\xFA"sv, 32},
      {"tnn", "TNN", 3, kWeights, 0, "\x04\x00\xBC\xFA"sv, 32},
      {"mxnet", "MXNet parameters", 3, kWeights, 0, "\x12\x01\0\0\0\0\0\0"sv, 32},
      {"tvm", "TVM parameters", 3, kWeights, 0, "\xB7\x9C\x04\x05\x4F\x8D\xE5\xF7"sv, 32},
      {"cntk", "CNTK v1", 3, kWeights, 0, "B\0C\0N\0\0\0"sv, 32},
      {"kmodel", "Kendryte kmodel", 3, kWeights, 0, "LDMK"sv, 32},
      {"megengine", "MegEngine", 3, kWeights, 0, "mgb0001"sv, 32},
      {"megengine", "MegEngine", 3, kWeights, 0, "mgb0000a"sv, 32},
      {"megengine", "MegEngine", 3, kWeights, 0, "MGBS"sv, 32},
      {"megengine", "MegEngine", 3, kWeights, 0, "MGBC"sv, 32},
      {"jax_export", "StableHLO bytecode", 3, kWeights, 0, "ML\xEFR"sv, 16},
      {"tensorizer", "CoreWeave Tensorizer", 3, kWeights, 0, "|TZR|"sv, 32},
      {"ocdbt", "TensorStore OCDBT", 2, kWeights, 0, "\x0C\xDB\x3A\x2A"sv, 16},
      {"ocdbt", "TensorStore OCDBT node", 2, kWeights, 0, "\x0C\xDB\x12\x34"sv, 16},
      {"pytorch_rc", "PyTorch pre-1.0 container", 3, kWeights, 0, "PYTORCH1"sv, 64},
      {"sif", "Singularity / Apptainer image", 2, kContainer, 32, "SIF_MAGIC\0"sv, 128},
      {"squashfs", "squashfs", 2, kContainer, 0, "hsqs"sv, 96},
      {"bbolt", "bbolt database", 2, kContainer, 16, "\xED\xDA\x0C\xED"sv, 4096},
      {"xgboost", "XGBoost legacy binary", 3, kWeights, 0, "bs64"sv, 64},
      {"qnn_context", "Qualcomm QNN context binary", 3, kWeights, 0,
       "\0\0\0\2\0\0\0\1\0\0\0\0\4\0\0\0"sv, 64},
      {"qnn_context", "Qualcomm QNN context binary", 3, kWeights, 0,
       "\0\0\0\2\0\0\0\1\0\0\0\0\x0C\0\0\0"sv, 64},
      {"qnn_context", "Qualcomm QNN context binary", 3, kWeights, 0,
       "\0\0\0\2\0\0\0\2\0\0\0\0\0\0\0\0"sv, 64},
      {"qnn_context", "Qualcomm QNN context binary", 3, kWeights, 0,
       "\0\0\0\2\0\0\0\3\0\0\0\0\0\0\0\1"sv, 64},
      {"r_serialized", "R workspace", 3, kOther, 0, "RDX2\nX\n"sv, 24},
      {"r_serialized", "R workspace", 3, kOther, 0, "RDX3\nX\n"sv, 24},
      {"r_serialized", "R workspace", 3, kOther, 0, "RDA2\nA\n"sv, 16},
      {"r_serialized", "R workspace", 3, kOther, 0, "RDA3\nA\n"sv, 16},
      {"r_serialized", "R serialised object", 3, kOther, 0, "X\n\0\0\0\2\0"sv, 16},
      {"r_serialized", "R serialised object", 3, kOther, 0, "X\n\0\0\0\3\0"sv, 16},
      {"7z", "7-Zip archive", 3, kContainer, 0, "7z\xBC\xAF\x27\x1C"sv, 32},
      {"xz", "xz stream", 3, kContainer, 0,
       "\xFD"
       "7zXZ\0"sv,
       32},
      {"zstd", "Zstandard stream", 3, kContainer, 0, "\x28\xB5\x2F\xFD"sv, 9},
      {"bzip2", "bzip2 stream", 3, kContainer, 4, "\x31\x41\x59\x26\x53\x59"sv, 14},
      {"lz4", "LZ4 frame", 3, kContainer, 0, "\x04\x22\x4D\x18"sv, 11},
      {"rar", "RAR archive", 3, kContainer, 0, "Rar!\x1A\x07"sv, 20},
      {"gzip", "gzip stream", 3, kContainer, 0, "\x1F\x8B\x08"sv, 18},
  };
  return table;
}

bool ProbeSignature(const ProbeWindow& window) { return FindSignature(window) != nullptr; }

void ParseSignature(const ByteSource&, const ProbeWindow& window, const Limits&,
                    Artifact& artifact) {
  const Signature* row = FindSignature(window);
  if (row == nullptr) return;
  artifact.format = row->id;
  artifact.kind = row->kind;
  artifact.inspection = Inspection::kNotInspected;
  artifact.not_inspected_reason =
      row->kind == ArtifactKind::kContainer ? "archive not opened" : "recognised, not parsed";
  DescribeSignature(row->id, window, artifact);
}

}  // namespace weighbridge
