#include "scanner/sqlite/database.h"

#include <algorithm>

#include <sqlite3.h>

#include "scanner/base/text.h"

namespace weighbridge {
namespace {

constexpr int kMaxRowBytes = 1 << 20;  // the writers keep rows below it
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

Error NotOurs(const SqliteSchema& schema, const std::string& name, const std::string& why) {
  return {ErrorCode::kInvalidArgument, name + ": not a weighbridge " + schema.what + ": " + why};
}

}  // namespace

std::string ColumnText(sqlite3_stmt* statement, int column) {
  const unsigned char* text = sqlite3_column_text(statement, column);
  if (text == nullptr) return {};
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement, column));
  return std::string(AsText(ByteSpan(text, size)));
}

std::int64_t ColumnInteger(sqlite3_stmt* statement, int column) {
  return sqlite3_column_int64(statement, column);
}

SqliteDatabase::~SqliteDatabase() {
  for (auto& [sql, statement] : statements_) sqlite3_finalize(statement);
  sqlite3_close(db_);
}

void SqliteDatabase::Harden() {
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

Status SqliteDatabase::CheckSchema(const SqliteSchema& schema, const std::string& name,
                                   bool scan) const {
  const std::string id = QueryText("PRAGMA application_id");
  if (id.empty()) return NotOurs(schema, name, "it is damaged or no SQLite database");
  if (id != std::to_string(schema.application_id)) {
    return NotOurs(schema, name, "its application id is another");
  }
  const std::string version = QueryText("PRAGMA user_version");
  if (version != std::to_string(schema.version)) {
    return NotOurs(
        schema, name,
        "schema version " + version + ", this program reads " + std::to_string(schema.version));
  }
  std::map<std::string, std::string> found;
  Query("SELECT name, sql FROM sqlite_schema LIMIT 100", {},
        [&](sqlite3_stmt* row) { found.emplace(ColumnText(row, 0), ColumnText(row, 1)); });
  for (const SqliteTable& table : schema.tables) {
    const auto it = found.find(std::string(table.name));
    if (it == found.end()) return NotOurs(schema, name, "no table " + Quote(table.name));
    if (it->second != table.sql) {
      return NotOurs(schema, name, "table " + Quote(table.name) + " has other columns");
    }
    found.erase(it);
  }
  for (const auto& [extra, sql] : found) {
    // Automatic indexes of PRIMARY KEY clauses have no SQL.
    if (!sql.empty()) return NotOurs(schema, name, "unexpected " + Quote(extra));
  }
  if (scan && QueryText("PRAGMA quick_check(1)") != "ok") {
    return Error{ErrorCode::kMalformed,
                 name + ": damaged " + schema.what + ": SQLite's check fails"};
  }
  return {};
}

Status SqliteDatabase::Load(const SqliteSchema& schema, ByteSpan image, const std::string& name,
                            bool scan) {
  if (sqlite3_open_v2(":memory:", &db_, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr) !=
      SQLITE_OK) {
    return Error{ErrorCode::kIo, name + ": sqlite cannot be started"};
  }
  // READONLY without FREEONCLOSE: SQLite copies pages out and never writes to the image.
  auto* bytes = const_cast<unsigned char*>(image.data());
  const auto size = static_cast<sqlite3_int64>(image.size());
  if (sqlite3_deserialize(db_, "main", bytes, size, size, SQLITE_DESERIALIZE_READONLY) !=
      SQLITE_OK) {
    return Error{ErrorCode::kMalformed, name + ": " + sqlite3_errmsg(db_)};
  }
  Harden();
  return CheckSchema(schema, name, scan);
}

Result<std::unique_ptr<SqliteDatabase>> SqliteDatabase::OpenImage(const SqliteSchema& schema,
                                                                  ByteSpan image,
                                                                  const std::string& name,
                                                                  bool scan) {
  std::unique_ptr<SqliteDatabase> database(new SqliteDatabase());
  Status sound = database->Load(schema, image, name, scan);
  if (!sound.ok()) return std::move(sound).error();
  return database;
}

Result<std::unique_ptr<SqliteDatabase>> SqliteDatabase::OpenBytes(const SqliteSchema& schema,
                                                                  std::string image,
                                                                  const std::string& name) {
  std::unique_ptr<SqliteDatabase> database(new SqliteDatabase());
  database->bytes_ = std::move(image);
  Status sound = database->Load(schema, AsBytes(database->bytes_), name, true);
  if (!sound.ok()) return std::move(sound).error();
  return database;
}

Result<std::unique_ptr<SqliteDatabase>> SqliteDatabase::OpenFile(const SqliteSchema& schema,
                                                                 const std::string& path) {
  std::unique_ptr<SqliteDatabase> database(new SqliteDatabase());
  const std::string name = Printable(path);
  const int flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX;
  if (sqlite3_open_v2(FileUri(path).c_str(), &database->db_, flags, nullptr) != SQLITE_OK) {
    return Error{ErrorCode::kIo, name + ": cannot be opened"};
  }
  database->Harden();
  if (Status sound = database->CheckSchema(schema, name, true); !sound.ok()) {
    return std::move(sound).error();
  }
  return database;
}

void SqliteDatabase::Query(const std::string& sql, const std::vector<SqlValue>& values,
                           const std::function<void(sqlite3_stmt*)>& row) const {
  sqlite3_stmt*& statement = statements_[sql];
  if (statement == nullptr && sqlite3_prepare_v3(db_, sql.c_str(), -1, SQLITE_PREPARE_PERSISTENT,
                                                 &statement, nullptr) != SQLITE_OK) {
    return;
  }
  for (std::size_t i = 0; i < values.size(); ++i) {
    const SqlValue& value = values[i];
    const int at = static_cast<int>(i) + 1;
    const auto size = static_cast<int>(std::min<std::size_t>(value.bytes.size(), kMaxRowBytes));
    if (value.kind == SqlValue::Kind::kInteger) {
      sqlite3_bind_int64(statement, at, value.number);
    } else if (value.kind == SqlValue::Kind::kBlob) {
      sqlite3_bind_blob(statement, at, value.bytes.data(), size, SQLITE_TRANSIENT);
    } else {
      sqlite3_bind_text(statement, at, value.bytes.data(), size, SQLITE_TRANSIENT);
    }
  }
  while (sqlite3_step(statement) == SQLITE_ROW) row(statement);
  sqlite3_reset(statement);
  sqlite3_clear_bindings(statement);
}

std::string SqliteDatabase::QueryText(const std::string& sql) const {
  std::string text;
  Query(sql, {}, [&](sqlite3_stmt* row) { text = ColumnText(row, 0); });
  return text;
}

std::int64_t SqliteDatabase::QueryInteger(const std::string& sql) const {
  std::int64_t number = 0;
  Query(sql, {}, [&](sqlite3_stmt* row) { number = ColumnInteger(row, 0); });
  return number;
}

}  // namespace weighbridge
