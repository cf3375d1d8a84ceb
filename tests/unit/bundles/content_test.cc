// Bundles with the embedded data: what is built, and what of their parts is refused.
#include <fstream>

#include <doctest/doctest.h>

#include "scanner/bundles/builder.h"
#include "scanner/identity/embedded_catalog.h"
#include "tests/support/bundle_builder.h"
#include "tests/support/scratch.h"

namespace weighbridge {
namespace {

TEST_CASE("build: the embedded data and the tables that it was made from give the same bytes") {
  const std::string root = WEIGHBRIDGE_SOURCE_DIR;
  const std::string embedded = BuildBundle({}).value();
  BuildRequest from_tables;
  from_tables.catalog_dir = root + "/rules/catalog";
  from_tables.packs_dir = root + "/rules/packs";
  CHECK((BuildBundle(from_tables).value() == embedded));
  const Bundle bundle = ParseBundle(embedded).value();
  CHECK((bundle.Part(kCatalogPart) == AsText(EmbeddedCatalog())));
  CHECK(bundle.manifest.valid_days == kValidDays);
  CHECK(ContentFaults(bundle).empty());
}

TEST_CASE("build: what is asked for, and what cannot be") {
  const Scratch scratch;
  scratch.Write("lists.db", std::string("SQLite format 3\0rest", 20));
  scratch.Write("text.db", "no database");
  scratch.Write("packs/Bad.json", "{}");
  scratch.Write("broken/eu.json", "{]");
  BuildRequest request;
  request.version = "2027.1.2";
  request.expires = "2027-01-31";
  request.previous_version = "2026.11.24";
  request.parties_file = scratch / "lists.db";
  const std::string bytes = BuildBundle(request).value();
  const Bundle bundle = ParseBundle(bytes).value();
  CHECK(bundle.manifest.version == "2027.1.2");
  CHECK(bundle.manifest.expires == "2027-01-31");
  CHECK(bundle.manifest.previous_version == "2026.11.24");
  CHECK(bundle.Part(kPartiesPart) == std::string_view("SQLite format 3\0rest", 20));

  const auto refused = [](auto change) {
    BuildRequest other;
    change(other);
    const auto built = BuildBundle(other);
    REQUIRE_FALSE(built.ok());
    return built.error().message;
  };
  CHECK(refused([&](auto& r) { r.parties_file = scratch / "text.db"; }) ==
        "parties.sqlite: not an SQLite database");
  CHECK(refused([&](auto& r) { r.version = "1.x"; }) ==
        "manifest: version is not numbers and dots");
  CHECK(refused([&](auto& r) {
          r.expires = "2020-01-01";
        }).starts_with("--expires \"2020-01-01\" is not a day after 20"));
  CHECK(refused([&](auto& r) { r.packs_dir = scratch / "packs"; }) ==
        scratch / "packs" +
            ": \"Bad.json\" cannot name a pack: a-z, 0-9 and -, 64 at most, then "
            ".json");
  CHECK(refused([&](auto& r) { r.packs_dir = scratch / "nowhere"; }) == "manifest: no pack");
  CHECK(refused([&](auto& r) { r.packs_dir = scratch / "broken"; }).starts_with("packs/eu.json:"));
}

TEST_CASE("content: faults of every part are listed") {
  std::string bytes = BuildBundle({}).value();
  CHECK(ContentFaults(ParseBundle(bytes).value()).empty());
  bytes = WithPart(bytes, "packs/eu.json", "{\"pack\": 3}");
  bytes = WithPart(bytes, "services.tsv", "service\n");
  std::string image(ParseBundle(bytes).value().Part(kCatalogPart));
  for (std::size_t i = 4096; i < 200'000; i += 7) image[i] = 'x';
  bytes = WithPart(bytes, "catalog.sqlite", image);
  const Bundle bundle = ParseBundle(bytes).value();
  const auto faults = ContentFaults(bundle);
  REQUIRE(faults.size() >= 3);
  const auto has = [&](const char* start) {
    for (const auto& fault : faults) {
      if (fault.starts_with(start)) return true;
    }
    return false;
  };
  CHECK(has("catalog.sqlite: "));
  CHECK(has("packs/eu.json:"));
  CHECK(has("services.tsv:1: "));
}

}  // namespace
}  // namespace weighbridge
