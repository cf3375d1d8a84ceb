#include "scanner/base/text.h"

#include <doctest/doctest.h>

namespace weighbridge {
namespace {

TEST_CASE("Printable leaves nothing that can deceive a terminal") {
  struct Row {
    std::string raw;
    std::string shown;
  };
  const Row rows[] = {
      {"plain text", "plain text"},
      {"a\nb\tc\rd", "a\\nb\\tc\\rd"},
      {"\x1b[31mred", "\\x1b[31mred"},
      {std::string("nul\0x", 5), "nul\\x00x"},
      {"\xE6\xB7\xB1\xE5\xBA\xA6", "\xE6\xB7\xB1\xE5\xBA\xA6"},
      {"gpj.\xE2\x80\xAEtxt", "gpj.\\u202etxt"},
      {"zero\xE2\x80\x8Bwidth", "zero\\u200bwidth"},
      {"bad\xFFutf8", "bad\\xffutf8"},
      {"cut\xE6\xB7", "cut\\xe6\\xb7"},
      {"over\xC0\xAFlong", "over\\xc0\\xaflong"},
      {"surrogate\xED\xA0\x80", "surrogate\\xed\\xa0\\x80"},
  };
  for (const Row& row : rows) CHECK(Printable(row.raw) == row.shown);
}

TEST_CASE("Escaped gives different bytes different texts") {
  CHECK(Escaped("a\nb") == "a\\nb");
  CHECK(Escaped("a\\nb") == "a\\\\nb");
  CHECK(Escaped("\\") == "\\\\");
  CHECK(Escaped("\\\\\xFF") == "\\\\\\\\\\xff");
  CHECK(Escaped("plain \xE6\xB7\xB1") == "plain \xE6\xB7\xB1");
  CHECK(Escaped("").empty());
  CHECK(Quote("a\\b") == "\"a\\\\b\"");
}

TEST_CASE("Quote cuts at a character") {
  CHECK(Quote("abc") == "\"abc\"");
  CHECK(Quote("abcdef", 3) == "\"abc...\"");
  CHECK(Quote("ab\xE6\xB7\xB1z", 4) == "\"ab...\"");
}

TEST_CASE("dates") {
  CHECK(IsIsoDate("2024-02-29"));
  CHECK_FALSE(IsIsoDate("2023-02-29"));
  CHECK_FALSE(IsIsoDate("2023-13-01"));
  CHECK_FALSE(IsIsoDate("2023-1-01"));
  CHECK_FALSE(IsIsoDate("2023-01-01 "));
  CHECK(DaysBetween("2026-08-26", "2026-11-24") == 90);
  CHECK(DaysBetween("2024-02-28", "2024-03-01") == 2);
  CHECK(DaysBetween("2026-01-02", "2026-01-01") == -1);
}

TEST_CASE("ParseUint takes whole decimal numbers only") {
  CHECK(ParseUint("18446744073709551615") == 18446744073709551615ULL);
  CHECK_FALSE(ParseUint("18446744073709551616"));
  CHECK_FALSE(ParseUint("-1"));
  CHECK_FALSE(ParseUint("1 "));
  CHECK_FALSE(ParseUint(""));
}

TEST_CASE("Nearest suggests within three edits") {
  CHECK(Nearest("paramter_count", {"publisher", "parameter_count"}) == "parameter_count");
  CHECK(Nearest("zzzzzz", {"publisher", "parameter_count"}).empty());
}

}  // namespace
}  // namespace weighbridge
