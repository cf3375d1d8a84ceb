#include "scanner/pipeline/hash.h"

#include <string>

#include <doctest/doctest.h>
#include <fcntl.h>

#include "scanner/source/file.h"
#include "tests/support/scratch.h"

namespace weighbridge {
namespace {

FileDigests Digest(const std::string& bytes, HashRequest request) {
  const Scratch scratch;
  scratch.Write("f", bytes);
  auto file = File::OpenAt(AT_FDCWD, scratch / "f");
  REQUIRE(file.ok());
  auto digests = HashBytes(*file.value(), std::move(request), {}, nullptr);
  REQUIRE(digests.ok());
  return digests.value();
}

TEST_CASE("published digests") {
  // FIPS 180-4 example and git's well-known blob ids.
  CHECK(Digest("abc", {}).sha256 ==
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(Digest("", {{}, true}).git_sha1 == "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391");
  CHECK(Digest("hello\n", {{}, true}).git_sha1 == "ce013625030ba8dba906f756967f9e9ca394464a");
}

TEST_CASE("tensor digests depend on content only") {
  std::string bytes(3'000'000, '\0');
  for (std::size_t i = 0; i < bytes.size(); ++i)
    bytes[i] = static_cast<char>(i * 2654435761u >> 13);
  const std::string part = bytes.substr(1'000'000, 700'000);
  const auto whole = Digest(bytes, {{{1'000'000, 700'000}}, false});
  const auto alone = Digest(part, {{{0, 700'000}}, false});
  REQUIRE(whole.tensors.size() == 1);
  CHECK(whole.tensors == alone.tensors);
  CHECK(whole.tensors[0].bytes == 700'000);
}

TEST_CASE("equal, empty, overlapping and impossible ranges") {
  const std::string bytes = "0123456789";
  CHECK(Digest(bytes, {{{2, 3}, {2, 3}}, false}).tensors.size() == 1);
  CHECK(Digest(bytes, {{{2, 3}, {3, 3}}, false}).tensors.size() == 2);
  CHECK(Digest(bytes, {{{2, 0}, {11, 1}, {9, 2}, {0, ~0ULL}}, false}).tensors.empty());
  CHECK(Digest(bytes, {{{2, 0}, {11, 1}, {9, 2}, {0, ~0ULL}}, false}).tensors_skipped == 3);
  CHECK(Digest("abab", {{{0, 2}, {2, 2}}, false}).tensors.size() == 1);
}

TEST_CASE("overlap beyond reason is skipped and counted") {
  std::vector<TensorRange> ranges;
  for (std::uint64_t i = 0; i < 1000; ++i) ranges.push_back({0, 10'000 - i});
  const FileDigests digests = Digest(std::string(10'000, 'x'), {ranges, false});
  CHECK(digests.tensors.size() + digests.tensors_skipped == 1000);
  CHECK(digests.tensors_skipped > 900);
}

}  // namespace
}  // namespace weighbridge
