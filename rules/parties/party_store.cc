#include "rules/parties/party_store.h"

#include <algorithm>
#include <cstdlib>
#include <set>

#include "rules/parties/fold.h"
#include "rules/parties/party_schema.h"
#include "rules/parties/party_store_writer.h"
#include "rules/parties/similarity.h"
#include "scanner/base/text.h"

namespace weighbridge {
namespace {

using Value = SqlValue;

constexpr std::size_t kMaxWordsPerKey = 400;

std::vector<std::string> Lines(const std::string& text, char separator) {
  return text.empty() ? std::vector<std::string>() : Split(text, separator);
}

PartyType TypeOf(std::string_view name) {
  for (const PartyType type :
       {PartyType::kEntity, PartyType::kIndividual, PartyType::kVessel, PartyType::kAircraft}) {
    if (name == PartyTypeName(type)) return type;
  }
  return PartyType::kUnknown;
}

NameQuality QualityOf(std::string_view name) {
  if (name == "primary") return NameQuality::kPrimary;
  return name == "strong" ? NameQuality::kStrong : NameQuality::kWeak;
}

std::vector<PartyPlace> PlacesOf(const std::string& text) {
  std::vector<PartyPlace> places;
  for (const auto& line : Lines(text, '\n')) {
    const std::size_t tab = line.find('\t');
    if (tab != line.npos) places.push_back({line.substr(0, tab), line.substr(tab + 1)});
  }
  return places;
}

std::vector<PartyTie> TiesOf(const std::string& text) {
  std::vector<PartyTie> ties;
  for (const auto& line : Lines(text, '\n')) {
    const auto cells = Split(line, '\t');
    if (cells.size() != 3) continue;
    PartyTie tie;
    tie.name = cells[2];
    if (cells[0] == "parent") tie.kind = PartyTie::Kind::kParent;
    if (cells[0] == "owner") tie.kind = PartyTie::Kind::kOwner;
    const double percent = std::strtod(cells[1].c_str(), nullptr);
    if (!cells[1].empty() && percent > 0 && percent <= 100) tie.percent = percent;
    ties.push_back(std::move(tie));
  }
  return ties;
}

}  // namespace

PartyStore::PartyStore(std::unique_ptr<SqliteDatabase> database) : database_(std::move(database)) {
  database_->Query(
      "SELECT kind, file, names, published, sha256, parties FROM lists ORDER BY id LIMIT 1000", {},
      [&](sqlite3_stmt* row) {
        StoredList list;
        list.kind = ColumnText(row, 0);
        list.file = ColumnText(row, 1);
        list.names = Lines(ColumnText(row, 2), '\n');
        list.published = ColumnText(row, 3);
        list.sha256 = ColumnText(row, 4);
        list.parties = static_cast<std::size_t>(std::max<std::int64_t>(0, ColumnInteger(row, 5)));
        lists_.push_back(std::move(list));
      });
  names_ = static_cast<std::size_t>(
      std::max<std::int64_t>(0, database_->QueryInteger("SELECT max(id) FROM names")));
}

Result<std::unique_ptr<PartyStore>> PartyStore::FromLists(const std::vector<PartyList>& lists) {
  auto image = BuildPartyImage(lists);
  if (!image.ok()) return std::move(image).error();
  auto database =
      SqliteDatabase::OpenBytes(PartySchema(), std::move(image).value(), "party database");
  if (!database.ok()) return std::move(database).error();
  return std::unique_ptr<PartyStore>(new PartyStore(std::move(database).value()));
}

Result<std::unique_ptr<PartyStore>> PartyStore::OpenFile(const std::string& path) {
  auto database = SqliteDatabase::OpenFile(PartySchema(), path);
  if (!database.ok()) return std::move(database).error();
  return std::unique_ptr<PartyStore>(new PartyStore(std::move(database).value()));
}

Party PartyStore::PartyAt(std::int64_t row_id, std::size_t* list) const {
  Party party;
  database_->Query(
      "SELECT list, ref, name, type, countries, places, programmes, list_name, listed_on, ends_on, "
      "ties, citation, source_url FROM parties WHERE id = ?",
      {Value::Integer(row_id)}, [&](sqlite3_stmt* row) {
        const std::int64_t place = ColumnInteger(row, 0);
        if (place > 0) *list = static_cast<std::size_t>(place - 1);
        party.id = ColumnText(row, 1);
        party.name.text = ColumnText(row, 2);
        party.type = TypeOf(ColumnText(row, 3));
        party.countries = Lines(ColumnText(row, 4), ' ');
        party.places = PlacesOf(ColumnText(row, 5));
        party.programmes = Lines(ColumnText(row, 6), '\n');
        party.list = ColumnText(row, 7);
        party.listed_on = ColumnText(row, 8);
        party.ends_on = ColumnText(row, 9);
        party.ties = TiesOf(ColumnText(row, 10));
        party.citation = ColumnText(row, 11);
        party.source_url = ColumnText(row, 12);
      });
  return party;
}

StoredName PartyStore::NameAt(std::int64_t row_id) const {
  StoredName name;
  database_->Query(
      "SELECT names.party, names.name, names.quality, names.words, names.counts, parties.type "
      "FROM names JOIN parties ON parties.id = names.party WHERE names.id = ?",
      {Value::Integer(row_id)}, [&](sqlite3_stmt* row) {
        name.party = ColumnInteger(row, 0);
        name.text = ColumnText(row, 1);
        name.quality = QualityOf(ColumnText(row, 2));
        name.words = Lines(ColumnText(row, 3), ' ');
        for (const auto& count : Lines(ColumnText(row, 4), ' '))
          name.counts.push_back(std::strtoll(count.c_str(), nullptr, 10));
        name.type = TypeOf(ColumnText(row, 5));
      });
  if (name.words.size() > kMaxNameWords) name.words.resize(kMaxNameWords);
  name.counts.resize(name.words.size(), 1);
  return name;
}

std::vector<std::int64_t> PartyStore::Rows(const char* sql,
                                           const std::vector<Value>& values) const {
  std::vector<std::int64_t> rows;
  database_->Query(sql, values, [&](sqlite3_stmt* row) { rows.push_back(ColumnInteger(row, 0)); });
  return rows;
}

std::vector<std::int64_t> PartyStore::NamesOf(std::string_view whole) const {
  return Rows("SELECT row FROM exact WHERE name = ? LIMIT 1000", {Value::Text(whole)});
}

std::vector<std::int64_t> PartyStore::NamesByInitials(std::string_view letters) const {
  return Rows("SELECT row FROM initials WHERE letters = ? LIMIT 100", {Value::Text(letters)});
}

std::vector<StoredWord> PartyStore::WordsLike(std::string_view word) const {
  std::set<std::int64_t> ids;
  for (const std::uint32_t key : LookUpKeys(word)) {
    for (const std::int64_t id :
         Rows("SELECT word FROM keys WHERE key = ? LIMIT 400", {Value::Integer(key)}))
      ids.insert(id);
    if (ids.size() >= 4 * kMaxWordsPerKey) break;
  }
  std::vector<StoredWord> words;
  for (const std::int64_t id : ids) {
    database_->Query("SELECT word, count FROM words WHERE id = ?", {Value::Integer(id)},
                     [&](sqlite3_stmt* row) {
                       words.push_back({id, ColumnText(row, 0), ColumnInteger(row, 1)});
                     });
  }
  return words;
}

std::vector<std::int64_t> PartyStore::NamesWith(std::int64_t word, std::size_t limit) const {
  return Rows("SELECT row FROM postings WHERE word = ? LIMIT ?",
              {Value::Integer(word), Value::Integer(static_cast<std::int64_t>(limit))});
}

}  // namespace weighbridge
