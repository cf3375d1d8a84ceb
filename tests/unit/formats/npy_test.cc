#include "scanner/formats/npy.h"

#include <doctest/doctest.h>

#include "tests/support/format_run.h"

namespace weighbridge {
namespace {

using testing::Bytes;
using testing::Messages;
using testing::ToBytes;

// A version 1.0 file: literal, padding to 64, data.
Bytes Npy(std::string literal, std::size_t data_bytes, int major = 1) {
  const std::size_t fixed = major == 1 ? 10 : 12;
  while ((fixed + literal.size() + 1) % 64 != 0) literal += ' ';
  literal += '\n';
  Bytes bytes = ToBytes("\x93NUMPY");
  bytes.push_back(static_cast<std::uint8_t>(major));
  bytes.push_back(0);
  for (std::size_t i = 0; i < fixed - 8; ++i) {
    bytes.push_back(static_cast<std::uint8_t>(literal.size() >> (8 * i)));
  }
  bytes.insert(bytes.end(), literal.begin(), literal.end());
  bytes.insert(bytes.end(), data_bytes, 0x5A);
  return bytes;
}

Artifact Parse(const Bytes& bytes) { return testing::ParseBytes(ParseNpy, bytes, "weights.npy"); }

const char* const kPlain = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }";

TEST_CASE("a plain array is one tensor") {
  for (const int major : {1, 2, 3}) {
    const Bytes bytes = Npy(kPlain, 24, major);
    CHECK(testing::Probes(ProbeNpy, bytes));
    const Artifact artifact = Parse(bytes);
    CHECK(Messages(artifact) == "");
    CHECK(artifact.kind == ArtifactKind::kArray);
    CHECK(artifact.inspection == Inspection::kFull);
    CHECK(artifact.format_version == std::to_string(major) + ".0");
    CHECK(artifact.claims == std::vector<Claim>{{"npy:descr", "<f4"}, {"npy:shape", "(2,3)"}});
    REQUIRE(artifact.tensors.size() == 1);
    CHECK(artifact.tensors[0].dtype == "F32");
    CHECK(artifact.tensors[0].shape == std::vector<std::uint64_t>{2, 3});
    CHECK(artifact.tensors[0].has_data);
    CHECK(artifact.tensors[0].offset == bytes.size() - 24);
  }
}

TEST_CASE("what is odd is said") {
  const std::string order = "'fortran_order': False, ";
  struct Row {
    Bytes bytes;
    std::string messages;
  };
  Bytes long_header = Npy(kPlain, 24, 2);
  long_header[10] = 0x02;  // 128 KiB and more
  Bytes lying = Npy(kPlain, 24);
  lying[9] = 0xFF;
  Bytes version = Npy(kPlain, 24);
  version[6] = 9;
  const std::string objects =
      "unsupported npy: the elements are Python objects: loading them runs an embedded pickle\n";
  const std::vector<Row> rows{
      {Npy("{'descr': '|O', " + order + "'shape': (1,)}", 9),
       objects + "malformed pickle stops early: at 0x81: opcode 90 does not exist\n"},
      {Npy("{'descr': [('a', '<f4'), ('b', '|O', (2,))], " + order + "'shape': ()}", 9),
       objects + "malformed pickle stops early: at 0x81: opcode 90 does not exist\n"},
      {Npy("{'descr': [('Of', '<f4')], " + order + "'shape': ()}", 4), ""},
      {Npy("{'descr': [('a', '<f4')], " + order + "'shape': ()}", 4), ""},
      {Npy("{'descr': '>f8', " + order + "'shape': (1,), }", 8), ""},
      {Npy("{'descr': '<U3', " + order + "'shape': (2,), }", 24), ""},
      {Npy(kPlain, 23), "truncated npy: the array needs 24 bytes of data, file has 23\n"},
      {Npy(kPlain, 26), "malformed npy: 2 bytes after the array\n"},
      {Npy("{'descr': '<f4', " + order + "'shape': (4294967296, 4294967296)}", 4),
       "malformed npy: the product of its shape overflows\n"},
      {Npy("{'descr': __import__('os').system('x')}", 4),
       "malformed npy: not a plain literal at byte 10 of the header\n"},
      {Npy("{'descr': '<f4', 'descr': '<f4'}", 4),
       "malformed npy: repeated key \"descr\" at byte 25 of the header\n"},
      {Npy("{'other': 1}", 4), "malformed npy: unknown key \"other\" at byte 9 of the header\n"},
      {Npy("{'descr': '<f4'}", 4),
       "malformed npy: descr, fortran_order or shape is missing at byte 54 of the header\n"},
      {Npy(std::string(kPlain) + " + 1", 24),
       "malformed npy: text after the dict literal at byte 60 of the header\n"},
      {Npy("{'descr': " + std::string(5000, '['), 24),
       "malformed npy: not a plain literal at byte 27 of the header\n"},
      {long_header, "limit-exceeded npy: header length 131188 is more than 65536\n"},
      {lying, "truncated npy: need 65398 bytes at offset 10, file has 152\n"},
      {version, "unsupported npy: version 9.0 is not one of 1.0, 2.0 and 3.0\n"},
      {ToBytes("\x93NUMPY\x01"), "truncated npy: at 0x7: version needs 1 bytes, 0 left\n"},
  };
  for (const Row& row : rows) {
    CHECK(Messages(Parse(row.bytes)) == row.messages);
    CHECK(testing::Sound(Parse(row.bytes), row.bytes.size()));
  }
}

TEST_CASE("an array of objects is a pickle, however its dtype is spelled") {
  for (const char* descr : {"'|O'", "\"O\"", "'object'", "'|' 'O'", "'=O'", "[('a', '(2,)O')]"}) {
    CAPTURE(std::string(descr));
    Bytes bytes =
        Npy("{'descr': " + std::string(descr) + ", 'fortran_order': False, 'shape': (1,)}", 0);
    const Bytes pickle = ToBytes("cos\nsystem\n(S'id'\ntR.");
    bytes.insert(bytes.end(), pickle.begin(), pickle.end());
    const Artifact artifact = Parse(bytes);
    CHECK(artifact.kind == ArtifactKind::kArray);
    REQUIRE(artifact.pickle_imports.size() == 1);
    CHECK(artifact.pickle_imports[0].module == "os");
    CHECK(artifact.pickle_imports[0].name == "system");
    CHECK(artifact.pickle_imports[0].risk == PickleImport::Risk::kCodeExecution);
  }
}

TEST_CASE("no prefix and no flipped byte breaks the reader") {
  CHECK(testing::SoundUnderDamage(ProbeNpy, ParseNpy, Npy(kPlain, 24)));
  CHECK_FALSE(testing::Probes(ProbeNpy, ToBytes("\x93NUMP")));
}

}  // namespace
}  // namespace weighbridge
