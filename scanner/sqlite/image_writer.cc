#include "scanner/sqlite/image_writer.h"

#include <sqlite3.h>

namespace weighbridge {
namespace {

void SetBigEndian32(std::string& bytes, std::size_t at, std::uint32_t value) {
  for (std::size_t i = 0; i < 4; ++i) {
    bytes[at + i] = static_cast<char>((value >> (24 - 8 * i)) & 0xff);
  }
}

// 24 change counter, 40 schema cookie, 92 version-valid-for (must equal the counter),
// 96 SQLite version number.
void FixHeader(std::string& bytes) {
  if (bytes.size() < 100) return;
  SetBigEndian32(bytes, 24, 1);
  SetBigEndian32(bytes, 40, 1);
  SetBigEndian32(bytes, 92, 1);
  SetBigEndian32(bytes, 96, 3040001);
}

void Bind(sqlite3_stmt* statement, int at, const SqlCell& cell) {
  const auto size = static_cast<int>(cell.bytes.size());
  switch (cell.kind) {
    case SqlCell::Kind::kInteger: sqlite3_bind_int64(statement, at, cell.integer); break;
    case SqlCell::Kind::kReal: sqlite3_bind_double(statement, at, cell.real); break;
    case SqlCell::Kind::kBlob:
      sqlite3_bind_blob(statement, at, cell.bytes.data(), size, SQLITE_TRANSIENT);
      break;
    case SqlCell::Kind::kText:
      sqlite3_bind_text(statement, at, cell.bytes.data(), size, SQLITE_TRANSIENT);
      break;
  }
}

}  // namespace

SqlCell SqlCell::Real(double number) {
  SqlCell cell("");
  cell.kind = Kind::kReal;
  cell.real = number;
  return cell;
}

SqlCell SqlCell::Blob(std::string raw) {
  SqlCell cell(std::move(raw));
  cell.kind = Kind::kBlob;
  return cell;
}

SqliteImageWriter::SqliteImageWriter(const SqliteSchema& schema) {
  if (sqlite3_open(":memory:", &db_) != SQLITE_OK) Note();
  Run("PRAGMA page_size = 4096");
  Run("PRAGMA encoding = 'UTF-8'");
  Run("PRAGMA application_id = " + std::to_string(schema.application_id));
  Run("PRAGMA user_version = " + std::to_string(schema.version));
  for (const SqliteTable& table : schema.tables) Run(std::string(table.sql));
  Run("BEGIN");
}

SqliteImageWriter::~SqliteImageWriter() {
  Finalise();
  sqlite3_close(db_);
}

void SqliteImageWriter::Insert(const std::string& target, const std::vector<SqlCell>& cells) {
  sqlite3_stmt*& statement = statements_[target];
  if (statement == nullptr) {
    std::string sql = "INSERT INTO " + target + " VALUES(";
    for (std::size_t i = 0; i < cells.size(); ++i) sql += i == 0 ? "?" : ", ?";
    if (sqlite3_prepare_v2(db_, (sql + ")").c_str(), -1, &statement, nullptr) != SQLITE_OK) {
      return Note();
    }
  }
  for (std::size_t i = 0; i < cells.size(); ++i) {
    Bind(statement, static_cast<int>(i) + 1, cells[i]);
  }
  if (sqlite3_step(statement) != SQLITE_DONE) Note();
  sqlite3_reset(statement);
}

std::string SqliteImageWriter::Finish() {
  Run("COMMIT");
  Finalise();
  Run("VACUUM");
  sqlite3_int64 size = 0;
  unsigned char* data = sqlite3_serialize(db_, "main", &size, 0);
  if (data == nullptr) Note();
  std::string bytes;
  if (data != nullptr && failure_.empty()) bytes.assign(data, data + size);
  sqlite3_free(data);
  FixHeader(bytes);
  return bytes;
}

void SqliteImageWriter::Run(const std::string& sql) {
  if (sqlite3_exec(db_, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) Note();
}

void SqliteImageWriter::Note() {
  if (failure_.empty()) failure_ = sqlite3_errmsg(db_);
}

void SqliteImageWriter::Finalise() {
  for (auto& [sql, statement] : statements_) sqlite3_finalize(statement);
  statements_.clear();
}

}  // namespace weighbridge
