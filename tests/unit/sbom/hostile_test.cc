// Whatever text stands in a report, documents parse and terminals stay unharmed.
#include <random>

#include <doctest/doctest.h>

#include "sbom/document.h"
#include "sbom/text_layout.h"
#include "scanner/base/text.h"
#include "tests/support/report_builder.h"

namespace weighbridge {
namespace {

std::vector<std::string> HostileTexts() {
  std::vector<std::string> texts = {"",
                                    std::string(1, '\0'),
                                    "\x1b]0;title\x07",
                                    "\r\n\r\nSet-Cookie: a",
                                    "\xff\xfe\xc0\x80\xed\xa0\x80",
                                    "\xe2\x80\xae evil \xe2\x80\x8b",
                                    "\"},{\"type\":\"file\"",
                                    "</script><!--",
                                    " leading and trailing ",
                                    testing::Repeat("x", 500),
                                    testing::Repeat("\xe6\x97\xa5\xe6\x9c\xac", 60),
                                    testing::Repeat("\xcc\x81", 200)};
  std::mt19937 random(20261124);
  for (int i = 0; i < 60; ++i) {
    std::string text;
    const std::size_t length = random() % 40;
    for (std::size_t k = 0; k < length; ++k) text += static_cast<char>(random() & 0xFF);
    texts.push_back(text);
  }
  return texts;
}

// Every string and key of the document is what Printable() makes of itself.
bool IsClean(const OrderedJson& value) {
  if (value.is_string()) return Printable(value.get<std::string>()) == value.get<std::string>();
  if (!value.is_structured()) return true;
  for (const auto& item : value.items()) {
    if (value.is_object() && Printable(item.key()) != item.key()) return false;
    if (!IsClean(item.value())) return false;
  }
  return true;
}

void CheckTable(const std::string& table, std::size_t width) {
  std::size_t start = 0;
  while (start < table.size()) {
    const std::size_t end = table.find('\n', start);
    REQUIRE(end != std::string::npos);
    const std::string line = table.substr(start, end - start);
    CAPTURE(line);
    CHECK(Printable(line) == line);
    CHECK(DisplayWidth(line) <= width);
    CHECK((line.empty() || line.back() != ' '));
    start = end + 1;
  }
}

TEST_CASE("hostile text in every field gives valid JSON and a clean table") {
  for (const std::string& text : HostileTexts()) {
    CAPTURE(Quote(text));
    const Report report = testing::ReportOf(text);
    for (const Writer& writer : Writers()) {
      CAPTURE(writer.id);
      const std::string document = writer.write(report, {});
      if (std::string(writer.id) == "table") {
        CheckTable(document, 80);
        continue;
      }
      const OrderedJson parsed = OrderedJson::parse(document, nullptr, false);
      REQUIRE_FALSE(parsed.is_discarded());
      CHECK(IsClean(parsed));
      CHECK(DumpDocument(parsed) == document);
    }
  }
}

TEST_CASE("the table keeps to its width, and colours only when asked") {
  for (const int width : {40, 60, 80, 120}) {
    WriterOptions options;
    options.width = width;
    CheckTable(FindWriter("table")->write(testing::FullReport(), options),
               static_cast<std::size_t>(width));
  }
  WriterOptions coloured;
  coloured.colour = true;
  const std::string table = FindWriter("table")->write(testing::FullReport(), coloured);
  CHECK(table.find("\x1b[1;31mprohibited\x1b[0m US-TX-PROHIBIT") != std::string::npos);
}

TEST_CASE("an index out of range is left out, not followed") {
  Report report = testing::FullReport();
  report.models[0].weights = {999};
  report.models[1].side_cars = {1000};
  for (const Writer& writer : Writers()) CHECK_FALSE(writer.write(report, {}).empty());
}

TEST_CASE("text wraps by columns") {
  struct Row {
    const char* text;
    std::size_t width;
    std::vector<std::string> lines;
  };
  const Row rows[] = {
      {"", 10, {}},
      {"   ", 10, {}},
      {"one two three", 7, {"one two", "three"}},
      {"a  b", 10, {"a b"}},
      {"aa/bbbb/cccc", 8, {"aa/bbbb/", "cccc"}},
      {"abcdefghij", 4, {"abcd", "efgh", "ij"}},
      {"\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e", 4, {"\xe6\x97\xa5\xe6\x9c\xac", "\xe8\xaa\x9e"}},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    CHECK(WrapText(row.text, row.width) == row.lines);
  }
}

}  // namespace
}  // namespace weighbridge
