// SqliteImageWriter: rows in, the bytes of a database out.
//
// Reproducible when rows go in in a fixed order: the page size is fixed, the database is
// vacuumed in memory, and the header words that depend on the SQLite library or on the
// number of writes are set to constants (SQLite file format, section 1.3).
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "scanner/sqlite/schema.h"

struct sqlite3;
struct sqlite3_stmt;

namespace weighbridge {

// One cell of a row.
struct SqlCell {
  enum class Kind { kText, kInteger, kReal, kBlob };
  Kind kind = Kind::kText;
  std::string bytes;
  std::int64_t integer = 0;
  double real = 0;

  SqlCell(std::string text) : bytes(std::move(text)) {}
  SqlCell(const char* text) : bytes(text) {}
  SqlCell(std::size_t number) : kind(Kind::kInteger), integer(static_cast<std::int64_t>(number)) {}
  static SqlCell Real(double number);
  static SqlCell Blob(std::string raw);
};

class SqliteImageWriter {
 public:
  explicit SqliteImageWriter(const SqliteSchema& schema);
  ~SqliteImageWriter();
  SqliteImageWriter(const SqliteImageWriter&) = delete;
  SqliteImageWriter& operator=(const SqliteImageWriter&) = delete;

  // `target` is a table, or "table(column, ...)".
  void Insert(const std::string& target, const std::vector<SqlCell>& cells);
  // The bytes; "" when something failed.
  std::string Finish();
  const std::string& failure() const { return failure_; }  // the first, "" none

 private:
  void Run(const std::string& sql);
  void Note();
  void Finalise();

  sqlite3* db_ = nullptr;
  std::map<std::string, sqlite3_stmt*> statements_;
  std::string failure_;
};

}  // namespace weighbridge
