#include "scanner/base/byte_reader.h"

#include <vector>

#include <doctest/doctest.h>

namespace weighbridge {
namespace {

TEST_CASE("reads both byte orders") {
  const std::vector<std::uint8_t> bytes{1, 2, 3, 4, 5, 6, 7, 8};
  ByteReader in(bytes);
  CHECK(in.ReadLe<std::uint16_t>("a") == 0x0201);
  CHECK(in.ReadBe<std::uint16_t>("b") == 0x0304);
  CHECK(in.ReadLe<std::uint32_t>("c") == 0x08070605);
  CHECK(in.ok());
}

TEST_CASE("the first failure stays") {
  const std::vector<std::uint8_t> bytes{1, 2, 3};
  ByteReader in(bytes, 0x10);
  in.ReadLe<std::uint16_t>("version");
  CHECK(in.ReadLe<std::uint32_t>("length") == 0);
  CHECK(in.ReadLe<std::uint8_t>("later") == 0);
  CHECK_FALSE(in.ok());
  CHECK(in.error().message == "at 0x12: length needs 4 bytes, 1 left");
  CHECK(in.error().code == ErrorCode::kTruncated);
}

TEST_CASE("a count is a claim") {
  const std::vector<std::uint8_t> bytes(16);
  ByteReader in(bytes);
  CHECK(in.CheckCount(2, 8, "tensor count") == 2);
  CHECK(in.CheckCount(0xFFFFFFFFFFFFFFFF, 8, "tensor count") == 0);
  CHECK(in.error().message ==
        "at 0x0: tensor count 18446744073709551615 does not fit in the 16 bytes left");
}

}  // namespace
}  // namespace weighbridge
