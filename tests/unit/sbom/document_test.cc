#include "sbom/document.h"

#include <doctest/doctest.h>

#include "sbom/purl.h"
#include "sbom/spdx_ids.h"
#include "tests/support/report_builder.h"

namespace weighbridge {
namespace {

TEST_CASE("SPDX ids are found without case, and only those of the list") {
  struct Row {
    const char* text;
    const char* id;
  };
  const Row rows[] = {
      {"apache-2.0", "Apache-2.0"},     {"MIT", "MIT"}, {"0bsd", "0BSD"}, {"ZPL-2.1", "ZPL-2.1"},
      {"cc-by-nc-4.0", "CC-BY-NC-4.0"}, {"llama3", ""}, {"other", ""},    {"", ""},
      {"Apache-2.0 OR MIT", ""},        {"zzz", ""}};
  for (const Row& row : rows) {
    CAPTURE(row.text);
    CHECK(FindSpdxId(row.text) == row.id);
  }
}

TEST_CASE("byte counts are decimal") {
  struct Row {
    std::uint64_t bytes;
    const char* text;
  };
  const Row rows[] = {{0, "0 bytes"},
                      {999, "999 bytes"},
                      {1000, "1.0 kB"},
                      {999949, "999.9 kB"},
                      {999951, "1.0 MB"},
                      {15200000000u, "15.2 GB"},
                      {~std::uint64_t{0}, "18.4 EB"}};
  for (const Row& row : rows) CHECK(ByteCount(row.bytes) == row.text);
}

TEST_CASE("a model is named by its identity, else by its place") {
  struct Row {
    const char* name;
    Location location;
    const char* shown;
  };
  const Row rows[] = {{"Qwen", testing::At("x"), "Qwen"},
                      {"", testing::At("a/b/"), "b"},
                      {"", testing::At("."), "unnamed model"},
                      {"", testing::At(""), "unnamed model"},
                      {"", testing::At("/"), "/"},
                      {"", testing::At("a.tar", {"dir/m.gguf"}), "m.gguf"},
                      {"\x1b[1m", testing::At("a"), "\\x1b[1m"}};
  for (const Row& row : rows) {
    Model model;
    model.identity.name = row.name;
    model.location = row.location;
    CHECK(ModelName(model) == row.shown);
  }
}

TEST_CASE("the timestamp falls back to the date of the law") {
  Report report;
  CHECK(Timestamp(report) == "1970-01-01T00:00:00Z");
  report.as_of = "2026-11-24";
  CHECK(Timestamp(report) == "2026-11-24T00:00:00Z");
  report.timestamp = "2026-11-24T09:30:00Z";
  CHECK(Timestamp(report) == "2026-11-24T09:30:00Z");
}

TEST_CASE("digests and identifiers of content") {
  // FIPS 180-4 test vector "abc".
  CHECK(Sha256Hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(UuidUrn("abc") == "urn:uuid:ba7816bf-8f01-8fea-8141-40de5dae2223");
}

TEST_CASE("only addresses that are URIs as they stand become links") {
  CHECK(IsWebAddress("https://example.com/a?b=c#d"));
  CHECK_FALSE(IsWebAddress("https://example.com/a b"));
  CHECK_FALSE(IsWebAddress("javascript:alert(1)"));
  CHECK_FALSE(IsWebAddress("89 FR 1234"));
  CHECK_FALSE(IsWebAddress(""));
}

}  // namespace
}  // namespace weighbridge
