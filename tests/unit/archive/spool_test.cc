#include "scanner/archive/spool.h"

#include <doctest/doctest.h>

namespace weighbridge {
namespace {

constexpr std::size_t kSize = 3 * SpooledSource::kInMemory + 777;

std::vector<std::uint8_t> Pattern() {
  std::vector<std::uint8_t> bytes(kSize);
  for (std::size_t i = 0; i < kSize; ++i) bytes[i] = static_cast<std::uint8_t>(i * 31 % 251);
  return bytes;
}

struct Spooled {
  explicit Spooled(Limits given = {}, std::uint64_t stated = kSize)
      : limits(given), source(stream, stated, budget) {}
  Limits limits;
  MemorySource bytes{Pattern()};
  SourceStream stream{bytes};
  ArchiveBudget budget{limits, kSize, {}};
  SpooledSource source;
};

std::string Read(const SpooledSource& source, std::uint64_t offset, std::size_t count) {
  auto bytes = ReadExactly(source, offset, count);
  if (!bytes.ok()) return "error: " + bytes.error().message;
  return std::string(AsText(bytes.value()));
}

std::string Expected(std::uint64_t offset, std::size_t count) {
  const std::vector<std::uint8_t> all = Pattern();
  return std::string(AsText(ByteSpan(all).subspan(offset, count)));
}

TEST_CASE("any order of reads gives the stream's bytes") {
  Spooled spooled;
  const std::size_t memory = SpooledSource::kInMemory;
  for (const auto& [offset, count] : std::vector<std::pair<std::uint64_t, std::size_t>>{
           {0, 100}, {kSize - 50, 50}, {5, 7}, {memory - 10, 20}, {memory, 1}, {2 * memory, 99}}) {
    CAPTURE(offset);
    CHECK(Read(spooled.source, offset, count) == Expected(offset, count));
  }
}

TEST_CASE("a header costs a header") {
  Spooled spooled;
  CHECK(Read(spooled.source, 0, 1000) == Expected(0, 1000));
  CHECK(spooled.source.pulled() == 1000);
}

TEST_CASE("after StopKeeping reads go forward, and what was kept stays") {
  Spooled spooled;
  CHECK(Read(spooled.source, 0, 1000) == Expected(0, 1000));
  spooled.source.StopKeeping();
  CHECK(Read(spooled.source, 1000, 500) == Expected(1000, 500));
  CHECK(Read(spooled.source, 10, 20) == Expected(10, 20));
  CHECK(Read(spooled.source, 1200, 20) == "error: stream cannot be read out of order");
  CHECK(spooled.source.Drain().ok());
  CHECK(spooled.source.pulled() == kSize);
}

TEST_CASE("scratch space is budgeted and given back") {
  Limits limits;
  limits.max_scratch_bytes = 1000;
  {
    Spooled spooled(limits);
    CHECK(Read(spooled.source, kSize - 1, 1) ==
          "error: needs more than the 1000 bytes allowed for temporary files");
    CHECK_FALSE(spooled.budget.spent());
  }
  Spooled spooled(limits);
  CHECK(Read(spooled.source, 0, SpooledSource::kInMemory) == Expected(0, SpooledSource::kInMemory));
}

TEST_CASE("a stream that ends early is short, one of unknown size is measured") {
  Spooled longer({}, 2 * kSize);
  CHECK(Read(longer.source, kSize - 10, 20).starts_with("error: "));
  Spooled unknown({}, 1ULL << 40);
  CHECK_FALSE(unknown.source.EndsWithin(1000));
  CHECK(unknown.source.EndsWithin(2 * kSize));
  CHECK(unknown.source.size() == kSize);
  CHECK(Read(unknown.source, kSize - 10, 10) == Expected(kSize - 10, 10));
}

}  // namespace
}  // namespace weighbridge
