// The party database: equal bytes for equal lists, round trips, foreign files refused.
#include <doctest/doctest.h>
#include <sqlite3.h>

#include "rules/parties/import.h"
#include "rules/parties/party_store.h"
#include "rules/parties/party_store_writer.h"
#include "rules/parties/screen.h"
#include "tests/support/party_lists_builder.h"
#include "tests/support/scratch.h"

namespace weighbridge {
namespace {

std::vector<PartyList> Lists() {
  std::vector<PartyList> all;
  for (const auto& each : EveryList()) {
    auto lists = ImportPartyLists(each.files);
    REQUIRE(lists.ok());
    for (auto& list : lists.value()) all.push_back(std::move(list));
  }
  return all;
}

std::string Image() {
  auto image = BuildPartyImage(Lists());
  REQUIRE(image.ok());
  return image.value();
}

std::string OpenError(const Scratch& scratch, const std::string& bytes) {
  scratch.Write("p.db", bytes);
  auto store = PartyStore::OpenFile(scratch / "p.db");
  if (store.ok()) return "";
  std::string message = store.error().message;
  const std::string folder = scratch.path() + "/";
  if (message.starts_with(folder)) message.erase(0, folder.size());
  return message;
}

std::string Changed(const std::string& image, const char* sql) {
  const Scratch scratch;
  scratch.Write("c.db", image);
  sqlite3* db = nullptr;
  REQUIRE(sqlite3_open((scratch / "c.db").c_str(), &db) == SQLITE_OK);
  CHECK(sqlite3_exec(db, sql, nullptr, nullptr, nullptr) == SQLITE_OK);
  sqlite3_close(db);
  std::ifstream in(scratch / "c.db", std::ios::binary);
  return std::string((std::istreambuf_iterator<char>(in)), {});
}

TEST_CASE("equal lists give equal bytes, wherever they were read from") {
  CHECK(Image() == Image());
  auto lists = Lists();
  for (auto& list : lists) list.file = "/some/where/" + list.file;
  auto image = BuildPartyImage(lists);
  REQUIRE(image.ok());
  CHECK(image.value() == Image());
}

TEST_CASE("what was written is read back") {
  const Scratch scratch;
  scratch.Write("p.db", Image());
  auto store = PartyStore::OpenFile(scratch / "p.db");
  REQUIRE(store.ok());
  const auto lists = Lists();
  REQUIRE(store.value()->lists().size() == lists.size());
  std::int64_t row = 0;
  for (std::size_t i = 0; i < lists.size(); ++i) {
    const StoredList& stored = store.value()->lists()[i];
    CHECK(stored.kind == lists[i].kind);
    CHECK(stored.published == lists[i].published);
    CHECK(stored.sha256 == lists[i].sha256);
    CHECK(stored.names == lists[i].names);
    CHECK(stored.parties == lists[i].parties.size());
    for (const Party& party : lists[i].parties) {
      std::size_t list = 99;
      const Party read = store.value()->PartyAt(++row, &list);
      CHECK(list == i);
      CHECK(read.name == party.name);
      CHECK(read.type == party.type);
      CHECK(read.countries == party.countries);
      CHECK(read.places == party.places);
      CHECK(read.programmes == party.programmes);
      CHECK(read.ties == party.ties);
      CHECK(read.listed_on == party.listed_on);
      CHECK(read.ends_on == party.ends_on);
      CHECK(read.citation == party.citation);
      CHECK(read.source_url == party.source_url);
      ScreeningOptions options;
      options.max_candidates = 50;
      bool found = false;
      for (const auto& hit :
           Screen(*store.value(), {party.name.text, {}, "", PartyType::kUnknown}, options))
        found = found || (hit.status == ScreeningStatus::kExact && hit.party.id == read.id);
      CHECK(found);
    }
  }
}

TEST_CASE("long values are cut, and the row stays readable") {
  PartyList list;
  Party party;
  party.name.text = "Norrland " + std::string(100'000, 'x');
  party.citation = std::string(10'000, 'c') + "é";
  party.programmes.assign(5000, std::string(1000, 'p'));
  for (int i = 0; i < 500; ++i)
    party.ties.push_back({PartyTie::Kind::kOwner, std::string(3000, 'o'), std::nullopt});
  party.places.assign(2000, {std::string(9000, 'a'), "CN"});
  list.parties.push_back(party);
  auto store = PartyStore::FromLists({list});
  REQUIRE(store.ok());
  std::size_t place = 99;
  const Party read = store.value()->PartyAt(1, &place);
  CHECK(place == 0);
  CHECK(read.name.text == party.name.text.substr(0, 8192));
  CHECK(read.citation == std::string(8192, 'c'));
  CHECK(read.programmes.size() == 130);
  CHECK(!Screen(*store.value(), {party.name.text, {}, "", PartyType::kUnknown}).empty());
}

TEST_CASE("foreign and changed files are refused") {
  const Scratch scratch;
  const std::string image = Image();
  CHECK(OpenError(scratch, image) == "");
  CHECK(OpenError(scratch, "") ==
        "p.db: not a weighbridge party database: its application id is another");
  CHECK(OpenError(scratch, "not a database, whatever its name says, and long enough for it") ==
        "p.db: not a weighbridge party database: it is damaged or no SQLite database");
  CHECK(OpenError(scratch, Changed(image, "PRAGMA user_version = 9")) ==
        "p.db: not a weighbridge party database: schema version 9, this program reads 1");
  CHECK(OpenError(scratch, Changed(image, "CREATE VIEW v AS SELECT 1")) ==
        "p.db: not a weighbridge party database: unexpected \"v\"");
  CHECK(OpenError(scratch,
                  Changed(image, "CREATE TRIGGER t AFTER INSERT ON words BEGIN SELECT 1; END")) ==
        "p.db: not a weighbridge party database: unexpected \"t\"");
  CHECK(OpenError(scratch, Changed(image, "DROP TABLE keys")) ==
        "p.db: not a weighbridge party database: no table \"keys\"");
  CHECK(OpenError(scratch, Changed(image, "ALTER TABLE words ADD COLUMN more TEXT")) ==
        "p.db: not a weighbridge party database: table \"words\" has other columns");
  CHECK(PartyStore::OpenFile(scratch / "none.db").error().message ==
        scratch.path() + "/none.db: cannot be opened");
}

TEST_CASE("damaged files are refused or answer less, never more") {
  const Scratch scratch;
  const std::string image = Image();
  for (std::size_t size = 0; size < image.size(); size += image.size() / 60 + 1)
    CHECK(OpenError(scratch, image.substr(0, size)) != "");
  for (std::size_t at = 100; at < image.size(); at += 997) {
    std::string bytes = image;
    bytes[at] = static_cast<char>(bytes[at] ^ 0xFF);
    scratch.Write("p.db", bytes);
    auto store = PartyStore::OpenFile(scratch / "p.db");
    if (!store.ok()) continue;
    static_cast<void>(Screen(*store.value(), {"Norrland Optronik", {}, "", PartyType::kUnknown}));
  }
}

}  // namespace
}  // namespace weighbridge
