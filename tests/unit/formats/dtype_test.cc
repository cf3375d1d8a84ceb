#include "scanner/formats/dtype.h"

#include <doctest/doctest.h>

namespace weighbridge {
namespace {

TEST_CASE("bytes of a tensor by type") {
  struct Row {
    const char* dtype;
    std::uint64_t elements;
    bool ok;
    std::uint64_t bytes;
  };
  const std::vector<Row> rows{
      {"F32", 3, true, 12},      {"BF16", 3, true, 6},     {"BOOL", 5, true, 5},
      {"F4", 4, true, 2},        {"F4", 3, false, 0},      {"F6_E3M2", 4, true, 3},
      {"F6_E3M2", 2, false, 0},  {"C64", 2, true, 16},     {"Q4_0", 64, true, 36},
      {"Q4_0", 33, false, 0},    {"Q4_K", 256, true, 144}, {"Q6_K", 512, true, 420},
      {"MXFP4", 32, true, 17},   {"NVFP4", 64, true, 36},  {"Q8_1", 32, false, 0},
      {"nonsense", 1, false, 0}, {"", 0, false, 0},        {"F64", 1ULL << 61, false, 0},
      {"Q2_K", 0, true, 0},
  };
  for (const Row& row : rows) {
    CAPTURE(row.dtype);
    std::uint64_t bytes = 0;
    CHECK(DtypeBytes(row.dtype, row.elements, &bytes) == row.ok);
    if (row.ok) CHECK(bytes == row.bytes);
  }
}

TEST_CASE("elements of a shape") {
  std::uint64_t count = 7;
  CHECK(CountElements({}, &count));
  CHECK(count == 1);
  CHECK(CountElements({2, 3, 4}, &count));
  CHECK(count == 24);
  CHECK_FALSE(CountElements({1ULL << 32, 1ULL << 32}, &count));
  CHECK(CountElements({1ULL << 63, 0, 1ULL << 63}, &count));
  CHECK(count == 0);
}

TEST_CASE("spellings of other libraries become one word") {
  const std::vector<std::pair<std::string, std::string>> rows{
      {"torch.bfloat16", "BF16"},
      {"float32", "F32"},
      {"<f4", "F32"},
      {">f8", "F64"},
      {"|b1", "BOOL"},
      {"|u1", "U8"},
      {"<i8", "I64"},
      {"HalfStorage", "F16"},
      {"|O", ""},
      {"", ""},
      {"torch.", ""},
      {"<U3", ""},
      {"float8_e4m3fn", "F8_E4M3"},
  };
  for (const auto& [theirs, ours] : rows) {
    CAPTURE(theirs);
    CHECK(CanonicalDtype(theirs) == ours);
  }
}

TEST_CASE("ggml ids and names find each other; removed ids are unknown") {
  for (std::uint32_t id = 0; id < 64; ++id) {
    const GgmlType* type = FindGgmlType(id);
    const bool removed = id == 4 || id == 5 || (id >= 31 && id <= 33) || (id >= 36 && id <= 38);
    CAPTURE(id);
    CHECK((type == nullptr) == (removed || id > 41));
    if (type != nullptr) CHECK(FindGgmlType(std::string_view(type->name)) == type);
  }
}

}  // namespace
}  // namespace weighbridge
