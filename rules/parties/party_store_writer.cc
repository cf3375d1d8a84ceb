// Reproducible: rows go in in a fixed order, the page size is fixed, the database is
// vacuumed in memory, and the header words that depend on the SQLite library or on the
// number of writes are set to constants (SQLite file format, section 1.3).
#include "rules/parties/party_store_writer.h"

#include <algorithm>
#include <cstdio>
#include <map>
#include <set>

#include <sqlite3.h>

#include "rules/parties/legal_forms.h"
#include "rules/parties/normal_name.h"
#include "rules/parties/party_schema.h"
#include "rules/parties/similarity.h"
#include "scanner/base/text.h"

namespace weighbridge {
namespace {

// Of one value and of one joined column; the rest is dropped. A row stays below the
// 1 MiB that is read.
constexpr std::size_t kMaxTextBytes = 8 << 10;
constexpr std::size_t kMaxColumnBytes = 128 << 10;

// Separators of the columns that hold lists are no part of their values.
std::string Flat(const std::string& text) {
  std::size_t keep = std::min(text.size(), kMaxTextBytes);
  while (keep < text.size() && keep > 0 && (static_cast<unsigned char>(text[keep]) & 0xC0) == 0x80)
    --keep;
  std::string flat = text.substr(0, keep);
  for (char& c : flat) {
    if (static_cast<unsigned char>(c) < 0x20) c = ' ';
  }
  return flat;
}

std::string JoinLines(const std::vector<std::string>& lines) {
  std::string joined;
  for (const auto& line : lines) {
    if (joined.size() + line.size() >= kMaxColumnBytes) break;
    joined += (joined.empty() ? "" : "\n") + line;
  }
  return joined;
}

std::string JoinFlat(const std::vector<std::string>& values) {
  std::vector<std::string> flat;
  for (const auto& value : values) flat.push_back(Flat(value));
  return JoinLines(flat);
}

class Writer {
 public:
  Writer() {
    if (sqlite3_open(":memory:", &db_) != SQLITE_OK) Note();
    Run("PRAGMA page_size = 4096");
    Run("PRAGMA encoding = 'UTF-8'");
    Run("PRAGMA application_id = " + std::to_string(kPartyApplicationId));
    Run("PRAGMA user_version = " + std::to_string(kPartySchemaVersion));
    for (const auto& table : kPartySchema) Run(std::string(table.sql));
    Run("BEGIN");
  }
  ~Writer() {
    Finalise();
    sqlite3_close(db_);
  }
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  const std::string& failure() const { return failure_; }

  struct Cell {
    std::string text;
    std::int64_t number = 0;
    bool is_number = false;
    Cell(std::string value) : text(std::move(value)) {}
    Cell(const char* value) : text(value) {}
    Cell(std::size_t value) : number(static_cast<std::int64_t>(value)), is_number(true) {}
  };

  void Insert(const char* table, const std::vector<Cell>& cells) {
    sqlite3_stmt*& statement = statements_[table];
    std::string sql = std::string("INSERT INTO ") + table + " VALUES(?";
    for (std::size_t i = 1; i < cells.size(); ++i) sql += ",?";
    if (statement == nullptr &&
        sqlite3_prepare_v2(db_, (sql + ")").c_str(), -1, &statement, nullptr) != SQLITE_OK)
      return Note();
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const int at = static_cast<int>(i) + 1;
      if (cells[i].is_number)
        sqlite3_bind_int64(statement, at, cells[i].number);
      else
        sqlite3_bind_text(statement, at, cells[i].text.data(),
                          static_cast<int>(cells[i].text.size()), SQLITE_TRANSIENT);
    }
    if (sqlite3_step(statement) != SQLITE_DONE) Note();
    sqlite3_reset(statement);
  }

  std::string Finish() {
    Run("COMMIT");
    Finalise();
    Run("VACUUM");
    sqlite3_int64 size = 0;
    unsigned char* data = sqlite3_serialize(db_, "main", &size, 0);
    if (data == nullptr) {
      Note();
      return {};
    }
    std::string bytes(data, data + size);
    sqlite3_free(data);
    return bytes;
  }

 private:
  void Run(const std::string& sql) {
    if (sqlite3_exec(db_, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) Note();
  }
  void Note() {
    if (failure_.empty()) failure_ = sqlite3_errmsg(db_);
  }
  void Finalise() {
    for (auto& [table, statement] : statements_) sqlite3_finalize(statement);
    statements_.clear();
  }

  sqlite3* db_ = nullptr;
  std::map<std::string, sqlite3_stmt*> statements_;
  std::string failure_;
};

struct NameRow {
  std::size_t party = 0;
  std::string text;
  NameQuality quality = NameQuality::kPrimary;
  NormalName normal;
};

struct Contents {
  std::vector<NameRow> names;
  std::map<std::string, std::size_t> counts;  // of words
};

// What stands in brackets is a name of its own where it is a word of the name or its
// first letters, "Huawei Technologies (Huawei)"; else it is a weak one.
bool IsShortName(const std::string& inside, const std::string& name) {
  const std::string word = Normalise(inside).whole;
  const NormalName outside = Normalise(name.substr(0, name.find('(')));
  const auto letters = Initials(outside.whole);
  return std::find(outside.words.begin(), outside.words.end(), word) != outside.words.end() ||
         std::find(letters.begin(), letters.end(), word) != letters.end();
}

// Each spelling of each name once.
void AddNames(const Party& party, std::size_t row, Contents& out) {
  std::set<std::string> seen;
  const bool person = party.type == PartyType::kIndividual;
  const auto add = [&](const PartyName& name) {
    for (const NameVariant& variant : NameVariants(name.text, person)) {
      NormalName normal = Normalise(variant.text);
      if (normal.whole.empty() || !seen.insert(normal.whole).second) continue;
      const bool weak = variant.inside_brackets && !IsShortName(variant.text, name.text);
      const NameQuality quality = weak ? NameQuality::kWeak : name.quality;
      for (const auto& word : std::set<std::string>(normal.words.begin(), normal.words.end()))
        ++out.counts[word];
      out.names.push_back({row, Flat(name.text), quality, std::move(normal)});
    }
  };
  add(party.name);
  for (const PartyName& alias : party.aliases) add(alias);
}

std::string Places(const Party& party) {
  std::vector<std::string> lines;
  for (const PartyPlace& place : party.places)
    lines.push_back(Flat(place.city) + "\t" + Flat(place.country));
  return JoinLines(lines);
}

std::string Ties(const Party& party) {
  std::vector<std::string> lines;
  for (const PartyTie& tie : party.ties) {
    std::string percent;
    if (tie.percent) {
      char buffer[32];
      std::snprintf(buffer, sizeof buffer, "%.4g", *tie.percent);
      percent = buffer;
    }
    lines.push_back(std::string(TieKindName(tie.kind)) + "\t" + percent + "\t" + Flat(tie.name));
  }
  return JoinLines(lines);
}

void WriteParty(Writer& writer, const Party& party, std::size_t list, std::size_t row) {
  writer.Insert(
      "parties",
      {row, list, Flat(party.id), Flat(party.name.text), PartyTypeName(party.type),
       Join(party.countries, " "), Places(party), JoinFlat(party.programmes), Flat(party.list),
       party.listed_on, party.ends_on, Ties(party), Flat(party.citation), Flat(party.source_url)});
}

void WriteWords(Writer& writer, const Contents& contents, std::map<std::string, std::size_t>& ids) {
  for (const auto& [word, count] : contents.counts) {
    const std::size_t id = ids.size() + 1;
    ids.emplace(word, id);
    writer.Insert("words", {id, word, count});
    for (const std::uint32_t key : LookUpKeys(word)) writer.Insert("keys", {std::size_t{key}, id});
  }
}

void WriteNames(Writer& writer, const Contents& contents,
                const std::map<std::string, std::size_t>& ids) {
  for (std::size_t i = 0; i < contents.names.size(); ++i) {
    const NameRow& name = contents.names[i];
    const std::size_t row = i + 1;
    std::vector<std::string> counts;
    for (const auto& word : name.normal.words)
      counts.push_back(std::to_string(contents.counts.at(word)));
    writer.Insert("names", {row, name.party, name.text, NameQualityName(name.quality),
                            Join(name.normal.words, " "), Join(counts, " ")});
    writer.Insert("exact", {name.normal.whole, row});
    for (const auto& word :
         std::set<std::string>(name.normal.words.begin(), name.normal.words.end()))
      writer.Insert("postings", {ids.at(word), row});
    for (const auto& letters : Initials(name.normal.whole))
      writer.Insert("initials", {letters, row});
  }
}

void SetBigEndian32(std::string& bytes, std::size_t at, std::uint32_t value) {
  for (std::size_t i = 0; i < 4; ++i)
    bytes[at + i] = static_cast<char>((value >> (24 - 8 * i)) & 0xff);
}

// 24 change counter, 40 schema cookie, 92 version-valid-for (equals the counter),
// 96 SQLite version number.
void FixHeader(std::string& bytes) {
  if (bytes.size() < 100) return;
  SetBigEndian32(bytes, 24, 1);
  SetBigEndian32(bytes, 40, 1);
  SetBigEndian32(bytes, 92, 1);
  SetBigEndian32(bytes, 96, 3040001);
}

}  // namespace

std::vector<std::string> Initials(const std::string& whole) {
  std::string letters, with_forms;
  std::size_t words = 0;
  for (const auto& word : Split(whole, ' ')) {
    if (word.empty() || word[0] < 'a' || word[0] > 'z' || word == "of" || word == "for") continue;
    const bool form = IsLegalForm(word);
    if (form && word != "co" && word != "corp") continue;
    with_forms += word[0];
    if (form) continue;
    letters += word[0];
    ++words;
  }
  if (words < 3 || letters.size() > 10) return {};
  if (letters == with_forms) return {letters};
  return {letters, with_forms};
}

Result<std::string> BuildPartyImage(const std::vector<PartyList>& lists) {
  Writer writer;
  Contents contents;
  std::size_t row = 0;
  for (std::size_t i = 0; i < lists.size(); ++i) {
    const PartyList& list = lists[i];
    // Not the folder it was in: equal input gives equal bytes.
    const std::string file = list.file.substr(list.file.rfind('/') + 1);
    writer.Insert("lists", {i + 1, list.kind, Flat(file), JoinFlat(list.names), list.published,
                            list.sha256, list.parties.size()});
    for (const Party& party : list.parties) {
      WriteParty(writer, party, i + 1, ++row);
      AddNames(party, row, contents);
    }
  }
  std::map<std::string, std::size_t> ids;
  WriteWords(writer, contents, ids);
  WriteNames(writer, contents, ids);
  std::string bytes = writer.Finish();
  FixHeader(bytes);
  if (!writer.failure().empty()) return Error{ErrorCode::kIo, "sqlite: " + writer.failure()};
  return bytes;
}

}  // namespace weighbridge
