// What a visit reports, for every packing and for damage.
#include "scanner/archive/members.h"

#include <doctest/doctest.h>

#include "tests/support/compress.h"
#include "tests/support/member_listing.h"
#include "tests/support/tar_builder.h"
#include "tests/support/zip_builder.h"

namespace weighbridge {
namespace {

using namespace test;

std::string Text(const Bytes& bytes) { return std::string(AsText(bytes)); }

TEST_CASE("tar in every dialect, members in place") {
  const std::vector<TarMember> members{{"a", "one"}, {"d/b", "two"}};
  for (const TarDialect dialect :
       {TarDialect::kV7, TarDialect::kUstar, TarDialect::kGnu, TarDialect::kPax}) {
    CAPTURE(static_cast<int>(dialect));
    CHECK(List(BuildTar(members, dialect)) == Lines{"a=one in place", "d/b=two in place"});
  }
}

TEST_CASE("long names, links, folders and devices of a tar") {
  const std::string name(300, 'n');
  CHECK(List(BuildTar({{name, "x"}}, TarDialect::kGnu)) == Lines{name + "=x in place"});
  CHECK(List(BuildTar({{name, "x"}}, TarDialect::kPax)) == Lines{name + "=x in place"});
  CHECK(List(BuildTar({{"s", "", '2', "../t"},
                       {"h", "", '1', "a"},
                       {"d/", "", '5', ""},
                       {"c", "", '3', ""}})) ==
        Lines{"s -> ../t", "h => a", "d/ (folder)", "c (special)"});
}

TEST_CASE("every compression, around a tar and around a single file") {
  struct Row {
    int filter;
    const char* suffix;
  };
  const Row rows[] = {{ARCHIVE_FILTER_GZIP, ".gz"},
                      {ARCHIVE_FILTER_BZIP2, ".bz2"},
                      {ARCHIVE_FILTER_XZ, ".xz"},
                      {ARCHIVE_FILTER_ZSTD, ".zst"},
                      {ARCHIVE_FILTER_LZ4, ".lz4"}};
  const std::string tar = BuildTar({{"a", "one"}, {"b", "two"}});
  for (const Row& row : rows) {
    CAPTURE(row.suffix);
    CHECK(List(Compress(tar, row.filter)) == Lines{"a=one", "b=two"});
    CHECK(List(Compress("plain", row.filter), std::string("m.gguf") + row.suffix) ==
          Lines{"m.gguf=plain"});
  }
  const std::string large(3 << 20, 'x');
  CHECK(List(Compress(large, ARCHIVE_FILTER_GZIP), "m.gz") == Lines{"m=" + large});
}

TEST_CASE("a gzip file of nothing holds nothing, a damaged one is said") {
  const std::string empty = Compress("", ARCHIVE_FILTER_GZIP);
  CHECK(List(empty).empty());
  CHECK(List(empty.substr(0, empty.size() - 1)).size() == 1);
}

TEST_CASE("zstd and gzip in several frames") {
  const std::string tar = BuildTar({{"a", "one"}, {"b", "two"}});
  const std::string skippable("\x50\x2A\x4D\x18\x04\0\0\0toc!", 12);
  const auto halves = [&](int filter) {
    return Compress(tar.substr(0, 700), filter) + Compress(tar.substr(700), filter);
  };
  CHECK(List(skippable + halves(ARCHIVE_FILTER_ZSTD)) == Lines{"a=one", "b=two"});
  CHECK(List(halves(ARCHIVE_FILTER_GZIP)) == Lines{"a=one", "b=two"});
}

TEST_CASE("cpio, ar and 7-Zip") {
  const std::vector<std::pair<std::string, std::string>> members{{"a", "one"}, {"b", "two"}};
  for (const int format :
       {ARCHIVE_FORMAT_CPIO_SVR4_NOCRC, ARCHIVE_FORMAT_AR_GNU, ARCHIVE_FORMAT_7ZIP}) {
    CAPTURE(format);
    CHECK(List(Pack(members, format, ARCHIVE_FILTER_NONE)) == Lines{"a=one", "b=two"});
  }
}

TEST_CASE("zip: stored in place, deflated, links, refused ones") {
  ZipMember encrypted{"e", ToBytes("secret")};
  encrypted.flags = 1;
  ZipMember odd{"o", ToBytes("odd")};
  odd.method = 97;
  ZipMember shared{"s", ToBytes("one")};
  shared.same_data_as = 0;
  CHECK(List(Text(BuildZip({{"a", ToBytes("one")}, encrypted, odd, {"d/", {}}}))) ==
        Lines{"a=one in place", "e refused: encrypted", "o refused: zip method 97", "d/ (folder)"});
  CHECK(List(Text(BuildZip({{"a", ToBytes("one")}, shared}))) ==
        Lines{"a=one in place", "s refused: overlaps another member"});
}

TEST_CASE("the budget ends a bomb") {
  Limits limits;
  limits.archive_ratio_floor_bytes = 1 << 20;
  const std::string zeros(8 << 20, '\0');
  const std::string tar = BuildTar({{"zeros", zeros}, {"b", "two"}});
  for (const int filter : {ARCHIVE_FILTER_GZIP, ARCHIVE_FILTER_XZ, ARCHIVE_FILTER_ZSTD}) {
    CAPTURE(filter);
    const Lines lines = List(Compress(tar, filter), "archive", limits);
    REQUIRE(!lines.empty());
    CHECK(lines.back().starts_with("error: expands to more than 200 times its "));
  }
  limits.max_archive_members = 2;
  CHECK(List(BuildTar({{"a", "1"}, {"b", "2"}, {"c", "3"}}), "archive", limits) ==
        Lines{"a=1 in place", "b=2 in place", "error: more than 2 members"});
}

TEST_CASE("every prefix yields what is there and an error") {
  const std::string tar = BuildTar({{"a", std::string(600, 'x')}, {"b", "two"}});
  const std::string whole[] = {tar.substr(0, tar.size() - 1024), Compress(tar, ARCHIVE_FILTER_GZIP),
                               Compress(tar, ARCHIVE_FILTER_ZSTD),
                               Text(BuildZip({{"a", ToBytes("one")}, {"b", ToBytes("two")}}))};
  for (const std::string& bytes : whole) {
    const Lines all = List(bytes);
    for (std::size_t size = 0; size<bytes.size(); size += bytes.size()> 1024 ? 13 : 1) {
      const Lines lines = List(bytes.substr(0, size));
      REQUIRE(!lines.empty());
      CHECK(lines.size() <= all.size() + 1);
    }
  }
}

TEST_CASE("every flipped byte is survived") {
  const std::string tar = BuildTar({{"a", "one"}, {"b", "two"}});
  const std::string whole[] = {tar.substr(0, 2048), Compress(tar, ARCHIVE_FILTER_GZIP),
                               Compress(tar, ARCHIVE_FILTER_XZ),
                               Pack({{"a", "one"}}, ARCHIVE_FORMAT_7ZIP, ARCHIVE_FILTER_NONE)};
  for (const std::string& bytes : whole) {
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      std::string flipped = bytes;
      flipped[i] = static_cast<char>(flipped[i] ^ 0x41);
      CHECK(List(flipped).size() < 100);
    }
  }
}

TEST_CASE("a cut tar still gives the part of the last member") {
  const std::string tar = BuildTar({{"a", std::string(2000, 'x')}});
  const Lines lines = List(tar.substr(0, 1000));
  REQUIRE(lines.size() == 2);
  CHECK(lines[0] == "a=" + std::string(488, 'x') + " in place");
  CHECK(lines[1].starts_with("error: "));
}

}  // namespace
}  // namespace weighbridge
