// SqliteDatabase: a hardened read-only connection to one database of ours, with its
// statements prepared when first used. Owns the connection. Not thread-safe.
//
// A database from outside is untrusted: its schema must equal ours text for text (so no
// view, trigger, virtual table or expression index can be in it), it is checked once by
// SQLite's quick_check, and lengths are capped. After that a damaged page means fewer
// rows, never a crash.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "scanner/sqlite/schema.h"
#include "weighbridge/bytes.h"
#include "weighbridge/result.h"

struct sqlite3;
struct sqlite3_stmt;

namespace weighbridge {

// One bound parameter.
struct SqlValue {
  enum class Kind { kText, kInteger, kBlob };
  Kind kind = Kind::kText;
  std::string_view bytes;
  std::int64_t number = 0;

  static SqlValue Text(std::string_view text) { return {Kind::kText, text, 0}; }
  static SqlValue Blob(std::string_view raw) { return {Kind::kBlob, raw, 0}; }
  static SqlValue Integer(std::int64_t number) { return {Kind::kInteger, {}, number}; }
};

class SqliteDatabase {
 public:
  // Keeps a view of `image`, which must outlive the connection. Reads a few pages.
  // `name` stands in messages; `scan` asks for SQLite's quick_check.
  static Result<std::unique_ptr<SqliteDatabase>> OpenImage(const SqliteSchema& schema,
                                                           ByteSpan image, const std::string& name,
                                                           bool scan);
  // Takes the bytes.
  static Result<std::unique_ptr<SqliteDatabase>> OpenBytes(const SqliteSchema& schema,
                                                           std::string image,
                                                           const std::string& name);
  // The file must not change while it is open.
  static Result<std::unique_ptr<SqliteDatabase>> OpenFile(const SqliteSchema& schema,
                                                          const std::string& path);
  ~SqliteDatabase();
  SqliteDatabase(const SqliteDatabase&) = delete;
  SqliteDatabase& operator=(const SqliteDatabase&) = delete;

  // Calls `row` for each result row; `sql` is prepared once. Unsound rows end the walk.
  void Query(const std::string& sql, const std::vector<SqlValue>& values,
             const std::function<void(sqlite3_stmt*)>& row) const;
  std::string QueryText(const std::string& sql) const;
  std::int64_t QueryInteger(const std::string& sql) const;

 private:
  SqliteDatabase() = default;
  Status Load(const SqliteSchema& schema, ByteSpan image, const std::string& name, bool scan);
  void Harden();
  Status CheckSchema(const SqliteSchema& schema, const std::string& name, bool scan) const;

  std::string bytes_;  // of OpenBytes
  sqlite3* db_ = nullptr;
  mutable std::map<std::string, sqlite3_stmt*, std::less<>> statements_;
};

// Of a result column: text, "" for NULL; a number, 0 for what is none.
std::string ColumnText(sqlite3_stmt* statement, int column);
std::int64_t ColumnInteger(sqlite3_stmt* statement, int column);

}  // namespace weighbridge
