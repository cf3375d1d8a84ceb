// What is used at start: the installed bundle, or the embedded database and why.
#include "scanner/bundles/database.h"

#include <filesystem>

#include <doctest/doctest.h>

#include "scanner/bundles/builder.h"
#include "scanner/bundles/data_folder.h"
#include "scanner/identity/embedded_catalog.h"
#include "tests/support/bundle_builder.h"
#include "tests/support/scratch.h"

namespace weighbridge {
namespace {

constexpr const char* kToday = "2026-12-01";

// A later version with one pack alone.
const std::string& OnePack() {
  static const std::string bytes = [] {
    BuildRequest request;
    request.version = "2099.1.1";
    const std::string whole = BuildBundle(request).value();
    const Bundle bundle = ParseBundle(whole).value();
    std::vector<TarMember> parts;
    for (const TarMember& part : bundle.parts) {
      if (!IsPackPart(part.name) || part.name == "packs/china.json") parts.push_back(part);
    }
    return WriteBundle(bundle.manifest, parts).value();
  }();
  return bytes;
}

void Install(const std::string& folder, const std::string& bytes, bool force = false) {
  InstallRequest request;
  request.folder = folder;
  request.today = kToday;
  request.force = force;
  request.embedded_version = "1";
  request.embedded_date = "2000-01-01";
  REQUIRE(InstallBundle(request, ParseBundle(bytes).value(), bytes).ok());
}

Database Find(const std::string& folder, const char* today = kToday, const char* name = "") {
  auto found = FindDatabase({name, folder, today});
  REQUIRE(found.ok());
  return std::move(found).value();
}

TEST_CASE("database: nothing installed is the embedded one, without a word") {
  const Scratch scratch;
  const Database database = Find(scratch.path());
  CHECK(database.origin == DatabaseOrigin::kEmbedded);
  CHECK(database.notes.empty());
  CHECK(OpenCatalog(database).value()->Info().digest == EmbeddedCatalogDigest());
  CHECK(LoadPacks(database).value()->List().size() == RuleSet::Builtin().value()->List().size());
}

TEST_CASE("database: an installed bundle is used as one set, and cited") {
  const Scratch scratch;
  Install(scratch.path(), OnePack());
  const Database database = Find(scratch.path());
  CHECK(database.origin == DatabaseOrigin::kInstalled);
  CHECK(database.packs.size() == 1);
  const auto rules = LoadPacks(database).value()->List();
  REQUIRE_FALSE(rules.empty());
  for (const RuleInfo& rule : rules) CHECK(rule.pack == "china");
  const auto catalog = OpenCatalog(database).value();
  CHECK(catalog->Info().version == "2099.1.1");
  CHECK(catalog->Info().digest == ParseBundle(OnePack()).value().Digest());
  CHECK(catalog->AllModels().size() == Catalog::Open("").value()->AllModels().size());
  CHECK(database.services == ParseBundle(OnePack()).value().Part(kServicesPart));
  // The embedded one stays within reach.
  CHECK(Find(scratch.path(), kToday, "embedded").origin == DatabaseOrigin::kEmbedded);
}

TEST_CASE("database: the catalogue outlives what it was found with") {
  const Scratch scratch;
  Install(scratch.path(), OnePack());
  std::unique_ptr<Catalog> catalog = OpenCatalog(Find(scratch.path())).value();
  CHECK(catalog->PublisherByNamespace("deepseek-ai").has_value());
}

TEST_CASE("database: past its day it is used, and that is said") {
  const Scratch scratch;
  Install(scratch.path(), OnePack());
  const std::string expires = ParseBundle(OnePack()).value().manifest.expires;
  CHECK(Find(scratch.path(), expires.c_str()).notes.empty());
  const Database database = Find(scratch.path(), "2098-01-01");
  CHECK(database.origin == DatabaseOrigin::kInstalled);
  CHECK(database.notes ==
        std::vector<std::string>{"database 2099.1.1 expired on " + expires +
                                 "; it is used, and may no longer say what the law is"});
  CHECK(OpenCatalog(database).value()->Info().stale);
}

TEST_CASE("database: a damaged one is not used, and the embedded one takes its place") {
  const Scratch scratch;
  Install(scratch.path(), OnePack());
  const std::string name = Sha256OfBytes(OnePack()) + ".wbdb";
  const std::string start = "the database in " + scratch.path() + " is not used: ";
  const auto note = [&] {
    const Database database = Find(scratch.path());
    CHECK(database.origin == DatabaseOrigin::kEmbedded);
    REQUIRE(database.notes.size() == 1);
    CHECK(OpenCatalog(database).ok());
    return database.notes[0];
  };
  std::string other = OnePack();
  other[other.find("\"2099.1.1\"") + 1] = '3';
  scratch.Write(name, other);
  CHECK(note() == start + "manifest: not the one that was installed (SHA-256)");
  other = OnePack();
  const auto at =
      static_cast<std::size_t>(ParseBundle(other).value().parts[0].bytes.data() - other.data());
  other[at + 5000] ^= 1;
  scratch.Write(name, other);
  CHECK(note() ==
        start + "catalog.sqlite: the bytes are not those that the manifest states (SHA-256)");
  scratch.Write(name, "short");
  CHECK(note() == start + "bundle, at byte 0: the archive does not end with two blocks of zeros");
  std::filesystem::remove(scratch / name);
  CHECK(note() == start + scratch / name + ": No such file or directory");
  scratch.Write(name, OnePack());
  CHECK(Find(scratch.path()).origin == DatabaseOrigin::kInstalled);
  scratch.Write("installed.json", "{");
  CHECK(note().starts_with(start + scratch / "installed.json" + ": damaged: "));
}

TEST_CASE("database: one that this program cannot use, or that is older than its own") {
  const Scratch scratch;
  Install(scratch.path(), WithPart(OnePack(), "packs/china.json", "{\"pack\": \"china\"}"));
  Database database = Find(scratch.path());
  CHECK(database.origin == DatabaseOrigin::kEmbedded);
  REQUIRE_FALSE(database.notes.empty());
  CHECK(database.notes[0].starts_with("the database in " + scratch.path() +
                                      " is not used: packs/china.json"));
  const Scratch older;
  BuildRequest request;
  request.version = "2001.1.1";
  const std::string bytes = BuildBundle(request).value();
  Install(older.path(), bytes);
  database = Find(older.path());
  CHECK(database.origin == DatabaseOrigin::kEmbedded);
  REQUIRE(database.notes.size() == 1);
  CHECK(database.notes[0].find("2001.1.1 of ") != std::string::npos);
  CHECK(database.notes[0].ends_with(", which the program carries"));
}

TEST_CASE("database: a bundle may be named, signed or not") {
  const Scratch scratch;
  scratch.Write("one.wbdb", OnePack());
  const Database database = Find("", kToday, (scratch / "one.wbdb").c_str());
  CHECK(database.origin == DatabaseOrigin::kBundleFile);
  CHECK(database.packs.size() == 1);
  std::string other = OnePack();
  other[other.size() - 2000] ^= 1;
  scratch.Write("two.wbdb", other);
  const auto refused = FindDatabase({scratch / "two.wbdb", "", kToday});
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().message == scratch / "two.wbdb" +
                                       ": services.tsv: the bytes are not those that the manifest "
                                       "states (SHA-256)");
}

}  // namespace
}  // namespace weighbridge
