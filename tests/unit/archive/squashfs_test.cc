// squashfs images, right and wrong, made block by block.
#include <doctest/doctest.h>

#include "scanner/archive/members.h"
#include "tests/support/member_listing.h"
#include "tests/support/squashfs_builder.h"
#include "tests/support/tar_builder.h"

namespace weighbridge {
namespace {

using namespace test;

// Compresses, with every block another one.
std::string Rising(std::size_t bytes) {
  std::string text;
  for (std::size_t i = 0; text.size() < bytes; ++i) text += "line " + std::to_string(i) + "\n";
  text.resize(bytes);
  return text;
}
// Does not compress.
std::string Noise(std::size_t bytes) {
  std::string text(bytes, '\0');
  std::uint32_t state = 1;
  for (char& c : text) {
    state = state * 1664525 + 1013904223;
    c = static_cast<char>(state >> 24);
  }
  return text;
}

const SquashfsOptions kPlain{4096, 1, false, true, true};
const SquashfsOptions kZlib{4096, 1, true, true, true};
const SquashfsOptions kNoFragments{4096, 1, true, false, true};

SquashfsNode Folder(std::string name, std::vector<SquashfsNode> children) {
  return {std::move(name), 'd', "", std::move(children)};
}

TEST_CASE("files, folders, links and devices, basic and extended") {
  for (const bool extended : {false, true}) {
    for (const SquashfsOptions& options : {kPlain, kZlib, kNoFragments}) {
      CAPTURE(extended);
      CAPTURE(options.compress);
      CAPTURE(options.fragments);
      std::vector<SquashfsNode> nodes{{"a", 'f', "one"},
                                      {"l", 'l', "../t"},
                                      {"b", 'b'},
                                      {"c", 'c'},
                                      {"p", 'p'},
                                      {"s", 's'},
                                      Folder("d", {{"e", 'f', "two"}}),
                                      Folder("empty", {})};
      for (SquashfsNode& node : nodes) node.extended = extended;
      const std::string in_place =
          !options.fragments ? " in place" : "";  // three bytes do not compress
      CHECK(List(BuildSquashfs(nodes, options)) ==
            Lines{"a=one" + in_place, "l -> ../t", "b (special)", "c (special)", "p (special)",
                  "s (special)", "d/ (folder)", "d/e=two" + in_place, "empty/ (folder)"});
    }
  }
}

TEST_CASE("blocks, holes and tails give the bytes that went in") {
  const std::string bodies[] = {
      "",
      Rising(4095),
      Rising(4096),
      Rising(4097),
      Rising(3 * 4096 + 17),
      std::string(2 * 4096, '\0') + Rising(100),
      Noise(4096) + std::string(4096, '\0') + Rising(5000),
      std::string(40960, '\0'),
      Rising(1100 * 4096 + 5),  // more than one run of the block list
  };
  for (const SquashfsOptions& options : {kPlain, kZlib, kNoFragments}) {
    for (const std::string& body : bodies) {
      CAPTURE(body.size());
      const Lines lines = List(BuildSquashfs({{"x", 'f', "x"}, {"m", 'f', body}}, options));
      REQUIRE(lines.size() == 2);
      std::string line = lines[1];
      if (line.ends_with(" in place")) line.resize(line.size() - 9);
      CHECK(line == "m=" + body);
    }
  }
}

// Reads one member in steps of any length, backwards too.
class StepReader final : public MemberVisitor {
 public:
  explicit StepReader(std::string expected) : expected_(std::move(expected)) {}
  void OnMember(const Member& member) override {
    CHECK(member.stream == nullptr);
    CHECK(member.source.size() == expected_.size());
    for (const std::size_t step : {1U, 700U, 4096U, 10000U}) {
      for (std::size_t at = expected_.size(); at > 0; at -= std::min(at, step * 3 + 1)) {
        std::vector<std::uint8_t> bytes(step);
        auto got = member.source.ReadAt(at - 1, bytes);
        REQUIRE(got.ok());
        const std::string wanted = expected_.substr(at - 1, step);
        CHECK(AsText(ByteSpan(bytes).first(got.value())) == wanted);
        if (step == 1 && at > 5000) at -= 5000;
      }
    }
    ++seen;
  }
  void OnLink(const MemberLink&) override {}
  void OnDirectory(const std::string&) override {}
  void OnSpecial(const std::string&) override {}
  void OnRefused(const std::string&, const Error& error) override { FAIL(error.message); }
  int seen = 0;

 private:
  std::string expected_;
};

TEST_CASE("a file is read at any offset") {
  const std::string body = Rising(9000) + std::string(5000, '\0') + Noise(8000) + Rising(700);
  const MemorySource image(BuildSquashfs({{"m", 'f', body}}, kZlib));
  const Limits limits;
  ArchiveBudget budget(limits, image.size(), {});
  StepReader reader(body);
  CHECK(VisitSquashfs({image, "x", nullptr, nullptr}, budget, reader).ok());
  CHECK(reader.seen == 1);
}

// Reads the first bytes of every member.
class HeadReader final : public MemberVisitor {
 public:
  void OnMember(const Member& member) override {
    std::vector<std::uint8_t> head(64);
    CHECK(member.source.ReadAt(0, head).ok());
  }
  void OnLink(const MemberLink&) override {}
  void OnDirectory(const std::string&) override {}
  void OnSpecial(const std::string&) override {}
  void OnRefused(const std::string&, const Error&) override {}
};

TEST_CASE("the head of a long file costs one block and its list") {
  const MemorySource image(
      BuildSquashfs({{"m", 'f', Rising(16 << 20)}}, {128 << 10, 1, true, true, true}));
  Limits limits;
  limits.max_archive_expanded_bytes = 200 << 10;
  ArchiveBudget budget(limits, image.size(), {});
  HeadReader reader;
  const Status status = VisitSquashfs({image, "x", nullptr, nullptr}, budget, reader);
  CHECK_MESSAGE(status.ok(), (status.ok() ? "" : status.error().message));
}

TEST_CASE("an uncompressed file lies in place, with its offset") {
  const std::string body = Noise(3 * 4096 + 100);
  const std::string image = BuildSquashfs({{"m", 'f', body}}, kNoFragments);
  CHECK(image.find(body) == 96);
  CHECK(List(image) == Lines{"m=" + body + " in place"});
  // Its tail in a fragment, a hole or a compressed block takes it apart.
  CHECK(List(BuildSquashfs({{"m", 'f', body}}, kZlib)) == Lines{"m=" + body});
  const std::string hole = Noise(4096) + std::string(4096, '\0');
  CHECK(List(BuildSquashfs({{"m", 'f', hole}}, kNoFragments)) == Lines{"m=" + hole});
}

TEST_CASE("a second name of a file is a hard link") {
  SquashfsNode first{"a", 'f', "one"};
  first.links = 2;
  first.extended = true;
  SquashfsNode second{"z", 'f', ""};
  second.reference = 0;  // the first inode that is written
  CHECK(List(BuildSquashfs({first, second})) == Lines{"a=one", "z => a"});
}

TEST_CASE("a character device 0:0 is a whiteout, a block device is none") {
  SquashfsNode gone{"gone", 'c'};
  gone.device = 0;
  SquashfsNode block{"b", 'b'};
  block.device = 0;
  SquashfsNode extended = gone;
  extended.extended = true;
  CHECK(List(BuildSquashfs({gone, block, Folder("d", {extended})})) ==
        Lines{"gone (whiteout)", "b (special)", "d/ (folder)", "d/gone (whiteout)"});
}

TEST_CASE("attributes that are not there are said, the folder is read") {
  SquashfsNode folder = Folder("d", {{"a", 'f', "one"}});
  folder.extended = true;
  folder.attributes = 5;
  CHECK(List(BuildSquashfs({folder})) ==
        Lines{"d/ (folder)", "d/ refused: no table of attributes", "d/a=one"});
}

TEST_CASE("names go on as they are") {
  CHECK(List(BuildSquashfs({{"..", 'f', "1"}, {"/abs", 'f', "2"}, {"n\x1b\n", 'f', "3"}})) ==
        Lines{"..=1", "/abs=2", "n\x1b\n=3"});
}

TEST_CASE("a thousand files over many table blocks") {
  std::vector<SquashfsNode> nodes;
  Lines expected;
  for (int i = 0; i < 1000; ++i) {
    const std::string name = "file-" + std::string(40, 'n') + std::to_string(i);
    nodes.push_back({name, 'f', "content " + std::to_string(i)});
    expected.push_back("d/" + name + "=content " + std::to_string(i));
  }
  expected.insert(expected.begin(), "d/ (folder)");
  for (const SquashfsOptions& options : {kPlain, kZlib}) {
    SquashfsNode folder = Folder("d", nodes);
    folder.extended = true;  // the listing is longer than 64 KiB
    CHECK(List(BuildSquashfs({folder}, options)) == expected);
  }
}

std::string Patched(std::string image, std::size_t at, std::uint64_t value, unsigned count) {
  return image.replace(at, count, SquashfsBuilder::Le(value, count));
}

TEST_CASE("a superblock that cannot be true") {
  const std::string image = BuildSquashfs({{"a", 'f', "one"}}, kPlain);
  const std::string size = std::to_string(image.size());
  const auto number = [&](std::size_t at) {
    std::uint64_t value = 0;
    for (std::size_t i = 8; i-- > 0;) value = value << 8 | static_cast<std::uint8_t>(image[at + i]);
    return std::to_string(value);
  };
  const auto order = [&](const std::string& inodes, const std::string& directories) {
    return "superblock: inode table at " + inodes + " and directory table at " + directories +
           " do not lie in order in " + size + " bytes";
  };
  struct Row {
    std::size_t at;
    std::uint64_t value;
    unsigned bytes;
    std::string message;
  };
  const Row rows[] = {
      {12, 4097, 4, "superblock: block size 4097 is no power of two from 4096 to 1048576"},
      {12, 2 << 20, 4, "superblock: block size 2097152 is no power of two from 4096 to 1048576"},
      {22, 13, 2, "superblock: block size 4096 is not 2 to the power of 13"},
      {22, 300, 2, "superblock: block size 4096 is not 2 to the power of 300"},
      {28, 3, 2, "squashfs version 3.0"},
      {40, ~std::uint64_t{0}, 8,
       "superblock: 18446744073709551615 bytes stated, " + size + " are there"},
      {16, 0xFFFFFFFF, 4,
       "superblock: table of 4294967295 fragments at " + number(80) + " does not fit"},
      {64, 95, 8, order("95", number(72))},
      {72, 1000, 8, order(number(64), "1000")},
      {72, 97, 8, order(number(64), "97")},
      {32, std::uint64_t{1} << 40, 8, "inode at 16777216 lies behind the inode table"},
      {32, 0, 8, "the root inode is no folder"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.at);
    CHECK(List(Patched(image, row.at, row.value, row.bytes)) == Lines{"error: " + row.message});
  }
}

TEST_CASE("a compressor that is not read is named, stored blocks are read all the same") {
  SquashfsOptions lzo = kZlib;
  lzo.compressor = 3;
  const std::vector<SquashfsNode> nodes{Folder("d", {{"a", 'f', Rising(5000)}})};
  CHECK(List(BuildSquashfs(nodes, lzo)) == Lines{"error: compressor lzo"});
  lzo.compressor = 17;
  CHECK(List(BuildSquashfs(nodes, lzo)) == Lines{"error: compressor 17"});
  lzo.compress = false;
  CHECK(List(BuildSquashfs({{"a", 'f', "one"}}, lzo)) == Lines{"a=one"});
}

TEST_CASE("a folder that lists itself, or is listed twice, is entered once") {
  for (int pass = 0; pass < 2; ++pass) {
    SquashfsBuilder first(kPlain);
    const auto nodes = [&](std::int64_t reference) {
      SquashfsNode self{"self", 'd'};
      self.reference = reference;
      return std::vector<SquashfsNode>{{"a", 'f', "one"}, self};
    };
    first.Build(nodes(0));
    CHECK(List(BuildSquashfs(nodes(static_cast<std::int64_t>(first.root())), kPlain)) ==
          Lines{"a=one", "self refused: folder that is listed a second time"});
  }
  SquashfsNode again{"again", 'd'};
  again.reference = 0;
  CHECK(List(BuildSquashfs({Folder("d", {}), again}, kPlain)) ==
        Lines{"d/ (folder)", "again refused: folder that is listed a second time"});
}

TEST_CASE("folders too deep and paths too long are left out") {
  Limits limits;
  limits.max_directory_depth = 2;
  const std::vector<SquashfsNode> deep{
      Folder("a", {Folder("b", {Folder("c", {{"m", 'f', "one"}}), {"n", 'f', "two"}})})};
  CHECK(List(BuildSquashfs(deep), "x", limits) ==
        Lines{"a/ (folder)", "a/b/ (folder)", "a/b/c refused: deeper than 2 folders", "a/b/n=two"});
  std::vector<SquashfsNode> nodes{{"m", 'f', "one"}};
  for (int i = 0; i < 20; ++i) nodes = {Folder(std::string(256, 'd'), nodes)};
  const Lines lines = List(BuildSquashfs(nodes));
  REQUIRE(lines.size() == 16);
  CHECK(lines.back() == std::string(100, 'd') + " refused: path of more than 4096 bytes");
}

TEST_CASE("a file of 2^60 bytes is refused, one of holes ends with the budget") {
  SquashfsNode huge{"m", 'f', "one"};
  huge.extended = true;
  huge.stated_size = std::int64_t{1} << 60;
  CHECK(List(BuildSquashfs({huge}, kPlain)) ==
        Lines{"m refused: 1152921504606846976 bytes stated: a list of 281474976710656 blocks does "
              "not fit in the inode table"});
  Limits limits;
  limits.archive_ratio_floor_bytes = 1 << 20;
  const std::string image =
      BuildSquashfs({{"m", 'f', std::string(64 << 20, '\0')}, {"n", 'f', "two"}}, kZlib);
  CHECK(image.size() < 4096);
  const Lines lines = List(image, "x", limits);
  REQUIRE(!lines.empty());
  CHECK(lines.back() ==
        "error: expands to more than 200 times its " + std::to_string(image.size()) + " bytes");
}

TEST_CASE("blocks that all expand hugely end with the budget") {
  Limits limits;
  limits.archive_ratio_floor_bytes = 1 << 20;
  SquashfsOptions options{1 << 20, 1, true, true, false};
  const std::string image = BuildSquashfs({{"m", 'f', std::string(32 << 20, 'x')}}, options);
  const Lines lines = List(image, "x", limits);
  REQUIRE(!lines.empty());
  CHECK(lines.back() ==
        "error: expands to more than 200 times its " + std::to_string(image.size()) + " bytes");
  limits.max_archive_members = 1;
  CHECK(List(BuildSquashfs({{"a", 'f', "1"}, {"b", 'f', "2"}}), "x", limits) ==
        Lines{"a=1", "error: more than 1 members"});
}

TEST_CASE("the same bytes in place under many names count as expanded") {
  std::vector<SquashfsNode> nodes{{"a", 'f', Noise(1 << 20)}};
  for (int i = 0; i < 300; ++i) {
    nodes.push_back({"n" + std::to_string(i), 'f'});
    nodes.back().reference = 0;
  }
  Limits limits;
  limits.archive_ratio_floor_bytes = 1 << 20;
  const Lines lines = List(BuildSquashfs(nodes, kNoFragments), "x", limits);
  CHECK(lines.size() < 220);
  CHECK(lines.back().starts_with("error: expands to more than 200 times its "));
}

TEST_CASE("what a damaged member has is said, the others are read") {
  SquashfsNode longer{"m", 'f', "one"};
  longer.stated_size = 5;
  SquashfsNode beyond{"f", 'f', "two"};
  beyond.stated_size = 4000;
  SquashfsNode nowhere{"x", 'f'};
  nowhere.reference = 8000;
  CHECK(List(BuildSquashfs({longer, beyond, {"z", 'f', "end"}, nowhere}, kPlain)) ==
        Lines{"m=onetw", "f ! its last 4000 bytes at 3 of a fragment of 9 bytes", "z=end",
              "x refused: table ends at 128 of its block (at offset 105)"});
  std::string image = BuildSquashfs({{"m", 'f', Rising(4096)}, {"z", 'f', "end"}}, kNoFragments);
  image[100] = static_cast<char>(image[100] ^ 0x55);
  const Lines lines = List(image);
  REQUIRE(lines.size() == 2);
  CHECK(lines[0] == "m ! gzip block is damaged (at offset 96)");
  CHECK(lines[1] == "z=end in place");
}

TEST_CASE("every prefix is refused") {
  for (const SquashfsOptions& options : {kPlain, kZlib}) {
    const std::string image = BuildSquashfs({{"a", 'f', Rising(9000)}, {"l", 'l', "t"}}, options);
    for (std::size_t size = 4; size < image.size(); ++size) {
      const Lines lines = List(image.substr(0, size));
      REQUIRE(lines.size() == 1);
      CHECK(lines[0].starts_with("error: "));
    }
  }
}

TEST_CASE("every flipped byte is survived") {
  SquashfsNode extended{"e", 'f', Rising(9000)};
  extended.extended = true;
  Limits limits;
  limits.max_archive_expanded_bytes = 8 << 20;
  for (const SquashfsOptions& options : {kPlain, kZlib, kNoFragments}) {
    const std::string image = BuildSquashfs(
        {Folder("d", {{"a", 'f', Rising(5000)}, extended}), {"l", 'l', "t"}, {"b", 'f', "two"}},
        options);
    for (std::size_t i = 4; i < image.size(); ++i) {
      for (const int flip : {0x01, 0xC0}) {
        std::string flipped = image;
        flipped[i] = static_cast<char>(flipped[i] ^ flip);
        CHECK(List(flipped, "x", limits).size() < 100);
      }
    }
  }
}

}  // namespace
}  // namespace weighbridge
