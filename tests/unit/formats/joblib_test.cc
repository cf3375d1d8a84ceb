// joblib before 0.10: "ZF", a length of 19 characters and a zlib stream (here of one stored
// block, so that the test needs no compressor).
#include <string>

#include <doctest/doctest.h>

#include "scanner/formats/pickle_file.h"
#include "tests/support/format_run.h"
#include "tests/support/pickle_builder.h"

namespace weighbridge::testing {
namespace {

std::string Zlib(const Bytes& bytes) {
  std::uint32_t a = 1;
  std::uint32_t b = 0;
  for (const std::uint8_t byte : bytes) {
    a = (a + byte) % 65521;
    b = (b + a) % 65521;
  }
  std::string out("\x78\x01\x01", 3);
  const auto size = static_cast<std::uint16_t>(bytes.size());
  for (const unsigned value : {unsigned{size}, ~unsigned{size}}) {
    out += static_cast<char>(value & 0xFF);
    out += static_cast<char>((value >> 8) & 0xFF);
  }
  out.append(bytes.begin(), bytes.end());
  for (const std::uint32_t sum : {b, a}) {
    out += static_cast<char>(sum >> 8);
    out += static_cast<char>(sum & 0xFF);
  }
  return out;
}

TEST_CASE("old joblib files are opened as far as zlib goes") {
  const Bytes pickle =
      test::PickleBuilder().Global("sklearn.svm.classes", "SVC").EmptyTuple().Reduce().Stop();
  std::string head = "ZF0x1f";
  head.resize(21, ' ');
  for (const std::string& start : {head, head + " "}) {
    const Bytes bytes = ToBytes(start + Zlib(pickle));
    CHECK(Probes(&ProbePickle, bytes));
    const Artifact artifact = ParseBytes(&ParsePickle, bytes);
    CHECK(artifact.format == "joblib");
    CHECK(artifact.kind == ArtifactKind::kPickle);
    REQUIRE(artifact.pickle_imports.size() == 1);
    CHECK(artifact.pickle_imports[0].module == "sklearn.svm.classes");
    CHECK(SoundUnderDamage(&ProbePickle, &ParsePickle, bytes));
  }
  CHECK_FALSE(Probes(&ProbePickle, ToBytes(head + "text, not a stream at all")));
}

}  // namespace
}  // namespace weighbridge::testing
