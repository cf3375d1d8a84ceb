#include "scanner/formats/structures.h"

#include <algorithm>
#include <cstdint>

#include "scanner/base/byte_reader.h"
#include "scanner/base/text.h"

namespace weighbridge {
namespace {

using namespace std::string_view_literals;

bool Contains(std::string_view text, std::string_view word) {
  return text.find(word) != std::string_view::npos;
}

// The name of the XML root element, past declaration, comments and doctype; "" when the
// text is not XML.
std::string_view XmlRoot(std::string_view text) {
  if (text.substr(0, 3) == "\xEF\xBB\xBF"sv) text.remove_prefix(3);
  constexpr int kMaxPreamble = 16;
  for (int i = 0; i < kMaxPreamble; ++i) {
    const std::size_t at = text.find_first_not_of(" \t\r\n");
    if (at == text.npos || text[at] != '<') return {};
    text.remove_prefix(at + 1);
    if (text.empty()) return {};
    if (text[0] != '?' && text[0] != '!') return text.substr(0, text.find_first_of(" \t\r\n/>"));
    const bool comment = text.substr(0, 3) == "!--";
    const std::size_t end = text.find(comment ? "-->"sv : ">"sv);
    if (end == text.npos) return {};
    text.remove_prefix(end + (comment ? 3 : 1));
  }
  return {};
}

bool IsOpenVino(const ProbeWindow& window) {
  const std::string_view text = AsText(window.head);
  return XmlRoot(text) == "net" && Contains(text, "<layers>") && Contains(text, "version=\"");
}

bool IsPmml(const ProbeWindow& window) {
  const std::string_view text = AsText(window.head);
  return XmlRoot(text) == "PMML" && Contains(text, "<Header");
}

// u32le length, JSON of that many bytes, then the engine itself.
bool IsUltralyticsEngine(const ProbeWindow& window) {
  constexpr std::uint32_t kMaxJson = 1U << 20;
  ByteReader in(window.head);
  const auto length = in.ReadLe<std::uint32_t>("JSON length");
  if (!in.ok() || length < 2 || length > kMaxJson || window.size - 4 < length + 4ULL) return false;
  if (in.ReadLe<std::uint8_t>("brace") != '{') return false;
  in.Skip(length - 1, "JSON");
  const std::string_view magic = AsText(in.ReadBytes(4, "engine"));
  return magic == "ftrt" || magic == "ptrt";
}

// leveldb table: the last eight bytes of the 48-byte footer are its magic; a checkpoint's
// first key is empty, and its block begins with three varints: 0, 0, length.
bool IsTensorFlowIndex(const ProbeWindow& window) {
  constexpr std::string_view kMagic = "\x57\xFB\x80\x8B\x24\x75\x47\xDB"sv;
  if (window.size < 48 || window.tail.size() < 48 || window.head.size() < 3) return false;
  return AsText(window.tail.last(8)) == kMagic && window.head[0] == 0 && window.head[1] == 0;
}

// A msgpack map whose first array is ext type 1 of [shape, dtype name, bytes]: the words of
// the dtype follow the ext marker closely.
bool IsFlax(const ProbeWindow& window) {
  if (window.head.size() < 16) return false;
  const std::uint8_t first = window.head[0];
  if ((first & 0xF0U) != 0x80 && first != 0xDE && first != 0xDF) return false;
  const std::string_view text = AsText(window.head);
  for (const std::string_view dtype : {"\xA7"
                                       "float32"sv,
                                       "\xA7"
                                       "float16"sv,
                                       "\xA8"
                                       "bfloat16"sv}) {
    const std::size_t at = text.find(dtype);
    if (at == text.npos || at < 8) continue;
    // ext8/16/32 (C7, C8, C9), length, type 1, array of three (93), the shape.
    for (std::size_t back = 0; back <= 40 && back + 6 <= at; ++back) {
      const std::string_view ext = text.substr(at - back - 6, 8);
      if ((ext[0] == '\xC9' && ext[5] == 1 && ext[6] == '\x93') ||
          (ext[0] == '\xC8' && ext[3] == 1 && ext[4] == '\x93') ||
          (ext[0] == '\xC7' && ext[2] == 1 && ext[3] == '\x93')) {
        return true;
      }
    }
  }
  return false;
}

// Paddle tensor stream: u32 version 0, u64 LoD levels 0, u32 version 0, u32 length of the
// TensorDesc {1 data type, 2 dims}.
bool IsPaddleParameters(const ProbeWindow& window) {
  ByteReader in(window.head);
  for (int i = 0; i < 4; ++i) {
    if (in.ReadLe<std::uint32_t>("zero") != 0) return false;
  }
  const auto length = in.ReadLe<std::uint32_t>("description length");
  if (!in.ok() || length < 4 || length > 128) return false;
  const ByteSpan description = in.ReadBytes(length, "description");
  return in.ok() && description[0] == 0x08 && description[1] <= 30 && description[2] == 0x10;
}

// CTranslate2 model.bin: u32 version 2..6, u16 length with NUL, spec name, u32 revision.
bool IsCtranslate2(const ProbeWindow& window) {
  ByteReader in(window.head);
  const auto version = in.ReadLe<std::uint32_t>("version");
  const auto length = in.ReadLe<std::uint16_t>("name length");
  const std::string_view name = AsText(in.ReadBytes(length, "name"));
  in.ReadLe<std::uint32_t>("revision");
  if (!in.ok() || version < 2 || version > 6 || length < 6 || length > 64) return false;
  return name.back() == '\0' && EndsWithNoCase(name.substr(0, name.size() - 1), "Spec") &&
         name[0] >= 'A' && name[0] <= 'Z';
}

// cpio "newc": 070701 or 070702 and thirteen numbers of eight hexadecimal digits.
bool IsCpio(const ProbeWindow& window) {
  constexpr std::size_t kHeader = 110;
  if (window.head.size() < kHeader) return false;
  const std::string_view text = AsText(window.head.first(kHeader));
  return (text.substr(0, 6) == "070701" || text.substr(0, 6) == "070702") &&
         text.find_first_not_of("0123456789abcdefABCDEF") == text.npos;
}

bool IsDeb(const ProbeWindow& window) {
  return AsText(window.head).substr(0, 21) == "!<arch>\ndebian-binary" && window.size >= 132;
}

// What matches: a row of one of the two tables, or none.
struct Match {
  const Structure* structure = nullptr;
  const JsonStructure* json = nullptr;
  JsonHead head{{}};
};

// Most JSON is none of ours: only a document that shows one of these keys among its
// first bytes is looked through. Every row of JsonStructures() asks for one of them.
bool MayBeJsonStructure(std::string_view text) {
  constexpr std::size_t kFirstLook = 4096;
  if (text.size() <= kFirstLook) return true;
  const JsonHead head(text.substr(0, kFirstLook));
  constexpr auto kKeys = std::to_array<std::string_view>(
      {"learner", "modelTopology", "class_name", "base_code", "nodes", "itemInfoEntries",
       "item_handlers", "tree_metadata", "zarr_format", "records", "spacy_version"});
  return std::any_of(kKeys.begin(), kKeys.end(),
                     [&](std::string_view key) { return head.Has(key); });
}

Match FindStructure(const ProbeWindow& window) {
  Match match;
  const std::string_view text = AsText(window.head);
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first != text.npos && text[first] == '{' && MayBeJsonStructure(text)) {
    match.head = JsonHead(text);
    for (const JsonStructure& row : JsonStructures()) {
      if (!match.head.empty() && row.matches(match.head)) {
        match.json = &row;
        return match;
      }
    }
  }
  for (const Structure& row : Structures()) {
    if (!row.matches(window)) continue;
    match.structure = &row;
    break;
  }
  return match;
}

void MarkRecognised(std::string_view id, ArtifactKind kind, Artifact& artifact) {
  artifact.format = id;
  artifact.kind = kind;
  artifact.inspection = Inspection::kNotInspected;
  artifact.not_inspected_reason =
      kind == ArtifactKind::kContainer ? "archive not opened" : "recognised, not parsed";
}

}  // namespace

const std::vector<Structure>& Structures() {
  using enum ArtifactKind;
  static const std::vector<Structure> table{
      {"tf_savedmodel", "TensorFlow SavedModel", 2, kWeights, &IsSavedModel, &DescribeSavedModel},
      {"tf_metagraph", "TensorFlow MetaGraphDef", 2, kOther, &IsMetaGraph, &DescribeMetaGraph},
      {"tf_graphdef", "TensorFlow GraphDef", 2, kWeights, &IsGraphDef, nullptr},
      {"tf_checkpoint_index", "TensorFlow checkpoint index", 2, kWeightIndex, &IsTensorFlowIndex,
       nullptr},
      {"tfhub_v1", "TF Hub v1 module", 3, kOther, &IsTfHub, nullptr},
      {"sentencepiece", "SentencePiece model", 2, kTokenizer, &IsSentencePiece, nullptr},
      {"coreml_mlmodel", "Core ML model", 2, kWeights, &IsCoreMl, &DescribeCoreMl},
      {"coreml_mlmodelc", "compiled Core ML", 2, kOther, &IsMlModelC, nullptr},
      {"mindir", "MindSpore MindIR", 2, kWeights, &IsMindIr, &DescribeMindIr},
      {"mindspore_ckpt", "MindSpore checkpoint", 2, kWeights, &IsMindSporeCheckpoint, nullptr},
      {"caffe", "Caffe model", 3, kWeights, &IsCaffe, nullptr},
      {"caffe2", "Caffe2 net", 3, kWeights, &IsCaffe2, nullptr},
      {"cntk", "CNTK v2", 3, kWeights, &IsCntk2, nullptr},
      {"paddle_program", "Paddle program", 2, kWeights, &IsPaddleProgram, nullptr},
      {"paddle_params", "Paddle parameters", 2, kWeights, &IsPaddleParameters, nullptr},
      {"paddle_lite", "Paddle Lite naive buffer", 3, kWeights, &IsPaddleLite, &DescribePaddleLite},
      {"flax_msgpack", "Flax msgpack", 2, kWeights, &IsFlax, nullptr},
      {"ctranslate2", "CTranslate2 model", 2, kWeights, &IsCtranslate2, nullptr},
      {"openvino", "OpenVINO IR", 2, kWeights, &IsOpenVino, nullptr},
      {"tensorrt", "TensorRT engine", 2, kWeights, &IsUltralyticsEngine, nullptr},
      {"pmml", "PMML", 3, kWeights, &IsPmml, nullptr},
      {"executorch_pte", "ExecuTorch program", 2, kWeights, &IsExecuTorch, &DescribeExecuTorch},
      {"mnn", "MNN", 2, kWeights, &IsMnn, &DescribeMnn},
      {"megengine", "MegEngine", 3, kWeights, &IsMegEngineV2, nullptr},
      {"hdf5", "HDF5", 2, kOther, &IsHdf5WithUserBlock, &DescribeHdf5},
      {"darknet", "Darknet configuration", 3, kOther, &IsDarknet, nullptr},
      {"torch7", "Torch7 serialisation", 3, kWeights, &IsTorch7, nullptr},
      {"weka", "Weka", 3, kOther, &IsWeka, nullptr},
      {"marian", "Marian", 3, kWeights, &IsMarianBinary, nullptr},
      {"triton", "Triton model configuration", 2, kOther, &IsTriton, nullptr},
      {"cpio", "cpio archive", 3, kContainer, &IsCpio, nullptr},
      {"deb", "Debian package", 3, kContainer, &IsDeb, nullptr},
      {"ar", "ar archive", 3, kContainer, &IsAr, nullptr},
  };
  return table;
}

bool ProbeStructure(const ProbeWindow& window) {
  if (window.head.empty()) return false;
  const Match match = FindStructure(window);
  return match.structure != nullptr || match.json != nullptr;
}

void ParseStructure(const ByteSource&, const ProbeWindow& window, const Limits&,
                    Artifact& artifact) {
  const Match match = FindStructure(window);
  if (match.json != nullptr) {
    MarkRecognised(match.json->id, match.json->kind, artifact);
    if (match.json->describe != nullptr) match.json->describe(match.head, artifact);
  }
  if (match.structure == nullptr) return;
  MarkRecognised(match.structure->id, match.structure->kind, artifact);
  if (match.structure->describe != nullptr) match.structure->describe(window, artifact);
}

}  // namespace weighbridge
