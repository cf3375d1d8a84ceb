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
}

}  // namespace
}  // namespace weighbridge
