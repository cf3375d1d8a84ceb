#include "weighbridge/location.h"

#include <random>

#include <doctest/doctest.h>

namespace weighbridge {
namespace {

TEST_CASE("places read as they are met") {
  struct Row {
    Location location;
    const char* text;
  };
  const Row rows[] = {
      {{"a/b.gguf", {}}, "a/b.gguf"},
      {{"i.tar", {"layers/2", "m.gguf"}}, "i.tar!/layers/2!/m.gguf"},
      {{"i.tar", {"/absolute"}}, "i.tar!//absolute"},
      {{"i.tar", {""}}, "i.tar!/"},
      {{"a!", {"b"}}, "a!!/b"},
      {{"a!/b", {}}, "a!%2Fb"},
      {{"a!%2Fb", {}}, "a!%252Fb"},
      {{"100%", {"50%"}}, "100%!/50%"},
  };
  for (const Row& row : rows) {
    CHECK(row.location.ToString() == row.text);
    CHECK(Location::Parse(row.text) == row.location);
  }
}

TEST_CASE("every place is parsed back from its text") {
  std::mt19937 random(7);
  const std::string letters = "!/%2F5a.";
  const auto name = [&] {
    std::string text;
    for (auto left = random() % 7; left > 0; --left) text += letters[random() % letters.size()];
    return text;
  };
  for (int i = 0; i < 20'000; ++i) {
    Location location{name(), {}};
    for (auto left = random() % 4; left > 0; --left) location.members.push_back(name());
    CAPTURE(location.ToString());
    REQUIRE(Location::Parse(location.ToString()) == location);
  }
}

}  // namespace
}  // namespace weighbridge
