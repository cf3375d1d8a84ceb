#include "scanner/base/json.h"

#include <string>

#include <doctest/doctest.h>

namespace weighbridge {
namespace {

TEST_CASE("refused documents say where and why") {
  struct Row {
    std::string text;
    std::string message;
  };
  Limits limits;
  limits.max_json_depth = 3;
  limits.max_json_values = 10;
  limits.max_json_bytes = 100;
  const Row rows[] = {
      {"{\"a\": }", "1:7: not valid JSON"},
      {"{\n \"a\": 1,\n x}", "3:2: not valid JSON"},
      {"[[[[1]]]]", "JSON nested deeper than 3"},
      {"[1,2,3,4,5,6,7,8,9,10,11]", "more than 10 JSON values"},
      {"{\"a\":1,\"a\":2}", "duplicate key \"a\""},
      {std::string(101, ' '), "JSON of 101 bytes, limit 100"},
      {"", "1:1: not valid JSON"},
      {"{} x", "1:4: not valid JSON"},
      {std::string("{}\0x", 4), "1:3: a NUL byte"},
      {std::string("{}\n\0", 4), "2:1: a NUL byte"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    auto parsed =
        ParseJson(row.text, limits, {.refuse_duplicate_keys = true, .allow_comments = false});
    REQUIRE_FALSE(parsed.ok());
    CHECK(parsed.error().message == row.message);
  }
}

TEST_CASE("comments only where allowed") {
  const std::string text = "// hi\n{\"a\": 1}";
  CHECK_FALSE(ParseJson(text, {}).ok());
  CHECK(ParseJson(text, {}, {.refuse_duplicate_keys = false, .allow_comments = true}).ok());
}

}  // namespace
}  // namespace weighbridge
