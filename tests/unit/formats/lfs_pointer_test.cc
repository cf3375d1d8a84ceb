#include "scanner/formats/lfs_pointer.h"

#include <doctest/doctest.h>

#include "tests/support/format_run.h"

namespace weighbridge {
namespace {

using testing::ToBytes;

const std::string kOid(64, 'a');
const std::string kVersion = "version https://git-lfs.github.com/spec/v1\n";

std::string Pointer() { return kVersion + "oid sha256:" + kOid + "\nsize 12345\n"; }

TEST_CASE("a pointer states digest and size of the absent weights") {
  const Artifact artifact =
      testing::ParseBytes(ParseLfsPointer, ToBytes(Pointer()), "model.safetensors");
  CHECK(artifact.format == "lfs_pointer");
  CHECK(artifact.kind == ArtifactKind::kPointer);
  CHECK(artifact.inspection == Inspection::kFull);
  CHECK(testing::Messages(artifact) == "");
  CHECK(artifact.stated_digests ==
        std::vector<StatedDigest>{{"sha256", kOid, "model.safetensors", 12345}});
  CHECK(artifact.tensors.empty());
}

TEST_CASE("only the exact grammar is a pointer") {
  const std::string oid = "oid sha256:" + kOid + "\n";
  const std::string upper = "oid sha256:" + std::string(64, 'A') + "\n";
  const std::vector<std::pair<std::string, bool>> rows{
      {Pointer(), true},
      {"version https://hawser.github.com/spec/v1\n" + oid + "size 0\n", true},
      {kVersion + "ext-0-foo sha256:" + kOid + "\n" + oid + "size 1\n", true},
      {"", false},
      {"version 2 of the notes\n", false},
      {"version https://git-lfs.github.com/spec/v9\n" + oid + "size 1\n", false},
      {kVersion + "size 1\n" + oid, false},  // not sorted
      {kVersion + oid + "size 1", false},    // no last line feed
      {kVersion + oid, false},               // no size
      {kVersion + "size 1\n", false},        // no oid
      {kVersion + upper + "size 1\n", false},
      {kVersion + oid + "size -1\n", false},
      {kVersion + oid + "size 18446744073709551616\n", false},
      {kVersion + oid + oid + "size 1\n", false},  // key twice
      {kVersion + oid + "size  1\n", false},
      {oid + kVersion + "size 1\n", false},
      {kVersion + kVersion + oid + "size 1\n", false},
      {kVersion + "oid md5:" + kOid + "\nsize 1\n", false},
      {Pointer() + "x " + std::string(1024, 'y') + "\n", false},  // too long
  };
  for (const auto& [text, is_pointer] : rows) {
    CAPTURE(text);
    CHECK(testing::Probes(ProbeLfsPointer, ToBytes(text)) == is_pointer);
    const Artifact artifact = testing::ParseBytes(ParseLfsPointer, ToBytes(text));
    CHECK((artifact.inspection == Inspection::kFull) == is_pointer);
    CHECK(artifact.stated_digests.empty() == !is_pointer);
  }
}

TEST_CASE("no prefix and no flipped byte breaks the reader") {
  CHECK(testing::SoundUnderDamage(ProbeLfsPointer, ParseLfsPointer, ToBytes(Pointer())));
}

}  // namespace
}  // namespace weighbridge
