#include "scanner/formats/ggml_legacy.h"

#include <doctest/doctest.h>

#include "tests/support/format_run.h"

namespace weighbridge {
namespace {

using testing::Bytes;

Bytes Legacy(const std::string& magic, const std::vector<std::uint32_t>& words) {
  Bytes bytes = testing::ToBytes(magic);
  for (const std::uint32_t word : words) {
    for (int i = 0; i < 4; ++i) bytes.push_back(static_cast<std::uint8_t>(word >> (8 * i)));
  }
  return bytes;
}

const std::vector<std::uint32_t> kLlama{32000, 4096, 256, 32, 32, 128, 2};

std::vector<std::uint32_t> Versioned(std::uint32_t version) {
  std::vector<std::uint32_t> words{version};
  words.insert(words.end(), kLlama.begin(), kLlama.end());
  return words;
}

TEST_CASE("the container is recognised, the model is not claimed to be known") {
  struct Row {
    Bytes bytes;
    const char* format;
    const char* version;
    ArtifactKind kind;
  };
  const std::vector<Row> rows{
      {Legacy("lmgg", kLlama), "ggml", "", ArtifactKind::kWeights},
      {Legacy("fmgg", Versioned(1)), "ggmf", "1", ArtifactKind::kWeights},
      {Legacy("tjgg", Versioned(3)), "ggjt", "3", ArtifactKind::kWeights},
      {Legacy("algg", {1, 8, 16}), "ggla", "1", ArtifactKind::kAdapter},
  };
  for (const Row& row : rows) {
    CAPTURE(row.format);
    CHECK(testing::Probes(ProbeGgmlLegacy, row.bytes));
    const Artifact artifact = testing::ParseBytes(ParseGgmlLegacy, row.bytes);
    CHECK(artifact.format == row.format);
    CHECK(artifact.format_version == row.version);
    CHECK(artifact.kind == row.kind);
    CHECK(artifact.inspection == Inspection::kPartial);
    CHECK(testing::Messages(artifact) ==
          "unsupported legacy GGML: the file records no architecture, licence or publisher; "
          "tensors are not read\n");
  }
}

// A LLaMA of two tokens and two tensors, as each container writes it.
Bytes Small(const std::string& magic, std::uint32_t version) {
  const bool versioned = version != 0;
  const bool aligned = magic == "tjgg";
  std::vector<std::uint32_t> words;
  if (versioned) words.push_back(version);
  words.insert(words.end(), {2, 4, 256, 1, 1, 128, 0});
  Bytes bytes = Legacy(magic, words);
  const auto put = [&](const Bytes& more) { bytes.insert(bytes.end(), more.begin(), more.end()); };
  for (const char* token : {"<s>", "a"}) {
    put(Legacy("", {static_cast<std::uint32_t>(std::string(token).size())}));
    put(testing::ToBytes(token));
    if (versioned) put(Legacy("", {0x3F800000}));
  }
  for (const char* name : {"tok_embeddings.weight", "norm.weight"}) {
    const bool matrix = name[0] == 't';
    put(Legacy("", {matrix ? 2U : 1U, static_cast<std::uint32_t>(std::string(name).size()), 0, 4}));
    if (matrix) put(Legacy("", {2}));
    put(testing::ToBytes(name));
    while (aligned && bytes.size() % 32 != 0) bytes.push_back(0);
    put(Bytes(matrix ? 32 : 16, 'w'));
  }
  return bytes;
}

TEST_CASE("the tensors of the LLaMA layout are listed with their bytes") {
  for (const Bytes& bytes :
       {Small("lmgg", 0), Small("fmgg", 1), Small("tjgg", 1), Small("tjgg", 3)}) {
    const Artifact artifact = testing::ParseBytes(ParseGgmlLegacy, bytes);
    CHECK(artifact.inspection == Inspection::kFull);
    CHECK(testing::Messages(artifact).empty());
    REQUIRE(artifact.tensors.size() == 2);
    CHECK(artifact.tensors[0].name == "tok_embeddings.weight");
    CHECK(artifact.tensors[0].shape == std::vector<std::uint64_t>{2, 4});
    CHECK(artifact.tensors[0].dtype == "F32");
    CHECK(artifact.tensors[1].offset + artifact.tensors[1].bytes == bytes.size());
    for (const Tensor& tensor : artifact.tensors) {
      for (std::uint64_t i = 0; i < tensor.bytes; ++i) {
        CHECK(bytes[static_cast<std::size_t>(tensor.offset + i)] == 'w');
      }
    }
  }
}

TEST_CASE("a file that ends inside its tensors is said to") {
  Bytes bytes = Small("tjgg", 3);
  bytes.pop_back();
  const Artifact artifact = testing::ParseBytes(ParseGgmlLegacy, bytes);
  CHECK(testing::Messages(artifact) ==
        "truncated legacy GGML: the tensors end early, after 2 tensors\n");
  CHECK(artifact.tensors[0].has_data);
  CHECK_FALSE(artifact.tensors[1].has_data);
}

TEST_CASE("implausible numbers are not claimed") {
  const std::vector<Bytes> others{
      {},
      Legacy("lmgg", {}),
      Legacy("lmgg", {0, 4096, 256, 32, 32, 128, 2}),
      Legacy("lmgg", {2'000'000, 4096, 256, 32, 32, 128, 2}),
      Legacy("lmgg", {32000, 4096, 256, 32, 0xFFFFFFFF, 128, 2}),
      Legacy("tjgg", Versioned(4)),
      Legacy("fmgg", Versioned(0)),
      Legacy("ggml", kLlama),
      testing::ToBytes("lmgg is how the file begins, as text"),
  };
  for (std::size_t i = 0; i < others.size(); ++i) {
    CAPTURE(i);
    CHECK_FALSE(testing::Probes(ProbeGgmlLegacy, others[i]));
  }
}

TEST_CASE("no prefix and no flipped byte breaks the reader") {
  CHECK(testing::SoundUnderDamage(ProbeGgmlLegacy, ParseGgmlLegacy, Legacy("tjgg", Versioned(3))));
  CHECK(testing::SoundUnderDamage(ProbeGgmlLegacy, ParseGgmlLegacy, Small("tjgg", 3)));
  CHECK(testing::SoundUnderDamage(ProbeGgmlLegacy, ParseGgmlLegacy, Small("lmgg", 0)));
}

}  // namespace
}  // namespace weighbridge
