#include "scanner/bundles/manifest.h"

#include <doctest/doctest.h>

#include "scanner/base/text.h"
#include "tests/support/bundle_builder.h"

namespace weighbridge {
namespace {

std::string Text() { return std::string(ParseBundle(TinyBundle()).value().manifest_text); }

std::string Replaced(const std::string& from, const std::string& to) {
  std::string text = Text();
  REQUIRE(text.find(from) != std::string::npos);
  return text.replace(text.find(from), from.size(), to);
}

TEST_CASE("manifest: faults") {
  struct Row {
    std::string text, message;
  };
  const std::string form = "manifest: not in the form that is written here";
  const std::string digest(64, 'z');
  const std::vector<Row> rows{
      {"[]", "manifest: not that of a weighbridge database bundle"},
      {"{\"format\": 3}", "manifest: not that of a weighbridge database bundle"},
      {Replaced("format_version\": 1", "format_version\": 2"),
       "manifest: format version 2, this program reads 1"},
      {Replaced("format_version\": 1", "format_version\": -1"),
       "manifest: format version 0, this program reads 1"},
      {Replaced("\"2026.11.24\"", "\"2026.x\""), "manifest: version is not numbers and dots"},
      {Replaced("\"2026.10.1\"", "\"1..2\""), "manifest: previous_version is not numbers and dots"},
      {Replaced("\"2026-11-24\"", "\"2026-02-30\""), "manifest: date is not YYYY-MM-DD"},
      {Replaced("valid_days\": 180", "valid_days\": 0"),
       "manifest: valid_days is not from 1 to 3660"},
      {Replaced("valid_days\": 180", "valid_days\": 18446744073709551615"),
       "manifest: valid_days is not from 1 to 3660"},
      {Replaced("\"2027-05-23\"", "\"2037-05-23\""),
       "manifest: expires is not date and valid_days together"},
      {Replaced("packs/eu.json", "packs/../eu.json"),
       "manifest: no bundle has a part \"packs/../eu.json\""},
      {Replaced("packs/eu.json", "/etc/passwd"), "manifest: no bundle has a part \"/etc/passwd\""},
      {Replaced("packs/eu.json", "packs/a.json"),
       "manifest: part \"packs/a.json\" is not in its place"},
      {Replaced("services.tsv", "parties.sqlite"), "manifest: no services.tsv"},
      {Replaced("\"format\"", "\"extra\": 1,\n  \"format\""), form},
      {Replaced("  \"version\"", " \"version\""), form},
      {Text() + "\n", form},
      {"{\"format\": 1, \"format\": 1}", "manifest: duplicate key \"format\""},
      {std::string(70000, ' '), "manifest: larger than 65536 bytes"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text.substr(0, 300));
    const auto read = ParseManifest(row.text);
    REQUIRE_FALSE(read.ok());
    CHECK(read.error().message == row.message);
  }
  CHECK(ParseManifest(Replaced("format_version\": 1", "format_version\": 2")).error().code ==
        ErrorCode::kUnsupported);
}

TEST_CASE("manifest: versions are compared by their numbers") {
  struct Row {
    const char *a, *b;
    int order;
  };
  for (const Row& row :
       {Row{"2026.9.1", "2026.11.24", -1}, Row{"2026.11.24", "2026.11.24", 0},
        Row{"2026.11.24.1", "2026.11.24", 1}, Row{"1", "1.0.0", 0}, Row{"2027", "2026.12.31", 1}}) {
    CHECK(CompareVersions(row.a, row.b) == row.order);
    CHECK(CompareVersions(row.b, row.a) == -row.order);
  }
  for (const char* text : {"", ".", "1.", ".1", "1..2", "1.a", "-1", "1234567890", " 1",
                           "1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1"})
    CHECK_FALSE(IsDatabaseVersion(text));
}

TEST_CASE("manifest: days after a date, against the count of days between") {
  CHECK(DaysAfter("2024-02-28", 1) == "2024-02-29");
  CHECK(DaysAfter("2026-12-31", 1) == "2027-01-01");
  CHECK(DaysAfter("9999-12-31", 1) == "");
  CHECK(DaysAfter("2026-02-30", 1) == "");
  const std::string from = "1999-12-31";
  std::string before = from;
  for (std::uint64_t days = 1; days < 40'000; ++days) {
    const std::string day = DaysAfter(from, days);
    if (!IsIsoDate(day) || day <= before ||
        DaysBetween(from, day) != static_cast<std::int64_t>(days)) {
      FAIL(day);
    }
    before = day;
  }
}

}  // namespace
}  // namespace weighbridge
