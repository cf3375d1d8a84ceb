// The central-directory reader: what it finds, and every way in which readers of a
// zip may disagree.
#include "scanner/source/zip_directory.h"

#include <functional>

#include <doctest/doctest.h>

#include "tests/support/zip_builder.h"

namespace weighbridge {
namespace {

using test::BuildZip;
using test::Bytes;
using test::ToBytes;
using test::ZipMember;
using test::ZipOptions;

std::vector<ZipMember> TwoMembers() {
  ZipMember a;
  a.name = "a.txt";
  a.data = ToBytes("alpha");
  ZipMember b;
  b.name = "dir/b.bin";
  b.data = ToBytes("0123456789");
  b.align = 64;
  return {a, b};
}

ZipDirectory MustRead(const Bytes& bytes) {
  auto zip = ZipDirectory::Read(MemorySource(bytes), Limits{});
  REQUIRE(zip.ok());
  return std::move(zip).value();
}

TEST_CASE("zip: members, methods and absolute data offsets") {
  for (const bool zip64 : {false, true}) {
    for (const bool relative : {false, true}) {
      ZipOptions options;
      options.zip64 = zip64;
      options.relative_offsets = relative;
      options.prefix = ToBytes("#!/bin/sh\n");
      options.comment = "made by a test";
      const Bytes bytes = BuildZip(TwoMembers(), options);
      const ZipDirectory zip = MustRead(bytes);
      CHECK(zip.disagreements() == std::vector<std::string>{});
      CHECK(zip.first_byte() == 10);
      REQUIRE(zip.entries().size() == 2);
      const ZipEntry* b = zip.Find("dir/b.bin");
      REQUIRE(b != nullptr);
      CHECK(b->located);
      CHECK(b->stored());
      CHECK(b->data_offset % 64 == 0);
      CHECK(std::string(bytes.begin() + static_cast<std::ptrdiff_t>(b->data_offset),
                        bytes.begin() + static_cast<std::ptrdiff_t>(b->data_offset) + 10) ==
            "0123456789");
      CHECK(zip.Find("dir") == nullptr);
    }
  }
}

TEST_CASE("zip: disagreements, each with its message") {
  struct Row {
    const char* what;
    std::function<void(std::vector<ZipMember>&, ZipOptions&)> spoil;
    std::string message;
  };
  const std::vector<Row> rows = {
      {"local name", [](auto& m, auto&) { m[0].local_name = "z.txt"; },
       "local header names \"z.txt\", central directory \"a.txt\""},
      {"method", [](auto& m, auto&) { m[0].local_method = 8; },
       "method of \"a.txt\" is 8 in the local header, 0 in the directory"},
      {"encryption", [](auto& m, auto&) { m[0].local_flags = 1; },
       "encryption flag of \"a.txt\" differs between the two headers"},
      {"duplicate", [](auto& m, auto&) { m[1].name = "a.txt"; }, "two members are named \"a.txt\""},
      {"overlap",
       [](auto& m, auto&) {
         ZipMember twin;
         twin.name = "c.txt";
         twin.same_data_as = 0;
         twin.local_name = "a.txt";
         m.push_back(twin);
       },
       "local header names \"a.txt\", central directory \"c.txt\""},
      {"count", [](auto&, auto& o) { o.count_delta = 1; },
       "the end record counts 3 entries, the central directory holds 2"},
      {"trailing", [](auto&, auto& o) { o.trailing = ToBytes("junk"); },
       "4 bytes after the end record"},
      {"two sizes", [](auto& m, auto&) { m[0].size = 6; },
       "stored member \"a.txt\" states two sizes"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.what);
    auto members = TwoMembers();
    ZipOptions options;
    row.spoil(members, options);
    const ZipDirectory zip = MustRead(BuildZip(members, options));
    REQUIRE(!zip.disagreements().empty());
    CHECK(zip.disagreements()[0] == row.message);
  }
}

TEST_CASE("zip: entries of one name, in the directory's order") {
  auto members = TwoMembers();
  members.push_back(members[0]);
  members.back().data = ToBytes("other");
  const ZipDirectory zip = MustRead(BuildZip(members));
  const auto named = zip.FindAll("a.txt");
  REQUIRE(named.size() == 2);
  CHECK(named[0] == zip.Find("a.txt"));
  CHECK(named[1] == &zip.entries()[2]);
  CHECK(zip.FindAll("b.txt").empty());
}

TEST_CASE("zip: the end record is found wherever a comment leaves it") {
  const std::string end = "PK\5\6" + std::string(18, '\0');
  const auto has = [](const std::string& tail) { return HasZipEnd(ToBytes(tail)); };
  CHECK(has(end));
  CHECK(has(std::string(100, '\6') + end));
  CHECK(has("PK\5\6" + std::string(16, '\0') + std::string("\3\0abc", 5)));
  CHECK(has("PK\5PK\5\6" + std::string(18, '\0') + std::string(50, '\6')));
  CHECK_FALSE(has("PK\5\6" + std::string(16, '\0') + std::string("\4\0abc", 5)));
  CHECK_FALSE(has("PK\5\6" + std::string(17, '\0')));
  CHECK_FALSE(has("K\5\6" + std::string(40, '\0')));
  CHECK_FALSE(has(""));
  CHECK_FALSE(has(std::string(64, '\6')));
}

TEST_CASE("zip: two records over one local header overlap") {
  auto members = TwoMembers();
  ZipMember twin;
  twin.name = "a.txu";
  twin.same_data_as = 0;
  members.push_back(twin);
  const ZipDirectory zip = MustRead(BuildZip(members));
  REQUIRE(zip.disagreements().size() == 2);
  CHECK(zip.disagreements()[1] == "members \"a.txt\" and \"a.txu\" overlap");
}

TEST_CASE("zip: names that leave their folder or hide characters") {
  struct Row {
    std::string name;
    std::string note;
  };
  const std::vector<Row> rows = {
      {"../x", "name leaves its folder: \"../x\""},
      {"a/../../x", "name leaves its folder: \"a/../../x\""},
      {"/etc/x", "name leaves its folder: \"/etc/x\""},
      {"C:x", "name leaves its folder: \"C:x\""},
      {"a\x1b[2J", "name hides characters: \"a\\x1b[2J\""},
      {"a..b/c", ""},
  };
  for (const Row& row : rows) {
    auto members = TwoMembers();
    members[0].name = row.name;
    const ZipDirectory zip = MustRead(BuildZip(members));
    const std::vector<std::string> want =
        row.note.empty() ? std::vector<std::string>{} : std::vector<std::string>{row.note};
    const bool escapes = row.note.find("leaves") != std::string::npos;
    CHECK((escapes ? zip.escaping_names() : zip.name_notes()) == want);
    CHECK((escapes ? zip.name_notes() : zip.escaping_names()).empty());
  }
}

TEST_CASE("zip: refusals") {
  const Bytes good = BuildZip(TwoMembers());
  const auto read = [](const Bytes& bytes, const Limits& limits) {
    auto zip = ZipDirectory::Read(MemorySource(bytes), limits);
    return zip.ok() ? std::string("ok")
                    : std::string(ErrorCodeName(zip.error().code)) + ": " + zip.error().message;
  };
  CHECK(read(ToBytes("not a zip"), Limits{}) ==
        std::string(ErrorCodeName(ErrorCode::kNotFound)) +
            ": no end of central directory in the last 9 bytes");
  Limits few;
  few.max_zip_entries = 1;
  CHECK(read(good, few) ==
        std::string(ErrorCodeName(ErrorCode::kLimitExceeded)) + ": more than 1 zip entries");
  Limits small;
  small.max_zip_directory_bytes = 10;
  CHECK(read(good, small) == std::string(ErrorCodeName(ErrorCode::kLimitExceeded)) +
                                 ": central directory of 106 bytes is more than the 10 allowed");
  Bytes lie = good;
  lie[lie.size() - 6] = 0xFF;  // directory offset
  lie[lie.size() - 4] = 0xFF;
  CHECK(read(lie, Limits{}).find("does not lie before its end") != std::string::npos);
}

TEST_CASE("zip: salvage lists local headers of a cut archive") {
  const Bytes good = BuildZip(TwoMembers());
  const Bytes cut(good.begin(), good.begin() + 120);
  const ZipDirectory zip = ZipDirectory::Salvage(MemorySource(cut), Limits{});
  REQUIRE(zip.entries().size() >= 1);
  CHECK(zip.Name(zip.entries()[0]) == "a.txt");
  CHECK(zip.entries()[0].located);
}

TEST_CASE("zip: every prefix and every flipped byte ends in a result") {
  ZipOptions options;
  options.zip64 = true;
  Bytes bytes = BuildZip(TwoMembers(), options);
  std::size_t good = 0;
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const MemorySource source(
        Bytes(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size)));
    good += ZipDirectory::Read(source, Limits{}).ok() ? 1 : 0;
  }
  CHECK(good == 0);
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    bytes[at] ^= 0xFF;
    auto zip = ZipDirectory::Read(MemorySource(bytes), Limits{});
    if (zip.ok()) {
      for (const ZipEntry& entry : zip.value().entries()) {
        if (entry.located) CHECK(entry.data_offset + entry.compressed_size <= bytes.size());
      }
    }
    bytes[at] ^= 0xFF;
  }
}

}  // namespace
}  // namespace weighbridge
