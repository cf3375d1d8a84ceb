// Databases built byte by byte, whole, damaged and hostile.
#include "scanner/sidecars/bolt_reader.h"

#include <doctest/doctest.h>

#include "tests/support/bolt_builder.h"

namespace weighbridge {
namespace {

using namespace test;

class Listing final : public BoltVisitor {
 public:
  bool Enter(const std::vector<std::string>&) override { return true; }
  void Value(const std::vector<std::string>& path, std::string_view key, ByteSpan value) override {
    std::string line;
    for (const std::string& part : path) line += part + "/";
    lines.push_back(line + std::string(key) + "=" +
                    (value.size() > 8 ? std::to_string(value.size()) : std::string(AsText(value))));
  }
  std::vector<std::string> lines;
};

struct Read {
  std::vector<std::string> lines;
  std::string fault;  // of the first kind that was met
};

Read ReadAll(const std::string& bytes) {
  const MemorySource source(bytes);
  auto meta = FindBoltMeta(source);
  if (!meta.ok()) return {{}, meta.error().message};
  Listing listing;
  const Status status = WalkBolt(source, meta.value(), listing);
  return {listing.lines, status.ok() ? "" : status.error().message};
}

std::string Put64(std::string bytes, std::size_t at, std::uint64_t value) {
  return bytes.replace(at, 8, BoltWriter::Number(value, 8));
}
std::string Put32(std::string bytes, std::size_t at, std::uint64_t value) {
  return bytes.replace(at, 4, BoltWriter::Number(value, 4));
}

BoltBucket Sample() {
  BoltBucket root;
  root.Put("k", "v");
  root.Bucket("a").Put("x", "1").Put("y", "2");
  root.Bucket("b").Bucket("c").Put("z", "3");
  return root;
}
const std::vector<std::string> kSampleLines = {"a/x=1", "a/y=2", "b/c/z=3", "k=v"};

TEST_CASE("buckets, inline and not, of any page size, below branches or not") {
  for (const std::uint32_t page : {1024U, 4096U, 65536U}) {
    for (const bool inlined : {true, false}) {
      for (const std::size_t elements : {std::size_t{1}, std::size_t{64}}) {
        const Read read = ReadAll(BuildBolt(Sample(), {page, elements, inlined}));
        CHECK(read.fault == "");
        CHECK(read.lines == kSampleLines);
      }
    }
  }
}

TEST_CASE("a value of many pages") {
  BoltBucket root;
  root.Put("big", std::string(20'000, 'x')).Put("end", "e");
  const Read read = ReadAll(BuildBolt(root));
  CHECK(read.fault == "");
  CHECK(read.lines == std::vector<std::string>{"big=20000", "end=e"});
}

TEST_CASE("the newer intact meta page counts") {
  const std::string whole = BuildBolt(Sample());
  struct Row {
    std::string bytes;
    std::string fault;
  };
  std::string torn = whole;
  torn[20] = '\x09';  // the version, so that the checksum fails
  std::string both = torn;
  both[4096 + 24] = '\x09';
  std::string wiped = whole;
  wiped.replace(0, 4096, std::string(4096, '\0'));
  const Row rows[] = {{whole, ""},
                      {torn, ""},
                      {wiped, ""},
                      {both, "neither meta page is intact"},
                      {"not a database", "no meta page of bbolt"},
                      {"", "no meta page of bbolt"}};
  for (const Row& row : rows) {
    const Read read = ReadAll(row.bytes);
    CHECK(read.fault == row.fault);
    CHECK(read.lines == (row.fault.empty() ? kSampleLines : std::vector<std::string>()));
  }
}

TEST_CASE("what a hostile page says") {
  // Root: page 3, three elements: a (inline), b (page 3 is taken last), k.
  const std::string whole = BuildBolt(Sample(), {4096, 64, false});
  const MemorySource source(whole);
  const std::uint64_t root = FindBoltMeta(source).value().root;
  const std::size_t at = root * 4096;
  const std::size_t value_of_a = at + 16 + 3 * 16 + 1;  // its bucket header
  struct Row {
    const char* what;
    std::string bytes;
    std::string fault;
  };
  const std::string page = "page " + std::to_string(root) + ": ";
  const Row rows[] = {
      {"another id", Put64(whole, at, 99), page + "says that it is page 99"},
      {"a cycle", Put64(whole, value_of_a, root),
       "page " + std::to_string(root) + ": more pages than the file has"},
      {"beyond the file", Put64(whole, value_of_a, 1ULL << 60),
       "page 1152921504606846976: lies beyond the end of the file"},
      {"a meta page", Put64(whole, value_of_a, 1), "page 1: lies beyond the end of the file"},
      {"long overflow", Put32(whole, at + 12, 0xFFFFFFFF),
       page + "its overflow lies beyond the end of the file"},
      {"many elements", Put32(whole, at + 8, 0xFFFF0002), page + "more elements than fit into it"},
      {"odd flags", Put32(whole, at + 8, 0x00030007), page + "neither a branch nor a leaf"},
      {"position", Put32(whole, at + 16 + 4, 0xFFFFFFFF), page + "an element lies beyond its end"},
      {"key size", Put32(whole, at + 16 + 8, 0xFFFFFFFF), page + "an element lies beyond its end"},
      {"short bucket", Put32(whole, at + 16 + 12, 3), page + "a bucket is shorter than its header"},
      {"no inline page", Put64(whole, value_of_a, 0), page + "a bucket is shorter than its page"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.what);
    CHECK(ReadAll(row.bytes).fault == row.fault);
  }
}

TEST_CASE("what is beside a damaged page is read") {
  const std::string whole = BuildBolt(Sample(), {4096, 64, false});
  const Read read = ReadAll(Put64(whole, 3 * 4096, 99));  // the first page written: bucket a
  CHECK(read.fault == "page 3: says that it is page 99");
  CHECK(read.lines == std::vector<std::string>{"b/c/z=3", "k=v"});
}

TEST_CASE("a bucket within a bucket, without end, is cut off") {
  // Overlapping elements would multiply: the file's size bounds their number.
  BoltBucket root;
  BoltBucket* deep = &root;
  for (int i = 0; i < 20; ++i) deep = &deep->Bucket("d");
  deep->Put("x", "1");
  const Read read = ReadAll(BuildBolt(root, {1024, 64, false}));
  CHECK(read.fault.find("nested too deep") != std::string::npos);
  CHECK(read.lines.empty());
}

TEST_CASE("every prefix and every flipped byte ends") {
  const std::string whole = BuildBolt(Sample(), {1024, 2, true});
  for (std::size_t size = 0; size < whole.size(); size += 7) ReadAll(whole.substr(0, size));
  std::size_t changed = 0;
  for (std::size_t i = 0; i < whole.size(); ++i) {
    std::string flipped = whole;
    flipped[i] = static_cast<char>(flipped[i] ^ '\xFF');
    const Read read = ReadAll(flipped);
    CHECK(read.lines.size() <= 64);
    changed += read.lines != kSampleLines ? 1 : 0;
  }
  CHECK(changed > 20);
}

}  // namespace
}  // namespace weighbridge
