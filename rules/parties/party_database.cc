#include "rules/parties/party_database.h"

#include <sqlite3.h>

#include "rules/parties/party_schema.h"
#include "scanner/base/text.h"

namespace weighbridge {
namespace {

constexpr int kMaxRowBytes = 1 << 20;
constexpr int kMaxSqlBytes = 64 << 10;

// SQLite reads '%', '?' and '#' in a file URI as syntax.
std::string FileUri(const std::string& path) {
  std::string uri = path.starts_with('/') ? "file://" : "file:";
  for (const char c : path) {
    if (c == '%' || c == '?' || c == '#') {
      const auto byte = static_cast<std::uint8_t>(c);
      uri += '%' + Hex(&byte, 1);
    } else {
      uri += c;
    }
  }
  return uri + "?immutable=1";
}

Error NotOurs(const std::string& name, const std::string& why) {
  return {ErrorCode::kInvalidArgument, name + ": not a weighbridge party database: " + why};
}

}  // namespace

std::string PartyDatabase::Text(sqlite3_stmt* row, int column) {
  const void* text = sqlite3_column_text(row, column);
  if (text == nullptr) return {};
  return std::string(static_cast<const char*>(text),
                     static_cast<std::size_t>(sqlite3_column_bytes(row, column)));
}

std::int64_t PartyDatabase::Number(sqlite3_stmt* row, int column) {
  return sqlite3_column_int64(row, column);
}

PartyDatabase::~PartyDatabase() {
  for (auto& [sql, statement] : statements_) sqlite3_finalize(statement);
  sqlite3_close(db_);
}

void PartyDatabase::Harden() {
  sqlite3_db_config(db_, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(db_, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  sqlite3_db_config(db_, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, nullptr);
  sqlite3_db_config(db_, SQLITE_DBCONFIG_ENABLE_VIEW, 0, nullptr);
  sqlite3_limit(db_, SQLITE_LIMIT_LENGTH, kMaxRowBytes);
  sqlite3_limit(db_, SQLITE_LIMIT_SQL_LENGTH, kMaxSqlBytes);
  sqlite3_limit(db_, SQLITE_LIMIT_ATTACHED, 0);
  sqlite3_exec(db_, "PRAGMA query_only = 1", nullptr, nullptr, nullptr);
  sqlite3_exec(db_, "PRAGMA cell_size_check = 1", nullptr, nullptr, nullptr);
  sqlite3_exec(db_, "PRAGMA mmap_size = 0", nullptr, nullptr, nullptr);
}

Status PartyDatabase::Check(const std::string& name, bool scan) const {
  std::string id, version;
  Query("PRAGMA application_id", {}, [&](sqlite3_stmt* row) { id = Text(row, 0); });
  if (id.empty()) return NotOurs(name, "it is damaged or no SQLite database");
  if (id != std::to_string(kPartyApplicationId))
    return NotOurs(name, "its application id is another");
  Query("PRAGMA user_version", {}, [&](sqlite3_stmt* row) { version = Text(row, 0); });
  if (version != std::to_string(kPartySchemaVersion)) {
    return NotOurs(name, "schema version " + version + ", this program reads " +
                             std::to_string(kPartySchemaVersion));
  }
  std::map<std::string, std::string> found;
  Query("SELECT name, sql FROM sqlite_schema LIMIT 100", {},
        [&](sqlite3_stmt* row) { found.emplace(Text(row, 0), Text(row, 1)); });
  for (const auto& table : kPartySchema) {
    const auto it = found.find(std::string(table.name));
    if (it == found.end()) return NotOurs(name, "no table " + Quote(table.name));
    if (it->second != table.sql)
      return NotOurs(name, "table " + Quote(table.name) + " has other columns");
    found.erase(it);
  }
  for (const auto& [extra, sql] : found) {
    // Automatic indexes of PRIMARY KEY clauses have no SQL.
    if (!sql.empty()) return NotOurs(name, "unexpected " + Quote(extra));
  }
  std::string sound = "ok";
  if (scan) {
    sound.clear();
    Query("PRAGMA quick_check(1)", {}, [&](sqlite3_stmt* row) { sound = Text(row, 0); });
  }
  if (sound != "ok")
    return Error{ErrorCode::kMalformed, name + ": damaged party database: SQLite's check fails"};
  return {};
}

Result<std::unique_ptr<PartyDatabase>> PartyDatabase::OpenImage(std::string image) {
  std::unique_ptr<PartyDatabase> database(new PartyDatabase());
  database->image_ = std::move(image);
  const std::string name = "party database";
  if (sqlite3_open_v2(":memory:", &database->db_, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX,
                      nullptr) != SQLITE_OK)
    return Error{ErrorCode::kIo, name + ": sqlite cannot be started"};
  // Read only: SQLite copies pages out and never writes to the image.
  void* bytes = database->image_.data();
  const auto size = static_cast<sqlite3_int64>(database->image_.size());
  if (sqlite3_deserialize(database->db_, "main", static_cast<unsigned char*>(bytes), size, size,
                          SQLITE_DESERIALIZE_READONLY) != SQLITE_OK)
    return Error{ErrorCode::kMalformed, name + ": " + sqlite3_errmsg(database->db_)};
  database->Harden();
  if (Status sound = database->Check(name, true); !sound.ok()) return std::move(sound).error();
  return database;
}

Result<std::unique_ptr<PartyDatabase>> PartyDatabase::OpenFile(const std::string& path) {
  std::unique_ptr<PartyDatabase> database(new PartyDatabase());
  const std::string name = Printable(path);
  const int flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX;
  if (sqlite3_open_v2(FileUri(path).c_str(), &database->db_, flags, nullptr) != SQLITE_OK)
    return Error{ErrorCode::kIo, name + ": cannot be opened"};
  database->Harden();
  if (Status sound = database->Check(name, true); !sound.ok()) return std::move(sound).error();
  return database;
}

void PartyDatabase::Query(const std::string& sql, const std::vector<Value>& values,
                          const std::function<void(sqlite3_stmt*)>& row) const {
  sqlite3_stmt*& statement = statements_[sql];
  if (statement == nullptr && sqlite3_prepare_v3(db_, sql.c_str(), -1, SQLITE_PREPARE_PERSISTENT,
                                                 &statement, nullptr) != SQLITE_OK)
    return;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const int at = static_cast<int>(i) + 1;
    const std::string_view text = values[i].text.substr(0, kMaxRowBytes);
    if (values[i].is_number)
      sqlite3_bind_int64(statement, at, values[i].number);
    else
      sqlite3_bind_text(statement, at, text.data(), static_cast<int>(text.size()),
                        SQLITE_TRANSIENT);
  }
  while (sqlite3_step(statement) == SQLITE_ROW) row(statement);
  sqlite3_reset(statement);
  sqlite3_clear_bindings(statement);
}

std::int64_t PartyDatabase::QueryNumber(const std::string& sql) const {
  std::int64_t number = 0;
  Query(sql, {}, [&](sqlite3_stmt* row) { number = Number(row, 0); });
  return number;
}

}  // namespace weighbridge
