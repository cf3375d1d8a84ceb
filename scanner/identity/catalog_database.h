// CatalogDatabase: a hardened read-only SQLite connection to one catalogue image,
// with its statements prepared when first used. Owns the connection. Not thread-safe.
//
// An image from outside (--db FILE) is untrusted: its schema must equal ours text for
// text (so no view, trigger, virtual table or expression index can be in it), it is
// checked once by SQLite's quick_check, and lengths are capped. After that a damaged
// page means fewer rows, never a crash.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "weighbridge/bytes.h"
#include "weighbridge/result.h"

struct sqlite3;
struct sqlite3_stmt;

namespace weighbridge {

// One bound parameter.
struct SqlValue {
  enum class Kind { kText, kUint, kBlob };
  Kind kind = Kind::kText;
  std::string_view bytes;
  std::uint64_t number = 0;

  static SqlValue Text(std::string_view text) { return {Kind::kText, text, 0}; }
  static SqlValue Blob(std::string_view raw) { return {Kind::kBlob, raw, 0}; }
  static SqlValue Uint(std::uint64_t number) { return {Kind::kUint, {}, number}; }
};

class CatalogDatabase {
 public:
  // Keeps a view of `image`, which must outlive the connection. Reads a few pages.
  // `name` stands in messages; `scan` asks for SQLite's quick_check.
  static Result<std::unique_ptr<CatalogDatabase>> OpenImage(
      ByteSpan image, const std::string& name = "embedded catalogue", bool scan = false);
  // The file must not change while it is open.
  static Result<std::unique_ptr<CatalogDatabase>> OpenFile(const std::string& path);
  ~CatalogDatabase();
  CatalogDatabase(const CatalogDatabase&) = delete;
  CatalogDatabase& operator=(const CatalogDatabase&) = delete;

  // Calls `row` for each result row; `sql` is prepared once. Unsound rows end the walk.
  void Query(const std::string& sql, const std::vector<SqlValue>& values,
             const std::function<void(sqlite3_stmt*)>& row) const;
  std::string QueryText(const std::string& sql) const;

 private:
  CatalogDatabase() = default;
  void Harden();
  Status CheckSchema(const std::string& name, bool scan) const;

  sqlite3* db_ = nullptr;
  mutable std::map<std::string, sqlite3_stmt*, std::less<>> statements_;
};

// Text of a result column, "" for NULL.
std::string ColumnText(sqlite3_stmt* statement, int column);

}  // namespace weighbridge
