// HDF5 root attributes, in both generations of superblock and object header, also behind a
// user block.
#include <string>

#include <doctest/doctest.h>

#include "scanner/formats/formats.h"
#include "tests/support/format_run.h"

namespace weighbridge::testing {
namespace {

using namespace std::string_literals;

std::string Le(std::uint64_t value, unsigned count) {
  std::string out;
  for (unsigned i = 0; i < count; ++i) out += static_cast<char>(value >> (8 * i));
  return out;
}
std::string Padded(std::string text) {
  text.resize((text.size() + 7) / 8 * 8, '\0');
  return text;
}
std::string Signature() { return "\x89HDF\r\n\x1a\n"; }

// Fixed-length string datatype: class 3.
std::string FixedString(std::size_t size) { return "\x13\0\0\0"s + Le(size, 4); }
// Variable-length string datatype: class 9 of type 1.
std::string VariableString() { return "\x19\x01\0\0"s + Le(16, 4) + FixedString(1); }
std::string Scalar() { return "\x01\0\0\0\0\0\0\0"s; }

std::string AttributeV1(const std::string& name, const std::string& type,
                        const std::string& value) {
  return "\x01\0"s + Le(name.size() + 1, 2) + Le(type.size(), 2) + Le(Scalar().size(), 2) +
         Padded(name + '\0') + Padded(type) + Padded(Scalar()) + value;
}
std::string AttributeV3(const std::string& name, const std::string& value) {
  return "\x03\0"s + Le(name.size() + 1, 2) + Le(8, 2) + Le(8, 2) + "\x01" + name + '\0' +
         FixedString(value.size()) + Scalar() + value;
}
std::string MessageV1(unsigned type, const std::string& body) {
  return Le(type, 2) + Le(Padded(body).size(), 2) + "\0\0\0\0"s + Padded(body);
}

// Superblock 0, root header at 96 with a continuation, a global heap.
std::string Old(std::size_t user_block) {
  std::string file = Signature() + "\0\0\0\0\0\x08\x08\0"s + Le(4, 2) + Le(16, 2) + Le(0, 4);
  file += Le(user_block, 8) + Le(~0ULL, 8) + Le(4096, 8) + Le(~0ULL, 8);
  file += Le(0, 8) + Le(96, 8) + std::string(24, '\0');
  file.resize(96, '\0');
  const std::string config = R"({"class_name":"Sequential","config":{"name":"net"}})";
  const std::string model = MessageV1(
      0x0C,
      AttributeV1("model_config", VariableString(), Le(config.size(), 4) + Le(600, 8) + Le(1, 4)));
  const std::string first =
      MessageV1(0x0C, AttributeV1("keras_version", FixedString(6), "2.15.0")) +
      MessageV1(0x10, Le(400, 8) + Le(model.size(), 8));
  file += "\x01\0"s + Le(3, 2) + Le(1, 4) + Le(first.size(), 4) + Le(0, 4) + first;
  file.resize(400, '\0');
  file += model;
  file.resize(600, '\0');
  const std::string object = Le(1, 2) + Le(1, 2) + Le(0, 4) + Le(config.size(), 8) + Padded(config);
  file += "GCOL\x01\0\0\0"s + Le(16 + object.size(), 8) + object;
  return std::string(user_block, '\0') + file;
}

// Superblock 2, root header "OHDR" at 48.
std::string New() {
  const auto message = [](const std::string& body) {
    return "\x0C"s + Le(body.size(), 2) + '\0' + body;
  };
  const std::string body =
      message(AttributeV3("keras_version", "3.4.1")) + message(AttributeV3("backend", "jax"));
  return Signature() + "\x02\x08\x08\0"s + Le(0, 8) + Le(~0ULL, 8) + Le(4096, 8) + Le(48, 8) +
         Le(0, 4) + "OHDR\x02\0"s + Le(body.size(), 1) + body + Le(0, 4);
}

Artifact Inspected(const std::string& bytes) {
  const Opened opened(ToBytes(bytes));
  Artifact artifact;
  artifact.size_bytes = bytes.size();
  InspectWeights(opened.source(), opened.window(), Limits{}, artifact);
  return artifact;
}

TEST_CASE("root attributes are claims, at any user block") {
  for (const std::size_t user_block : {0U, 512U, 1024U, 2048U, 8192U}) {
    CAPTURE(user_block);
    const Artifact artifact = Inspected(Old(user_block));
    CHECK(artifact.format == "hdf5");
    CHECK(artifact.format_version == "0");
    CHECK(artifact.kind == ArtifactKind::kWeights);
    CHECK(artifact.claims == std::vector<Claim>{{"keras:keras_version", "2.15.0"},
                                                {"keras:class_name", "Sequential"},
                                                {"keras:name", "net"}});
  }
  CHECK(Inspected(std::string(700, '\0') + Old(0)).format.empty());
}

TEST_CASE("the newer superblock and object header") {
  const Artifact artifact = Inspected(New());
  CHECK(artifact.format_version == "2");
  CHECK(artifact.claims ==
        std::vector<Claim>{{"keras:keras_version", "3.4.1"}, {"keras:backend", "jax"}});
}

TEST_CASE("HDF5 without model attributes is a file, not weights") {
  const Artifact artifact = Inspected(Signature() + std::string(200, '\0'));
  CHECK(artifact.format == "hdf5");
  CHECK(artifact.kind == ArtifactKind::kOther);
  CHECK(artifact.claims.empty());
}

TEST_CASE("no prefix and no flipped byte breaks the reader") {
  const auto parse = [](const ByteSource& source, const ProbeWindow& window, const Limits& limits,
                        Artifact& artifact) {
    if (!InspectWeights(source, window, limits, artifact)) artifact.format = "none";
  };
  const auto probe = [](const ProbeWindow&) { return true; };
  CHECK(SoundUnderDamage(probe, parse, ToBytes(Old(0))));
  CHECK(SoundUnderDamage(probe, parse, ToBytes(New())));
}

}  // namespace
}  // namespace weighbridge::testing
