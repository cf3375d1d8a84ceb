// Tensors inside zips: arrays of an npz, weights of PT2 archives in both layouts.
#include <string>

#include <doctest/doctest.h>

#include "scanner/formats/zip_family.h"
#include "tests/support/format_run.h"
#include "tests/support/torch_builder.h"

namespace weighbridge::testing {
namespace {

Bytes Array(const std::string& descr, const std::string& shape, std::size_t bytes) {
  std::string header = "{'descr': '" + descr + "', 'fortran_order': False, 'shape': " + shape + "}";
  header.resize(118, ' ');
  header.back() = '\n';
  std::string text = std::string("\x93NUMPY\x01\x00", 8) + static_cast<char>(header.size()) + '\0';
  return ToBytes(text + header + std::string(bytes, 'w'));
}

test::ZipMember Member(const std::string& name, Bytes data) {
  test::ZipMember member;
  member.name = name;
  member.data = std::move(data);
  return member;
}

Artifact Parsed(const Bytes& zip) { return ParseBytes(&ParseZip, zip); }

std::string At(const Bytes& bytes, const Tensor& tensor) {
  return std::string(bytes.begin() + static_cast<std::ptrdiff_t>(tensor.offset),
                     bytes.begin() + static_cast<std::ptrdiff_t>(tensor.offset + tensor.bytes));
}

Bytes Npz() {
  return test::BuildZip({Member("layer.weight.npy", Array("<f4", "(2, 3)", 24)),
                         Member("bias.npy", Array("<f2", "(4,)", 8))});
}

TEST_CASE("the arrays of an npz are tensors with their bytes") {
  const Bytes zip = Npz();
  const Artifact artifact = Parsed(zip);
  CHECK(artifact.format == "npz");
  CHECK(artifact.kind == ArtifactKind::kArray);
  CHECK(artifact.inspection == Inspection::kFull);
  CHECK(Messages(artifact).empty());
  REQUIRE(artifact.tensors.size() == 2);
  CHECK(artifact.tensors[0].name == "layer.weight");
  CHECK(artifact.tensors[0].dtype == "F32");
  CHECK(artifact.tensors[0].shape == std::vector<std::uint64_t>{2, 3});
  CHECK(artifact.tensors[1].name == "bias");
  CHECK(artifact.tensors[1].dtype == "F16");
  CHECK(At(zip, artifact.tensors[0]) == std::string(24, 'w'));
  CHECK(At(zip, artifact.tensors[1]) == std::string(8, 'w'));
}

TEST_CASE("a member that is no array is said") {
  const Artifact artifact =
      Parsed(test::BuildZip({Member("a.npy", ToBytes("not an array at all"))}));
  CHECK(artifact.inspection == Inspection::kPartial);
  CHECK(artifact.not_inspected_reason == "a member is no valid array");
  CHECK(artifact.tensors.empty());
}

TEST_CASE("an array that its member cannot hold is said, and has no data") {
  const Artifact artifact = Parsed(test::BuildZip({Member("a.npy", Array("<f4", "(9,)", 8))}));
  CHECK(Messages(artifact) ==
        "truncated member \"a.npy\": npy: the array needs 36 bytes of data, file has 8\n");
  REQUIRE(artifact.tensors.size() == 1);
  CHECK_FALSE(artifact.tensors[0].has_data);
}

std::string Payload(const std::string& path, int dtype, const std::string& sizes,
                    const std::string& strides, int offset = 0) {
  return R"({"path_name":")" + path +
         R"(","is_param":true,"use_pickle":false,"tensor_meta":{"dtype":)" + std::to_string(dtype) +
         R"(,"sizes":)" + sizes + R"(,"strides":)" + strides + R"(,"storage_offset":{"as_int":)" +
         std::to_string(offset) + "}}}";
}

Bytes Pt2() {
  const std::string two = R"([{"as_int":2},{"as_int":2}])";
  const std::string row = R"([{"as_int":2},{"as_int":1}])";
  const std::string column = R"([{"as_int":1},{"as_int":2}])";
  const std::string config = R"({"config":{"a":)" + Payload("weight_0", 7, two, row) + R"(,"b":)" +
                             Payload("weight_1", 13, two, row, 2) + R"(,"t":)" +
                             Payload("weight_0", 7, two, column) + "}}";
  return test::BuildZip({Member("m/archive_format", ToBytes("pt2")),
                         Member("m/data/weights/model_weights_config.json", ToBytes(config)),
                         Member("m/data/weights/weight_0", ToBytes("0123456789abcdef")),
                         Member("m/data/weights/weight_1", ToBytes("....bfloat16"))});
}

TEST_CASE("the weights of a PT2 archive are located by its configuration") {
  const Bytes zip = Pt2();
  const Artifact artifact = Parsed(zip);
  CHECK(artifact.format == "pt2");
  CHECK(artifact.kind == ArtifactKind::kWeights);
  CHECK(artifact.inspection == Inspection::kPartial);
  REQUIRE(artifact.tensors.size() == 3);
  CHECK(artifact.tensors[0].dtype == "F32");
  CHECK(At(zip, artifact.tensors[0]) == "0123456789abcdef");
  CHECK(artifact.tensors[1].dtype == "BF16");
  CHECK(At(zip, artifact.tensors[1]) == "bfloat16");
  CHECK(artifact.tensors[2].name == "t");
  CHECK_FALSE(artifact.tensors[2].has_data);  // transposed
}

TEST_CASE("older PT2 archives hold a torch.save file") {
  const Bytes inner = test::BuildTorchZip({{"w", "F32", {4}, ToBytes("0123456789abcdef"), -1, {}}});
  const Bytes zip = test::BuildZip({Member("version", ToBytes("7.0")),
                                    Member("serialized_exported_program.json", ToBytes("{}")),
                                    Member("serialized_state_dict.pt", inner)});
  const Artifact artifact = Parsed(zip);
  CHECK(artifact.format == "pt2");
  REQUIRE(artifact.tensors.size() == 1);
  CHECK(artifact.tensors[0].name == "w");
  CHECK(At(zip, artifact.tensors[0]) == "0123456789abcdef");
}

TEST_CASE("no prefix and no flipped byte places data outside the file") {
  for (Bytes bytes : {Npz(), Pt2()}) {
    const auto holds = [](const Bytes& damaged) {
      for (const Tensor& tensor : Parsed(damaged).tensors) {
        if (!tensor.has_data) continue;
        if (tensor.offset > damaged.size() || tensor.bytes > damaged.size() - tensor.offset) {
          return false;
        }
      }
      return true;
    };
    for (std::size_t size = 0; size < bytes.size(); ++size) {
      CHECK(holds(Bytes(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size))));
    }
    for (std::uint8_t& byte : bytes) {
      byte = static_cast<std::uint8_t>(byte ^ 0x81);
      CHECK(holds(bytes));
      byte = static_cast<std::uint8_t>(byte ^ 0x81);
    }
  }
}

}  // namespace
}  // namespace weighbridge::testing
