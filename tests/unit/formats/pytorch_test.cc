// PyTorch checkpoints: zip and legacy stream; where tensors lie, what is refused.
#include <doctest/doctest.h>

#include "scanner/formats/pytorch_legacy.h"
#include "scanner/formats/zip_family.h"
#include "tests/support/torch_builder.h"

namespace weighbridge {
namespace {

using test::BuildTorchLegacy;
using test::BuildTorchZip;
using test::BuildZip;
using test::Bytes;
using test::PickleBuilder;
using test::ToBytes;
using test::TorchMembers;
using test::TorchTensorSpec;
using test::ZipMember;

std::vector<TorchTensorSpec> Three() {
  TorchTensorSpec a;
  a.name = "embed.weight";
  a.dtype = "F32";
  a.shape = {2, 3};
  a.bytes = ToBytes("aaaabbbbccccddddeeeeffff");
  TorchTensorSpec b;
  b.name = "layer.0.bias";
  b.dtype = "BF16";
  b.shape = {4};
  b.bytes = ToBytes("01234567");
  TorchTensorSpec tied = a;
  tied.name = "lm_head.weight";
  tied.bytes.clear();
  tied.tied_to = 0;
  return {a, b, tied};
}

Artifact ParseZipBytes(const Bytes& bytes) {
  const MemorySource source(bytes);
  ProbeWindow window;
  window.head = bytes;
  window.source = &source;
  window.size = bytes.size();
  Artifact artifact;
  artifact.location.path = "x.pt";
  if (ProbeZip(window)) ParseZip(source, window, Limits{}, artifact);
  return artifact;
}

Artifact ParseLegacy(const Bytes& bytes) {
  const MemorySource source(bytes);
  ProbeWindow window;
  window.head = bytes;
  window.source = &source;
  window.size = bytes.size();
  Artifact artifact;
  if (ProbePytorchLegacy(window)) ParsePytorchLegacy(source, window, Limits{}, artifact);
  return artifact;
}

std::string DataOf(const Bytes& bytes, const Tensor& tensor) {
  if (!tensor.has_data) return "-";
  REQUIRE(tensor.offset + tensor.bytes <= bytes.size());
  const auto from = bytes.begin() + static_cast<std::ptrdiff_t>(tensor.offset);
  return std::string(from, from + static_cast<std::ptrdiff_t>(tensor.bytes));
}

void CheckThree(const Bytes& bytes, const Artifact& artifact) {
  REQUIRE(artifact.tensors.size() == 3);
  CHECK(artifact.tensors[0].name == "embed.weight");
  CHECK(artifact.tensors[0].dtype == "F32");
  CHECK(artifact.tensors[0].shape == std::vector<std::uint64_t>{2, 3});
  CHECK(DataOf(bytes, artifact.tensors[0]) == "aaaabbbbccccddddeeeeffff");
  CHECK(artifact.tensors[1].dtype == "BF16");
  CHECK(DataOf(bytes, artifact.tensors[1]) == "01234567");
  CHECK(artifact.tensors[2].name == "lm_head.weight");
  CHECK(artifact.tensors[2].offset == artifact.tensors[0].offset);
  for (const PickleImport& import : artifact.pickle_imports) {
    CHECK(import.risk == PickleImport::Risk::kTensorPlumbing);
  }
  CHECK(artifact.pickle_imports.size() == 4);
}

std::vector<std::string> Messages(const Artifact& artifact) {
  std::vector<std::string> out;
  for (const Diagnostic& diagnostic : artifact.diagnostics) out.push_back(diagnostic.message);
  return out;
}

TEST_CASE("pytorch zip: tensors, types and absolute offsets") {
  const Bytes bytes = BuildTorchZip(Three());
  const Artifact artifact = ParseZipBytes(bytes);
  CHECK(artifact.format == "pytorch_zip");
  CHECK(artifact.format_version == "3");
  CHECK(artifact.kind == ArtifactKind::kWeights);
  CHECK(artifact.inspection == Inspection::kFull);
  CHECK(!artifact.big_endian);
  CHECK(Messages(artifact) == std::vector<std::string>{});
  CheckThree(bytes, artifact);
}

TEST_CASE("pytorch zip: weights below a wrapper keep their own names") {
  const Bytes bytes = BuildTorchZip(Three(), "model", "state_dict");
  const Artifact artifact = ParseZipBytes(bytes);
  CHECK(artifact.ClaimOr("pytorch:wrapper") == "state_dict");
  CheckThree(bytes, artifact);
}

TEST_CASE("pytorch zip: what a damaged or hostile archive says") {
  struct Row {
    const char* what;
    void (*spoil)(std::vector<ZipMember>& members);
    std::string message;
    std::size_t with_data;
  };
  const std::vector<Row> rows = {
      {"storage too small", [](auto& m) { m[2].data.resize(8); },
       "2 tensors have no storage in the archive that could hold them", 1},
      {"storage missing", [](auto& m) { m.erase(m.begin() + 2); },
       "2 tensors have no storage in the archive that could hold them", 1},
      {"version", [](auto& m) { m.back().data = ToBytes("11\n"); },
       "member version is \"11\", expected a number from 1 to 10", 3},
      {"no version", [](auto& m) { m.pop_back(); }, "member version is missing", 3},
      {"data.pkl twice", [](auto& m) { m.push_back(m[0]); },
       "zip-differential: two members are named \"archive/data.pkl\"", 3},
      {"encrypted storage", [](auto& m) { m[2].flags = 1; },
       "1 members are compressed or encrypted, which PyTorch never writes", 1},
      {"local name", [](auto& m) { m[0].local_name = "archive/evil.pkl"; },
       "zip-differential: local header names \"archive/evil.pkl\", central directory "
       "\"archive/data.pkl\"",
       3},
      {"traversal", [](auto& m) { m[1].name = "archive/../../byteorder"; },
       "zip member name leaves its folder: \"archive/../../byteorder\"", 3},
  };
  for (const Row& row : rows) {
    CAPTURE(row.what);
    auto members = TorchMembers(Three());
    row.spoil(members);
    const Artifact artifact = ParseZipBytes(BuildZip(members));
    CHECK(artifact.format == "pytorch_zip");
    REQUIRE(!artifact.diagnostics.empty());
    CHECK(artifact.diagnostics[0].message == row.message);
    std::size_t with_data = 0;
    for (const Tensor& tensor : artifact.tensors) with_data += tensor.has_data ? 1 : 0;
    CHECK(with_data == row.with_data);
  }
}

TEST_CASE("pytorch zip: a pickle under another name is found") {
  auto members = TorchMembers(Three());
  ZipMember odd;
  odd.name = "archive/extra/notes.txt";
  odd.data = PickleBuilder(4).StackGlobal("posix", "system").Stop();
  members.push_back(odd);
  const Artifact artifact = ParseZipBytes(BuildZip(members));
  REQUIRE(artifact.pickle_imports.size() == 5);
  CHECK(artifact.pickle_imports[4].module == "posix");
  CHECK(artifact.pickle_imports[4].member == "archive/extra/notes.txt");
  CHECK(artifact.pickle_imports[4].risk == PickleImport::Risk::kCodeExecution);
}

// The imports that can run code, as "member: module.name".
std::vector<std::string> Code(const Artifact& artifact) {
  std::vector<std::string> out;
  for (const PickleImport& import : artifact.pickle_imports) {
    if (import.risk != PickleImport::Risk::kCodeExecution) continue;
    out.push_back(import.member + ": " + import.module + "." + import.name);
  }
  return out;
}

ZipMember Named(const std::string& name, Bytes data) {
  ZipMember member;
  member.name = name;
  member.data = std::move(data);
  return member;
}

const char* const kBomb = "cos\nsystem\n(S'id'\ntR.";

TEST_CASE("pytorch zip: no member hides a pickle") {
  auto twice = TorchMembers(Three());
  twice.push_back(Named("archive/data.pkl", ToBytes(kBomb)));
  CHECK(Code(ParseZipBytes(BuildZip(twice))) ==
        std::vector<std::string>{"archive/data.pkl: os.system"});
  auto old = TorchMembers(Three());
  old.push_back(Named("archive/notes.txt", ToBytes(kBomb)));
  CHECK(Code(ParseZipBytes(BuildZip(old))) ==
        std::vector<std::string>{"archive/notes.txt: os.system"});
  auto long_line = TorchMembers(Three());
  long_line[0].data = ToBytes("V" + std::string(5000, 'x') + "\n0" + kBomb);
  CHECK(Code(ParseZipBytes(BuildZip(long_line))) ==
        std::vector<std::string>{"archive/data.pkl: os.system"});
}

TEST_CASE("pytorch zip: archives and weights inside are said, and zips read for pickles") {
  auto inner = TorchMembers(Three());
  inner.push_back(Named("archive/x", ToBytes(kBomb)));
  auto members = TorchMembers(Three());
  members.push_back(Named("archive/extra/inner.pt", BuildZip(inner)));
  members.push_back(Named("archive/extra/m", ToBytes("GGUF\3" + std::string(40, '\0'))));
  const Artifact artifact = ParseZipBytes(BuildZip(members));
  CHECK(Code(artifact) == std::vector<std::string>{"archive/extra/inner.pt!/archive/x: os.system"});
  CHECK(artifact.inspection == Inspection::kPartial);
  CHECK(artifact.not_inspected_reason == "members that are archives or weights are not inspected");
  REQUIRE(!artifact.diagnostics.empty());
  CHECK(artifact.diagnostics.back().message ==
        "members that are archives or weights themselves are not inspected: "
        "\"archive/extra/inner.pt\", \"archive/extra/m\"");
}

TEST_CASE("pytorch zip: one budget for the pickles of all members") {
  auto members = TorchMembers(Three());
  std::string slow;
  for (int i = 0; i < 500000; ++i) slow += "N0";
  for (int i = 0; i < 8; ++i) {
    members.push_back(Named("archive/" + std::to_string(i) + ".pkl", ToBytes(slow + "N.")));
  }
  const Artifact artifact = ParseZipBytes(BuildZip(members));
  CHECK(artifact.inspection == Inspection::kPartial);
  REQUIRE(!artifact.diagnostics.empty());
  CHECK(artifact.diagnostics.back().message == "3 members were not checked for pickles");
}

TEST_CASE("pytorch zip: bytes that do not match a checksum that both headers state") {
  Bytes bytes = BuildTorchZip(Three());
  const std::string text(bytes.begin(), bytes.end());
  const std::size_t local = text.find("PK\3\4");
  const std::size_t central = text.find("PK\1\2");
  bytes[local + 14] ^= 0xFF;
  bytes[central + 16] ^= 0xFF;
  const Artifact artifact = ParseZipBytes(bytes);
  REQUIRE(artifact.diagnostics.size() == 1);
  CHECK(artifact.diagnostics[0].message ==
        "zip-differential: the bytes of \"archive/data.pkl\" do not match their checksum");
  CHECK(artifact.diagnostics[0].kind == DiagnosticKind::kArchiveDifferential);
}

TEST_CASE("pytorch: a tensor without elements has content, of no byte") {
  auto tensors = Three();
  TorchTensorSpec empty;
  empty.name = "empty";
  empty.dtype = "F32";
  empty.shape = {0, 4};
  tensors.push_back(empty);
  for (const bool legacy : {false, true}) {
    const Artifact artifact =
        legacy ? ParseLegacy(BuildTorchLegacy(tensors)) : ParseZipBytes(BuildTorchZip(tensors));
    CHECK(artifact.inspection == Inspection::kFull);
    CHECK(Messages(artifact) == std::vector<std::string>{});
    REQUIRE(artifact.tensors.size() == 4);
    CHECK(artifact.tensors[3].has_data);
    CHECK(artifact.tensors[3].bytes == 0);
  }
}

TEST_CASE("pytorch zip: of two storages with one name neither is taken") {
  auto members = TorchMembers(Three());
  members.push_back(Named("archive/data/1", ToBytes("76543210")));
  const Artifact artifact = ParseZipBytes(BuildZip(members));
  REQUIRE(artifact.tensors.size() == 3);
  CHECK(artifact.tensors[0].has_data);
  CHECK(!artifact.tensors[1].has_data);
  CHECK(artifact.inspection == Inspection::kPartial);
}

TEST_CASE("pytorch zip: strided tensors have a shape and no data") {
  auto tensors = Three();
  tensors[0].strides = {1, 2};  // a transposed view
  const Artifact artifact = ParseZipBytes(BuildTorchZip(tensors));
  REQUIRE(artifact.tensors.size() == 3);
  CHECK(artifact.tensors[0].shape == std::vector<std::uint64_t>{2, 3});
  CHECK(!artifact.tensors[0].has_data);
  CHECK(artifact.tensors[2].has_data);
}

TEST_CASE("pytorch zip: a size whose product wraps is not believed") {
  auto tensors = Three();
  tensors[1].shape = {1ULL << 33, 1ULL << 33};
  const Artifact artifact = ParseZipBytes(BuildTorchZip(tensors));
  REQUIRE(artifact.tensors.size() == 3);
  CHECK(!artifact.tensors[1].has_data);
  CHECK(artifact.inspection == Inspection::kPartial);
  CHECK(Messages(artifact) ==
        std::vector<std::string>{"1 tensors are described in a way not understood"});
}

TEST_CASE("pytorch zip: a cut archive is still a checkpoint") {
  const Bytes whole = BuildTorchZip(Three());
  const Bytes cut(whole.begin(), whole.end() - 200);
  const Artifact artifact = ParseZipBytes(cut);
  CHECK(artifact.format == "pytorch_zip");
  CHECK(artifact.inspection == Inspection::kPartial);
  CHECK(artifact.not_inspected_reason == "zip directory cannot be read");
  CHECK(artifact.tensors.size() == 3);
  for (const Tensor& tensor : artifact.tensors) CHECK(!tensor.has_data);
}

TEST_CASE("torchscript: told by constants.pkl") {
  auto members = TorchMembers(Three());
  ZipMember constants;
  constants.name = "archive/constants.pkl";
  constants.data = PickleBuilder().EmptyTuple().Stop();
  members.push_back(constants);
  const Artifact artifact = ParseZipBytes(BuildZip(members));
  CHECK(artifact.format == "torchscript");
  CHECK(artifact.tensors.size() == 3);
}

TEST_CASE("pytorch legacy: storages lie behind the pickles") {
  const Bytes bytes = BuildTorchLegacy(Three());
  const Artifact artifact = ParseLegacy(bytes);
  CHECK(artifact.format == "pytorch_legacy");
  CHECK(artifact.format_version == "1001");
  CHECK(artifact.inspection == Inspection::kFull);
  CHECK(Messages(artifact) == std::vector<std::string>{});
  CheckThree(bytes, artifact);
}

TEST_CASE("pytorch legacy: a cut or long file") {
  Bytes bytes = BuildTorchLegacy(Three());
  const Bytes cut(bytes.begin(), bytes.end() - 4);
  const Artifact artifact = ParseLegacy(cut);
  CHECK(artifact.inspection == Inspection::kPartial);
  CHECK(Messages(artifact) ==
        std::vector<std::string>{"storage \"1\" of 4 elements does not fit in the 4 bytes left"});
  REQUIRE(artifact.tensors.size() == 3);
  CHECK(artifact.tensors[0].has_data);
  CHECK(!artifact.tensors[1].has_data);
  bytes.push_back(0);
  const Artifact trailed = ParseLegacy(bytes);
  CHECK(Messages(trailed) == std::vector<std::string>{"1 bytes after the last storage"});
  CHECK(trailed.inspection == Inspection::kPartial);
}

TEST_CASE("pytorch: every prefix and every flipped byte ends in a result") {
  for (const bool legacy : {false, true}) {
    Bytes bytes = legacy ? BuildTorchLegacy(Three()) : BuildTorchZip(Three());
    const auto parse = [legacy](const Bytes& b) {
      return legacy ? ParseLegacy(b) : ParseZipBytes(b);
    };
    for (std::size_t size = 16; size < bytes.size(); size += 3) {
      const Artifact artifact =
          parse(Bytes(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size)));
      CHECK(artifact.inspection != Inspection::kFull);
    }
    for (std::size_t at = 0; at < bytes.size(); at += 2) {
      bytes[at] ^= 0xFF;
      const Artifact artifact = parse(bytes);
      for (const Tensor& tensor : artifact.tensors) {
        if (tensor.has_data) CHECK(tensor.offset + tensor.bytes <= bytes.size());
      }
      bytes[at] ^= 0xFF;
    }
  }
}

}  // namespace
}  // namespace weighbridge
