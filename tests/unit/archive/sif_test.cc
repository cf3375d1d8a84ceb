// SIF images, right and wrong, made field by field.
#include <doctest/doctest.h>

#include "scanner/archive/members.h"
#include "scanner/source/sif_directory.h"
#include "tests/support/member_listing.h"
#include "tests/support/sif_builder.h"

namespace weighbridge {
namespace {

using namespace test;

TEST_CASE("objects in place, by name or by type and id") {
  CHECK(List(BuildSif({{0x4001, "def", "From: x"},
                       {0x4002, "", "A=1"},
                       {0x4003, "", "{}"},
                       {0x4005, "part-signature", "s1"},
                       {0x4005, "part-signature", "s2"},
                       {0x4009, "", "bom"},
                       {0x1234, "", "odd"},
                       {0x4007, "gone", "gone", "", false}})) ==
        Lines{"def=From: x in place", "environment-2=A=1 in place", "labels-3={} in place",
              "part-signature=s1 in place", "part-signature-5=s2 in place", "sbom-6=bom in place",
              "type-0x1234-7=odd in place"});
}

TEST_CASE("partitions by their file system") {
  struct Row {
    std::uint32_t file_system;
    const char* line;
  };
  const Row rows[] = {{1, "p=bytes in place"},
                      {2, "p refused: ext3 partition"},
                      {3, "p=bytes in place"},
                      {4, "p refused: raw partition"},
                      {5, "p refused: encrypted squashfs partition"},
                      {6, "p refused: partition of file system type 6"},
                      {0, "p refused: partition of file system type 0"}};
  for (const Row& row : rows) {
    CHECK(List(BuildSif({{0x4004, "p", "bytes", SifPartitionExtra(row.file_system)}})) ==
          Lines{row.line});
  }
}

TEST_CASE("blobs of an OCI image have the names of a layout") {
  const std::string hex(64, 'a');
  CHECK(List(BuildSif({{0x400A, "", "index", "sha256:" + hex},
                       {0x400B, "blob", "layer", "sha256:" + std::string(64, 'b')},
                       {0x400B, "", "odd", "sha256:../../x"},
                       {0x4007, "g", "no", "sha256:" + hex}})) ==
        Lines{"blobs/sha256/" + hex + "=index in place",
              "blobs/sha256/" + std::string(64, 'b') + "=layer in place", "oci-blob-3=odd in place",
              "g=no in place"});
}

TEST_CASE("a launch script of any content") {
  for (const std::string launch :
       {"", "\x1F\x8B\x08", "#!/a/very/long/path/to/run-singularity --x"}) {
    SifOptions options;
    options.launch = launch;
    CHECK(List(BuildSif({{0x4007, "g", "x"}}, options)) == Lines{"g=x in place"});
  }
}

TEST_CASE("objects that are not there, or lie over each other") {
  SifPart beyond{0x4007, "beyond", "x"};
  beyond.offset = 1 << 20;
  SifPart negative{0x4007, "negative", "x"};
  negative.size = std::int64_t{1} << 62;
  SifPart over{0x4007, "over", ""};
  over.offset = 128 + 585 * 4;
  over.size = 2;
  CHECK(List(BuildSif({{0x4007, "a", "one"}, beyond, negative, over})) ==
        Lines{"a=one in place", "beyond refused: its 1 bytes at 1048576 are not in the file",
              "negative refused: its 4611686018427387904 bytes at 2472 are not in the file",
              "over refused: overlaps another member"});
}

TEST_CASE("descriptors that end too soon") {
  SifOptions options;
  options.descriptors = std::int64_t{1} << 60;
  const Lines lines = List(BuildSif({{0x4007, "a", "one"}}, options));
  CHECK(lines ==
        Lines{"a=one in place", "error: 1152921504606846976 SIF descriptors stated, 1 read"});
}

TEST_CASE("every prefix and every flipped byte is survived") {
  const std::string image =
      BuildSif({{0x4004, "p", "bytes", SifPartitionExtra(1)}, {0x4003, "l", "{\"a\":\"b\"}"}});
  for (std::size_t size = 42; size < image.size(); ++size) {
    CHECK(!List(image.substr(0, size)).empty());
  }
  for (std::size_t i = 0; i < image.size(); ++i) {
    std::string flipped = image;
    flipped[i] = static_cast<char>(flipped[i] ^ 0x81);
    CHECK(List(flipped).size() < 10);
  }
}

TEST_CASE("header fields") {
  const MemorySource image(BuildSif({{0x4007, "g", "x"}}));
  const auto read = ReadSifDirectory(image);
  REQUIRE(read.ok());
  CHECK(read.value().version == "01");
  CHECK(read.value().architecture == "amd64");
  CHECK(read.value().created == 1'700'000'000);
  for (const std::string code : {"00", "99", "2", "x2", ""}) {
    SifOptions options;
    options.architecture = code;
    CHECK(ReadSifDirectory(MemorySource(BuildSif({}, options))).value().architecture.empty());
  }
}

}  // namespace
}  // namespace weighbridge
