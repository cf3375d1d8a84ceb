// ONNX: what is read from a well-formed model, what damaged and hostile ones yield, and
// which bytes are not taken for one.
#include "scanner/formats/onnx.h"

#include <string>

#include <doctest/doctest.h>

#include "tests/support/format_run.h"
#include "tests/support/onnx_builder.h"

namespace weighbridge::testing {
namespace {

Artifact Parsed(const std::string& bytes) {
  return ParseBytes(&ParseOnnx, ToBytes(bytes), "m.onnx");
}
bool Probed(const std::string& bytes) { return Probes(&ProbeOnnx, ToBytes(bytes)); }

std::string NestedGraph(int depth) {
  std::string graph = OnnxGraph({});
  for (int i = 0; i < depth; ++i) graph = OnnxGraph({}, ProtoBytes(5, ProtoBytes(6, graph)));
  return graph;
}

TEST_CASE("a model's claims and tensors") {
  const std::string bytes = BuildOnnx({OnnxTensor("w", {2, 3}, 1).Raw(24).Build()});
  CHECK(Probed(bytes));
  const Artifact artifact = Parsed(bytes);
  CHECK(artifact.format == "onnx");
  CHECK(artifact.format_version == "8");
  CHECK(artifact.kind == ArtifactKind::kWeights);
  CHECK(artifact.inspection == Inspection::kFull);
  CHECK(Messages(artifact).empty());
  CHECK(artifact.claims == std::vector<Claim>{{"onnx:ir_version", "8"},
                                              {"onnx:producer_name", "pytorch"},
                                              {"onnx:producer_version", "2.3.0"},
                                              {"onnx:graph_name", "main_graph"},
                                              {"onnx:opset", "ai.onnx:17"},
                                              {"onnx:metadata:license", "mit"}});
  REQUIRE(artifact.tensors.size() == 1);
  const Tensor& tensor = artifact.tensors[0];
  CHECK(tensor.name == "w");
  CHECK(tensor.dtype == "F32");
  CHECK(tensor.shape == std::vector<std::uint64_t>{2, 3});
  CHECK(tensor.has_data);
  CHECK(tensor.bytes == 24);
  CHECK(bytes.substr(tensor.offset, tensor.bytes) == std::string(24, '\x5A'));
}

TEST_CASE("element types") {
  struct Row {
    std::uint64_t type;
    const char* dtype;
    std::size_t bytes;  // of three elements
  };
  for (const Row& row :
       {Row{1, "F32", 12},     Row{2, "U8", 3},           Row{3, "I8", 3},
        Row{4, "U16", 6},      Row{5, "I16", 6},          Row{6, "I32", 12},
        Row{7, "I64", 24},     Row{9, "BOOL", 3},         Row{10, "F16", 6},
        Row{11, "F64", 24},    Row{12, "U32", 12},        Row{13, "U64", 24},
        Row{16, "BF16", 6},    Row{17, "F8_E4M3", 3},     Row{18, "F8_E4M3FNUZ", 3},
        Row{19, "F8_E5M2", 3}, Row{20, "F8_E5M2FNUZ", 3}, Row{21, "U4", 2},
        Row{22, "I4", 2},      Row{23, "F4", 2}}) {
    CAPTURE(row.type);
    const Artifact artifact =
        Parsed(BuildOnnx({OnnxTensor("t", {3}, row.type).Raw(row.bytes).Build()}));
    REQUIRE(artifact.tensors.size() == 1);
    CHECK(artifact.tensors[0].dtype == row.dtype);
    CHECK(artifact.tensors[0].has_data);
    CHECK(Messages(artifact).empty());
  }
}

TEST_CASE("data in other fields, and packed dimensions") {
  const std::string packed = ProtoBytes(1, Varint(2) + Varint(300)) + ProtoNumber(2, 3) +
                             ProtoBytes(8, "p") + ProtoBytes(9, std::string(600, 'a'));
  const Artifact artifact =
      Parsed(BuildOnnx({OnnxTensor("f", {2}, 1).Field(4, std::string(8, 'f')).Build(),
                        OnnxTensor("i", {2}, 7).Field(7, Varint(1) + Varint(2)).Build(), packed}));
  REQUIRE(artifact.tensors.size() == 3);
  CHECK(artifact.tensors[0].has_data);
  CHECK_FALSE(artifact.tensors[1].has_data);  // varints are not the tensor's bytes
  CHECK(artifact.tensors[2].shape == std::vector<std::uint64_t>{2, 300});
  CHECK(artifact.tensors[2].has_data);
  CHECK(Messages(artifact).empty());
}

TEST_CASE("typed data has the place of raw bytes, or none") {
  struct Row {
    std::uint64_t type;
    unsigned field;
    std::string data;
    bool placed;
  };
  const std::string varints = Varint(1) + Varint(2);
  for (const Row& row :
       {Row{1, 4, std::string(8, 'f'), true}, Row{14, 4, std::string(16, 'c'), true},
        Row{11, 10, std::string(16, 'd'), true}, Row{15, 10, std::string(32, 'c'), true},
        Row{7, 7, varints, false}, Row{13, 11, varints, false}, Row{12, 11, varints, false},
        Row{6, 5, varints, false}, Row{10, 5, varints, false},
        Row{3, 5, varints, false},  // two bytes, and yet varints
        Row{9, 5, varints, false}, Row{8, 6, "text", false}}) {
    CAPTURE(row.type);
    const std::string bytes =
        BuildOnnx({OnnxTensor("t", {2}, row.type).Field(row.field, row.data).Build()});
    const Artifact artifact = Parsed(bytes);
    CHECK(Messages(artifact).empty());
    REQUIRE(artifact.tensors.size() == 1);
    const Tensor& tensor = artifact.tensors[0];
    CHECK(tensor.has_data == row.placed);
    if (row.placed) CHECK(bytes.substr(tensor.offset, tensor.bytes) == row.data);
  }
  // Two runs, the last of which has the size by itself: no reader takes that for the tensor.
  const Artifact twice = Parsed(BuildOnnx(
      {OnnxTensor("t", {2}, 1).Field(4, std::string(4, 'a')).Field(4, std::string(8, 'b')).Build(),
       OnnxTensor("none", {0, 4}, 1).Build()}));
  CHECK_FALSE(twice.tensors[0].has_data);
  CHECK(twice.tensors[1].has_data);
}

TEST_CASE("initializers of a graph in an attribute are tensors too") {
  const std::string inner = OnnxGraph({OnnxTensor("inner", {1}, 2).Raw(1).Build()});
  const Artifact artifact = Parsed(OnnxModel(OnnxGraph({}, ProtoBytes(5, ProtoBytes(6, inner)))));
  REQUIRE(artifact.tensors.size() == 1);
  CHECK(artifact.tensors[0].name == "inner");
}

TEST_CASE("constants, functions, training graphs and sparse values are tensors too") {
  const auto constant = [](const std::string& name, std::size_t bytes) {
    const std::string value = OnnxTensor("", {bytes / 4}, 1).Raw(bytes).Build();
    return ProtoBytes(2, name) + ProtoBytes(4, "Constant") + ProtoBytes(5, ProtoBytes(5, value));
  };
  const std::string sparse = ProtoBytes(1, OnnxTensor("sparse.w", {2}, 1).Raw(8).Build()) +
                             ProtoBytes(2, OnnxTensor("index", {2}, 7).Raw(16).Build());
  const std::string graph = OnnxGraph({OnnxTensor("w", {1}, 1).Raw(4).Build()}) +
                            ProtoBytes(1, constant("folded", 2048)) +
                            ProtoBytes(1, constant("axis", 4)) + ProtoBytes(15, sparse);
  const std::string training =
      ProtoBytes(2, ProtoBytes(5, OnnxTensor("rate", {1}, 1).Raw(4).Build()));
  const std::string bytes = OnnxModel(graph) + ProtoBytes(20, training) +
                            ProtoBytes(25, ProtoBytes(7, constant("inner", 4096)));
  const Artifact artifact = ParseBytes(&ParseOnnx, ToBytes(bytes));
  CHECK(Messages(artifact).empty());
  std::string names;
  for (const Tensor& tensor : artifact.tensors) {
    names += tensor.name + " ";
    CHECK(tensor.has_data);
  }
  CHECK(names == "w folded sparse.w rate inner ");
}

TEST_CASE("external data") {
  const Artifact artifact =
      Parsed(BuildOnnx({OnnxTensor("a", {4}, 1).External("m.onnx_data", "4096", "16").Build(),
                        OnnxTensor("b", {4}, 1).External("m.onnx_data").Build(),
                        OnnxTensor("c", {1}, 1).External("sub/w.bin").Build()}));
  CHECK(Messages(artifact).empty());
  CHECK(artifact.external_files == std::vector<std::string>{"m.onnx_data", "sub/w.bin"});
  REQUIRE(artifact.tensors.size() == 3);
  CHECK(artifact.tensors[0].external_file == 0);
  CHECK(artifact.tensors[0].offset == 4096);
  CHECK(artifact.tensors[0].bytes == 16);
  CHECK(artifact.tensors[0].has_data);
  CHECK(artifact.tensors[1].bytes == 16);
  CHECK(artifact.tensors[2].external_file == 1);
}

TEST_CASE("a location is read without its dots") {
  const Artifact artifact =
      Parsed(BuildOnnx({OnnxTensor("a", {4}, 1).External("./d.data", "0", "16").Build(),
                        OnnxTensor("b", {4}, 1).External("././sub/./d.data").Build(),
                        OnnxTensor("c", {4}, 1).External("d.data", "16", "16").Build()}));
  CHECK(Messages(artifact).empty());
  CHECK(artifact.external_files == std::vector<std::string>{"d.data", "sub/d.data"});
  CHECK(artifact.tensors[2].external_file == 0);
}

TEST_CASE("a way out is told behind any number of other problems") {
  std::vector<std::string> tensors(100, OnnxTensor("t", {2}, 1).Raw(7).Build());
  tensors.push_back(OnnxTensor("t", {1}, 1).External("../x").Build());
  const Artifact artifact = Parsed(BuildOnnx(tensors));
  CHECK(artifact.diagnostics.back().kind == DiagnosticKind::kPathTraversal);
}

TEST_CASE("locations that leave the folder are not followed") {
  struct Row {
    std::string location;
    const char* message;
  };
  const char* const kTail = "; it is not followed\n";
  for (const Row& row :
       {Row{"../../etc/passwd", "\"../../etc/passwd\" leaves the model's folder"},
        Row{"a/../../b", "\"a/../../b\" leaves the model's folder"},
        Row{"/etc/passwd", "\"/etc/passwd\" is absolute"}, Row{"C:x", "\"C:x\" names a drive"},
        Row{"a//b", "\"a//b\" has an empty component"}, Row{".", "\".\" names a folder"},
        Row{"./..", "\"./..\" leaves the model's folder"}, Row{"", "\"\" is missing"}}) {
    CAPTURE(row.location);
    const Artifact artifact =
        Parsed(BuildOnnx({OnnxTensor("t", {1}, 1).External(row.location).Build()}));
    CHECK(Messages(artifact) ==
          "malformed ONNX: external data location " + std::string(row.message) + kTail);
    CHECK(artifact.external_files.empty());
    REQUIRE(artifact.tensors.size() == 1);
    CHECK_FALSE(artifact.tensors[0].has_data);
    CHECK(artifact.tensors[0].external_file == -1);
    const std::string message = row.message;
    const bool leaves = message.find("leaves") != std::string::npos ||
                        message.find("absolute") != std::string::npos ||
                        message.find("drive") != std::string::npos;
    CHECK(artifact.diagnostics[0].kind ==
          (leaves ? DiagnosticKind::kPathTraversal : DiagnosticKind::kNone));
  }
  for (const std::string& location : {std::string("a\0b", 3), std::string("..\\x")}) {
    const Artifact artifact =
        Parsed(BuildOnnx({OnnxTensor("t", {1}, 1).External(location).Build()}));
    CHECK(artifact.external_files.empty());
    CHECK(artifact.inspection == Inspection::kPartial);
  }
}

TEST_CASE("sizes that contradict the shape leave the tensor without data") {
  struct Row {
    std::string tensor;
    const char* messages;
  };
  const char* const kExternal =
      "malformed ONNX: external data of tensor \"t\" does not have the size of its shape\n";
  const char* const kShape = "malformed ONNX: tensor \"t\" has an invalid shape\n";
  for (const Row& row :
       {Row{OnnxTensor("t", {2}, 1).Raw(7).Build(),
            "malformed ONNX: tensor \"t\" holds 7 bytes where its shape needs 8\n"},
        Row{OnnxTensor("t", {~0ULL >> 1, 8}, 1).Raw(8).Build(),
            "malformed ONNX: tensor \"t\": the product of its shape overflows\n"},
        Row{OnnxTensor("t", {1ULL << 62}, 1).Raw(8).Build(),
            "malformed ONNX: tensor \"t\": the size of its shape overflows\n"},
        Row{OnnxTensor("t", {1}, 99).Raw(4).Build(),
            "unsupported ONNX: tensor \"t\" has the unknown data type 99\n"},
        Row{OnnxTensor("t", {2}, 1).Build(),
            "malformed ONNX: tensor \"t\" holds no data where its shape needs 8 bytes\n"},
        Row{OnnxTensor("t", {2}, 1).Field(10, std::string(8, 'd')).Build(),
            "malformed ONNX: tensor \"t\" holds no data where its shape needs 8 bytes\n"},
        Row{OnnxTensor("t", {2}, 1).Field(4, std::string(4, 'd')).Build(),
            "malformed ONNX: tensor \"t\" holds 4 bytes where its shape needs 8\n"},
        Row{OnnxTensor("t", {2}, 1).External("w", "9223372036854775808", "8").Build(), kExternal},
        Row{OnnxTensor("t", {~0ULL}, 1).Raw(8).Build(), kShape},
        Row{OnnxTensor("t", {2}, 1).External("w", "0", "9").Build(), kExternal},
        Row{OnnxTensor("t", {2}, 1).External("w", "18446744073709551615", "8").Build(), kExternal},
        Row{OnnxTensor("t", {2}, 1).External("w", "-1", "8").Build(), kExternal},
        Row{OnnxTensor("t", {2}, 1).External("w", "99999999999999999999").Build(), kExternal}}) {
    const Artifact artifact = Parsed(BuildOnnx({row.tensor}));
    CHECK(Messages(artifact) == row.messages);
    CHECK(artifact.inspection == Inspection::kPartial);
    REQUIRE(artifact.tensors.size() == 1);
    CHECK_FALSE(artifact.tensors[0].has_data);
    CHECK(artifact.tensors[0].bytes == 0);
  }
}

TEST_CASE("nesting is capped") {
  CHECK(Messages(Parsed(OnnxModel(NestedGraph(16)))).empty());
  for (const int depth : {17, 300}) {
    const Artifact artifact = Parsed(OnnxModel(NestedGraph(depth)));
    REQUIRE(artifact.diagnostics.size() == 1);
    CHECK(artifact.diagnostics[0].code == ErrorCode::kLimitExceeded);
    CHECK(artifact.inspection == Inspection::kPartial);
    CHECK(artifact.ClaimOr("onnx:producer_name") == "pytorch");
  }
}

TEST_CASE("a truncated model keeps its identity") {
  const std::string whole = BuildOnnx({OnnxTensor("w", {64}, 1).Raw(256).Build()});
  const std::string cut = whole.substr(0, 200);
  CHECK(Probed(cut));
  const Artifact artifact = Parsed(cut);
  CHECK(Messages(artifact) == "truncated ONNX: the file ends before its model does\n");
  CHECK(artifact.inspection == Inspection::kPartial);
  CHECK(artifact.ClaimOr("onnx:producer_name") == "pytorch");
  REQUIRE(artifact.tensors.size() == 1);
  CHECK_FALSE(artifact.tensors[0].has_data);
}

TEST_CASE("field lengths beyond their message are malformed") {
  // The graph declares one byte less than its last field needs.
  std::string graph = OnnxGraph({});
  graph.pop_back();
  const Artifact artifact = Parsed(OnnxModel(graph));
  REQUIRE(artifact.diagnostics.size() == 1);
  CHECK(artifact.diagnostics[0].code == ErrorCode::kMalformed);
}

TEST_CASE("fields in any order") {
  const std::string graph =
      ProtoBytes(7, OnnxGraph({OnnxTensor("w", {40000}, 1).Raw(160000).Build()}));
  const std::string opset = ProtoBytes(8, ProtoNumber(2, 17));
  CHECK(Probed(graph + opset + ProtoNumber(1, 9)));
  CHECK(Probed(opset + ProtoNumber(1, 9) + graph));
  CHECK(Probed(ProtoBytes(2, "tf2onnx") + opset + graph));
  CHECK(Parsed(graph + opset + ProtoNumber(1, 9)).format_version == "9");
}

TEST_CASE("other protobufs and ordinary bytes are not ONNX") {
  const std::string mind_ir =
      ProtoBytes(1, "0.1.1") + ProtoBytes(2, "MindSpore") + ProtoBytes(7, OnnxGraph({}));
  const std::string saved_model =
      ProtoNumber(1, 1) + ProtoBytes(2, ProtoBytes(1, ProtoBytes(5, "2.1")));
  for (const std::string& bytes :
       {std::string(), std::string("\x08\x03"), std::string("\x08\x08", 2),
        std::string(100, '\x08'), std::string("\n\x05hello"), std::string(":tiny"),
        std::string("BBBBBBBBBBBBBBBBBBBBB"), mind_ir, saved_model,
        ProtoNumber(1, 500) + ProtoBytes(7, OnnxGraph({})),
        ProtoNumber(1, 8) + ProtoBytes(7, "no graph"), ProtoBytes(7, OnnxGraph({}))}) {
    CAPTURE(bytes);
    CHECK_FALSE(Probed(bytes));
  }
}

TEST_CASE("no prefix and no flipped byte yields an unsound artifact") {
  CHECK(SoundUnderDamage(
      &ProbeOnnx, &ParseOnnx,
      ToBytes(BuildOnnx({OnnxTensor("w", {2, 3}, 1).Raw(24).Build(),
                         OnnxTensor("v", {2}, 11).Field(10, std::string(16, 'd')).Build()}))));
}

}  // namespace
}  // namespace weighbridge::testing
