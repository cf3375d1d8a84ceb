// Formats told by structure: one minimal file each, through the front door, so that no
// earlier format takes it; and near misses that nobody takes.
#include "scanner/formats/structures.h"

#include <algorithm>
#include <string>

#include <doctest/doctest.h>

#include "scanner/formats/formats.h"
#include "tests/support/format_run.h"
#include "tests/support/onnx_builder.h"

namespace weighbridge::testing {
namespace {

using namespace std::string_literals;

Artifact Inspected(const std::string& bytes) {
  const Opened opened(ToBytes(bytes));
  Artifact artifact;
  artifact.size_bytes = bytes.size();
  InspectWeights(opened.source(), opened.window(), Limits{}, artifact);
  return artifact;
}

std::string Piece(const std::string& text, unsigned type) {
  const std::string piece = ProtoBytes(1, text) + "\x15\0\0\0\0"s;
  return ProtoBytes(1, type == 1 ? piece : piece + ProtoNumber(3, type));
}
std::string Pieces() { return Piece("<unk>", 2) + Piece("<s>", 3) + Piece("a", 1) + Piece("b", 1); }
std::string Node(const std::string& op) {
  return ProtoBytes(1, ProtoBytes(1, "n") + ProtoBytes(2, op));
}
std::string CoreMl() {
  const std::string metadata = ProtoBytes(3, "Ada") + ProtoBytes(4, "MIT");
  return ProtoNumber(1, 7) + ProtoBytes(2, ProtoBytes(1, "x") + ProtoBytes(100, metadata)) +
         ProtoBytes(502, "program");
}
std::string Cpio() { return "070701" + std::string(104, '0') + "TRAILER!!!"; }
std::string Engine(const std::string& magic) {
  const std::string json = R"({"author":"Ultralytics"})";
  return std::string(1, static_cast<char>(json.size())) + "\0\0\0"s + json + magic +
         std::string(64, '\0');
}

struct Row {
  const char* format;
  std::string bytes;
};

TEST_CASE("each structure is recognised as itself") {
  for (const Row& row :
       {Row{"tf_saved_model",
            ProtoNumber(1, 1) + ProtoBytes(2, ProtoBytes(1, ProtoBytes(4, "serve")))},
        Row{"tf_graphdef", Node("Placeholder") + Node("MatMul")},
        Row{"tf_checkpoint_index", std::string(64, '\0') + "\x57\xFB\x80\x8B\x24\x75\x47\xDB"},
        Row{"tfjs", R"({"modelTopology":{},"weightsManifest":[]})"},
        Row{"keras_json",
            R"({"class_name":"Model","keras_version":"2.4.0","backend":"tensorflow"})"},
        Row{"sentencepiece", Pieces()}, Row{"coreml_mlmodel", CoreMl()},
        Row{"mindir", ProtoBytes(1, "0.1.1") + ProtoBytes(2, "MindSpore")},
        Row{"caffe", ProtoBytes(1, "AlexNet") +
                         ProtoBytes(100, ProtoBytes(1, "data") + ProtoBytes(2, "Input"))},
        Row{"paddle_program", ProtoBytes(1, ProtoNumber(1, 0) + ProtoNumber(2, ~0ULL) +
                                                ProtoBytes(3, ProtoBytes(1, "feed")))},
        Row{"paddle_params",
            std::string(16, '\0') + "\x04\0\0\0\x08\x05\x10\x01"s + std::string(4, 'x')},
        Row{"flax_msgpack",
            "\x81\xA1w\xC7\x10\x01\x93\x91\x01\xA7"
            "float32\xC4\x04\0\0\0\0"s},
        Row{"ctranslate2", "\x06\0\0\0\x10\0TransformerSpec\0\x07\0\0\0"s},
        Row{"openvino",
            "<?xml version=\"1.0\"?>\n<net name=\"m\" version=\"11\"><layers></layers></net>"},
        Row{"tensorrt", Engine("ftrt")}, Row{"xgboost", R"({"learner":{"attributes":{}}})"},
        Row{"pmml", "<PMML version=\"4.4\"><Header/></PMML>"}, Row{"cpio", Cpio()},
        Row{"deb", "!<arch>\ndebian-binary   " + std::string(120, '0')}}) {
    CAPTURE(std::string(row.format));
    const Artifact artifact = Inspected(row.bytes);
    CHECK(artifact.format == row.format);
    CHECK(artifact.inspection == Inspection::kNotInspected);
    CHECK_FALSE(artifact.not_inspected_reason.empty());
    CHECK(artifact.also_formats.empty());
    const auto known = KnownFormats();
    CHECK(std::any_of(known.begin(), known.end(),
                      [&](const FormatInfo& info) { return info.id == row.format; }));
  }
}

TEST_CASE("a Core ML model states its author and licence") {
  CHECK(Inspected(CoreMl()).claims ==
        std::vector<Claim>{{"coreml:author", "Ada"}, {"coreml:license", "MIT"}});
}

TEST_CASE("near misses are unknown") {
  for (const std::string& bytes :
       {Node("Placeholder"), Node("lower") + Node("case"), Piece("a", 1) + Piece("b", 1),
        ProtoNumber(1, 2) + ProtoBytes(2, "x"), Engine("none"), "0707010000"s, "!<arch>\nlibx.o/"s,
        "<html><layers></html>"s, "<net></net>"s, "{\"learner\":1}"s, R"({"class_name":"Model"})"s,
        std::string(64, '\0'),
        "\x81\xA7"
        "float32"s,
        "\n\x05hello\n\x05world"s}) {
    CAPTURE(bytes);
    CHECK(Inspected(bytes).format.empty());
  }
}

}  // namespace
}  // namespace weighbridge::testing
