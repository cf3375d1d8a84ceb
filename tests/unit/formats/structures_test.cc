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

Artifact Inspected(const std::string& bytes, const std::string& name = "file") {
  const Opened opened(ToBytes(bytes), name);
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

std::string MetaGraph() {
  const std::string info = ProtoBytes(2, ProtoBytes(1, ProtoBytes(1, "Add"))) +
                           ProtoBytes(4, "serve") + ProtoBytes(5, "1.15.0");
  return ProtoBytes(1, info) + ProtoBytes(2, Node("Placeholder"));
}
std::string V1Layer() {
  return ProtoBytes(2, "data") + ProtoBytes(3, "conv1") + ProtoBytes(4, "conv1") +
         ProtoNumber(5, 4);
}
std::string Caffe2Op(const std::string& type) {
  return ProtoBytes(2, ProtoBytes(2, "conv1_w") + ProtoBytes(4, type));
}
std::string PaddleLite() {
  std::string bytes = "\1\0v2.10.0"s;
  bytes.resize(80, '\0');
  return bytes;
}
const char* const kPir = R"({"base_code":{"magic":"pir","version":1},"program":{"regions":[]}})";
const char* const kMlModelC =
    R"([{"metadataOutputVersion":"3.0","storagePrecision":"Float16","specificationVersion":7}])";

void Put(std::string& bytes, std::size_t at, std::uint32_t value, unsigned count) {
  if (bytes.size() < at + count) bytes.resize(at + count, '\0');
  for (unsigned i = 0; i < count; ++i) bytes[at + i] = static_cast<char>(value >> (8 * i));
}

// Root table at 64 with oplists (3), tensorName (7) and mnn_uuid (11); its vtable at 16.
std::string Mnn() {
  std::string bytes(192, '\0');
  Put(bytes, 0, 64, 4);
  Put(bytes, 16, 28, 2);
  Put(bytes, 18, 16, 2);
  Put(bytes, 20 + 2 * 3, 4, 2);
  Put(bytes, 20 + 2 * 7, 8, 2);
  Put(bytes, 20 + 2 * 11, 12, 2);
  Put(bytes, 64, 64 - 16, 4);
  Put(bytes, 68, 96 - 68, 4);   // oplists
  Put(bytes, 72, 120 - 72, 4);  // tensorName
  Put(bytes, 76, 160 - 76, 4);  // mnn_uuid
  Put(bytes, 96, 1, 4);
  Put(bytes, 100, 112 - 100, 4);  // the operator, vtable at 80
  Put(bytes, 80, 8, 2);
  Put(bytes, 82, 8, 2);
  Put(bytes, 112, 112 - 80, 4);
  Put(bytes, 120, 1, 4);
  Put(bytes, 124, 128 - 124, 4);
  Put(bytes, 128, 5, 4);
  bytes.replace(132, 5, "input");
  Put(bytes, 160, 4, 4);
  bytes.replace(164, 4, "abcd");
  return bytes;
}

std::string Hdf5Head() { return "\x89HDF\r\n\x1a\n"s + std::string(100, '\0'); }

struct Row {
  const char* format;
  std::string bytes;
};

TEST_CASE("each structure is recognised as itself") {
  for (
      const Row& row :
      {Row{"tf_savedmodel",
           ProtoNumber(1, 1) + ProtoBytes(2, ProtoBytes(1, ProtoBytes(4, "serve")))},
       Row{"tf_graphdef", Node("Placeholder") + Node("MatMul")},
       Row{"tf_checkpoint_index", std::string(64, '\0') + "\x57\xFB\x80\x8B\x24\x75\x47\xDB"},
       Row{"tfjs", R"({"modelTopology":{},"weightsManifest":[]})"},
       Row{"keras_json",
           R"({"class_name":"Model","keras_version":"2.4.0","backend":"tensorflow"})"},
       Row{"sentencepiece", Pieces()},
       Row{"coreml_mlmodel", CoreMl()},
       Row{"mindir", ProtoBytes(1, "0.1.1") + ProtoBytes(2, "MindSpore")},
       Row{"caffe", ProtoBytes(1, "AlexNet") +
                        ProtoBytes(100, ProtoBytes(1, "data") + ProtoBytes(2, "Input"))},
       Row{"paddle_program",
           ProtoBytes(1, ProtoNumber(1, 0) + ProtoNumber(2, ~0ULL) +
                             ProtoBytes(3, ProtoBytes(1, "feed")))},
       Row{"paddle_params",
           std::string(16, '\0') + "\x04\0\0\0\x08\x05\x10\x01"s + std::string(4, 'x')},
       Row{"flax_msgpack",
           "\x81\xA1w\xC7\x10\x01\x93\x91\x01\xA7"
           "float32\xC4\x04\0\0\0\0"s},
       Row{"ctranslate2", "\x06\0\0\0\x10\0TransformerSpec\0\x07\0\0\0"s},
       Row{"openvino",
           "<?xml version=\"1.0\"?>\n<net name=\"m\" version=\"11\"><layers></layers></net>"},
       Row{"tensorrt", Engine("ftrt")},
       Row{"xgboost", R"({"learner":{"attributes":{}}})"},
       Row{"pmml", "<PMML version=\"4.4\"><Header/></PMML>"},
       Row{"cpio", Cpio()},
       Row{"tf_metagraph", MetaGraph()},
       Row{"tfhub_v1", "\x08\x03"},
       Row{"coreml_mlmodelc", kMlModelC},
       Row{"caffe", ProtoBytes(1, "LeNet") + ProtoBytes(2, V1Layer())},
       Row{"caffe2", ProtoBytes(1, "net") + Caffe2Op("Conv") + Caffe2Op("Relu")},
       Row{"caffe2", ProtoBytes(1, "init") + Caffe2Op("GivenTensorFill")},
       Row{"cntk", ProtoNumber(1, 1) + ProtoBytes(2, ProtoEntry("root_uid", "Plus12")) +
                       ProtoBytes(2, ProtoEntry("uid", "x"))},
       Row{"paddle_lite", PaddleLite()},
       Row{"paddle_pir", kPir},
       Row{"mnn", Mnn()},
       Row{"megengine", "\x40\0\0\0\x08\0\0\0mgv2"s + std::string(60, '\0')},
       Row{"executorch_pte", "\x20\0\0\0ET13"s + std::string(60, '\0')},
       Row{"hdf5", std::string(1024, '\0') + Hdf5Head()},
       Row{"darknet", "# yolo\n[net]\nbatch=1\n\n[convolutional]\nfilters=32\n"},
       Row{"torch7", "4\n1\n3\nV 1\n13\nnn.Sequential\n"},
       Row{"torch7", "\4\0\0\0\1\0\0\0\3\0\0\0V 1\x0D\0\0\0nn.Sequential"s},
       Row{"weka", "\xAC\xED\0\5sr\0\x1fweka.classifiers.trees.J48"s},
       Row{"marian",
           "\1\0\0\0\0\0\0\0\2\0\0\0\0\0\0\0"s + std::string(64, '\0') + "special:model.yml"},
       Row{"triton", "name: \"m\"\nplatform: \"onnxruntime_onnx\"\nmax_batch_size: 8\n"},
       Row{"keras_json",
           R"({"module":"keras","class_name":"Functional","config":{},"registered_name":"F"})"},
       Row{"tvm", R"({"nodes":[],"arg_nodes":[],"heads":[],"node_row_ptr":[0]})"},
       Row{"mxnet", R"({"nodes":[],"arg_nodes":[0],"heads":[[1,0,0]]})"},
       Row{"coreml_mlpackage", R"({"itemInfoEntries":{},"rootModelIdentifier":"A"})"},
       Row{"orbax", R"({"item_handlers":null,"init_timestamp_nsecs":1})"},
       Row{"orbax", R"({"tree_metadata":{"a":{"key_metadata":[]}},"use_zarr3":false})"},
       Row{"zarr", R"({"zarr_format":3,"node_type":"array"})"},
       Row{"zarr", "{\n  \"zarr_format\": 2\n}"},
       Row{"mlc_llm",
           R"({"metadata":{},"records":[{"dataPath":"params_shard_0.bin","format":"raw-shard"}]})"},
       Row{"spacy", R"({"lang":"en","name":"core","spacy_version":">=3.0","pipeline":["ner"]})"},
       Row{"ar", "!<arch>\nmodel.gguf/     " + std::string(42, ' ') + "`\nGGUF"},
       Row{"deb", "!<arch>\ndebian-binary   " + std::string(120, '0')}}) {
    CAPTURE(std::string(row.format));
    // Two rows need their name: their bytes alone say too little.
    const std::string format = row.format;
    const char* name = format == "triton"     ? "config.pbtxt"
                       : format == "tfhub_v1" ? "tfhub_module.pb"
                                              : "file";
    const Artifact artifact = Inspected(row.bytes, name);
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

TEST_CASE("what a file says about itself is claimed") {
  CHECK(Inspected(Mnn()).claims == std::vector<Claim>{{"mnn:mnn_uuid", "abcd"}});
  CHECK(Inspected(MetaGraph()).claims ==
        std::vector<Claim>{{"tensorflow:tensorflow_version", "1.15.0"}});
  CHECK(Inspected(PaddleLite()).format_version == "v2.10.0");
}

TEST_CASE("no prefix and no flipped byte breaks the recognition") {
  for (const std::string& bytes : {Mnn(), MetaGraph(), CoreMl(), PaddleLite(), std::string(kPir),
                                   ProtoBytes(1, "net") + Caffe2Op("Conv"), Cpio()}) {
    const auto parse = [](const ByteSource& source, const ProbeWindow& window, const Limits& limits,
                          Artifact& artifact) {
      if (!InspectWeights(source, window, limits, artifact)) artifact.format = "none";
    };
    CHECK(SoundUnderDamage(&ProbeStructure, parse, ToBytes(bytes)));
  }
}

TEST_CASE("static libraries, systemd units and other JSON are not models") {
  for (const std::string& bytes :
       {"!<arch>\n/               " + std::string(42, ' ') + "`\n",
        "!<arch>\nfoo.o/          " + std::string(42, ' ') + "`\n", "[Network]\nDHCP=yes\n"s,
        "[net]\nproxy=none\n"s, R"({"nodes":[{"id":1}],"edges":[]})"s,
        R"({"name":"x","version":"1.0","format":"esm"})"s, R"({"records":[],"metadata":{}})"s,
        R"({"class_name":"x","config":{}})"s, R"({"a":"zarr_format","b":3})"s, "\x08\x03"s,
        "name: x\nplatform: y\ninput: z\n"s}) {
    CAPTURE(bytes);
    CHECK(Inspected(bytes).format.empty());
  }
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
