// Tar recognition by checksum and member names.
#include "scanner/formats/tar_family.h"

#include <cstdio>

#include <doctest/doctest.h>

#include "tests/support/pickle_builder.h"

namespace weighbridge {
namespace {

using test::Bytes;
using test::ToBytes;

void AddMember(Bytes& tar, const std::string& name, const Bytes& data) {
  Bytes header(512, 0);
  std::copy(name.begin(), name.end(), header.begin());
  char size[13];
  std::snprintf(size, sizeof size, "%011o", static_cast<unsigned>(data.size()));
  std::copy(size, size + 11, header.begin() + 124);
  header[156] = '0';
  const std::string magic = "ustar";
  std::copy(magic.begin(), magic.end(), header.begin() + 257);
  std::fill(header.begin() + 148, header.begin() + 156, std::uint8_t{' '});
  unsigned sum = 0;
  for (const std::uint8_t byte : header) sum += byte;
  char text[8];
  std::snprintf(text, sizeof text, "%06o", sum);
  std::copy(text, text + 7, header.begin() + 148);
  tar.insert(tar.end(), header.begin(), header.end());
  tar.insert(tar.end(), data.begin(), data.end());
  tar.resize((tar.size() + 511) / 512 * 512);
}

Bytes Tar(const std::vector<std::string>& names) {
  Bytes tar;
  for (const std::string& name : names) AddMember(tar, name, ToBytes("data"));
  tar.resize(tar.size() + 1024);
  return tar;
}

Artifact Run(const Bytes& bytes) {
  const MemorySource source(bytes);
  ProbeWindow window;
  window.head = bytes;
  window.source = &source;
  window.size = bytes.size();
  Artifact artifact;
  if (ProbeTar(window)) ParseTar(source, window, Limits{}, artifact);
  return artifact;
}

TEST_CASE("tar: format by member names") {
  struct Row {
    std::vector<std::string> names;
    std::string format;
  };
  const std::vector<Row> rows = {
      {{"./model_config.yaml", "./model_weights.ckpt"}, "nemo"},
      {{"model_config.yaml", "mp_rank_00/model_weights.ckpt"}, "nemo"},
      {{"oci-layout", "index.json", "blobs/sha256/aa"}, "oci_layout"},
      {{"manifest.json", "ab/layer.tar"}, "docker_save"},
      {{"notes.txt", "model_config.yaml"}, "tar"},
  };
  for (const Row& row : rows) {
    const Artifact artifact = Run(Tar(row.names));
    CHECK(artifact.format == row.format);
    CHECK(artifact.kind == ArtifactKind::kContainer);
    CHECK(artifact.inspection == Inspection::kNotInspected);
    CHECK(artifact.not_inspected_reason == "archive not opened");
    CHECK(artifact.diagnostics.empty());
  }
}

TEST_CASE("tar: the old PyTorch tar lists its imports") {
  Bytes tar;
  AddMember(tar, "sys_info", test::PickleBuilder().EmptyDict().Stop());
  AddMember(tar, "pickle", test::PickleBuilder().Global("os", "system").Stop());
  AddMember(tar, "tensors", test::PickleBuilder().Int(0).Stop());
  AddMember(tar, "storages", test::PickleBuilder().Int(0).Stop());
  const Artifact artifact = Run(tar);
  CHECK(artifact.format == "pytorch_tar");
  CHECK(artifact.kind == ArtifactKind::kWeights);
  REQUIRE(artifact.pickle_imports.size() == 1);
  CHECK(artifact.pickle_imports[0].member == "pickle");
}

TEST_CASE("tar: a size that lies and a wrong checksum") {
  Bytes tar = Tar({"a", "b"});
  tar[1024 + 150] ^= 1;
  Artifact artifact = Run(tar);
  REQUIRE(artifact.diagnostics.size() == 1);
  CHECK(artifact.diagnostics[0].message == "tar header at 1024 has a wrong checksum");
  const Bytes cut(tar.begin(), tar.begin() + 514);
  artifact = Run(cut);
  REQUIRE(artifact.diagnostics.size() == 1);
  CHECK(artifact.diagnostics[0].message == "tar member at 0 of 4 bytes does not fit in the 2 left");
  tar[0] ^= 1;
  CHECK(Run(tar).format.empty());
}

TEST_CASE("tar: every prefix and every flipped byte ends in a result") {
  Bytes tar = Tar({"./model_config.yaml", "./model_weights.ckpt"});
  for (std::size_t size = 0; size < tar.size(); size += 7) {
    const Artifact artifact =
        Run(Bytes(tar.begin(), tar.begin() + static_cast<std::ptrdiff_t>(size)));
    CHECK(artifact.format.empty() == (size < 512));
  }
  for (std::size_t at = 0; at < tar.size(); at += 3) {
    tar[at] ^= 0xFF;
    const Artifact artifact = Run(tar);
    CHECK(artifact.format.empty() == (at < 512));
    tar[at] ^= 0xFF;
  }
}

}  // namespace
}  // namespace weighbridge
