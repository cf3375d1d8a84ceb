// Lines and columns of pointers, in sound texts and in broken ones.
#include "rules/json_places.h"

#include <doctest/doctest.h>

#include "scanner/base/json.h"

namespace weighbridge {
namespace {

std::string At(std::string_view text, const std::string& pointer) {
  const Place place = PlacesOf(text, {pointer}).at(pointer);
  return std::to_string(place.line) + ":" + std::to_string(place.column);
}

constexpr std::string_view kText =
    "// a comment, with { and \"quotes\"\n"
    "{\n"
    "  \"pack\": \"p\", /* two\n lines */ \"title\": \"a \\\"b\\\" }\",\n"
    "  \"rules\": [\n"
    "    {\"id\": \"A\", \"condition\": {\"any\": [{\"x\": [1, -2.5e3]}, null]}},\n"
    "    {\"i\\u0064\": true}\n"
    "  ]\n"
    "}\n";

TEST_CASE("a pointer's place, or that of its nearest parent") {
  struct Row {
    const char* pointer;
    const char* place;
  };
  const Row rows[] = {{"", "2:1"},
                      {"/pack", "3:3"},
                      {"/title", "4:11"},
                      {"/rules", "5:3"},
                      {"/rules/0", "6:5"},
                      {"/rules/0/id", "6:6"},
                      {"/rules/0/condition/any/0/x/1", "6:49"},
                      {"/rules/0/condition/any/1", "6:59"},
                      {"/rules/1/id", "7:6"},
                      {"/rules/1/nowhere", "7:5"},
                      {"/rules/9/id", "5:3"},
                      {"/nothing", "2:1"}};
  for (const Row& row : rows) {
    CAPTURE(row.pointer);
    CHECK(At(kText, row.pointer) == row.place);
  }
}

TEST_CASE("errors get their places, unprintable pointers are escaped") {
  const auto lines =
      WithPlaces(kText, "p.json", {"/: wrong", "/rules/0/id: no: such", "/rules/1/a\x1b: x"});
  REQUIRE(lines.size() == 3);
  CHECK(lines[0] == "p.json:2:1: /: wrong");
  CHECK(lines[1] == "p.json:6:6: /rules/0/id: no: such");
  CHECK(lines[2] == "p.json:7:5: /rules/1/a\\x1b: x");
}

// Only sound texts are walked in the program; broken ones must still end, in bounds.
TEST_CASE("every prefix and every flipped byte ends within the text") {
  const auto check = [](const std::string& text) {
    for (const auto& [pointer, place] :
         PlacesOf(text, {"/rules/0/condition/any/0/x/1", "/title", ""})) {
      CHECK(place.line >= 1);
      CHECK(place.line <= 10);
      CHECK(place.column <= text.size() + 1);
    }
  };
  for (std::size_t length = 0; length <= kText.size(); ++length)
    check(std::string(kText.substr(0, length)));
  for (std::size_t at = 0; at < kText.size(); ++at) {
    for (const char c : {'"', '{', '}', '[', ']', ',', ':', '\\', '/', '\0'}) {
      std::string text(kText);
      text[at] = c;
      check(text);
    }
  }
}

}  // namespace
}  // namespace weighbridge
