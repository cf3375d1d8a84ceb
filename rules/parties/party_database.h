// PartyDatabase: a hardened read-only SQLite connection to one party database. A file
// from outside is untrusted: application id, version and every table's text must be
// ours (so there is no view, trigger, virtual table or expression index), SQLite's
// quick_check must pass, and lengths are capped. Not thread-safe.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "weighbridge/result.h"

struct sqlite3;
struct sqlite3_stmt;

namespace weighbridge {

class PartyDatabase {
 public:
  struct Value {
    std::string_view text;
    std::int64_t number = 0;
    bool is_number = false;

    static Value Text(std::string_view text) { return {text, 0, false}; }
    static Value Number(std::int64_t number) { return {{}, number, true}; }
  };

  // Takes the bytes of a database made by this program.
  static Result<std::unique_ptr<PartyDatabase>> OpenImage(std::string image);
  // The file must not change while it is open.
  static Result<std::unique_ptr<PartyDatabase>> OpenFile(const std::string& path);
  ~PartyDatabase();
  PartyDatabase(const PartyDatabase&) = delete;
  PartyDatabase& operator=(const PartyDatabase&) = delete;

  // Calls `row` for each result row; `sql` is prepared once. Unsound rows end the walk.
  void Query(const std::string& sql, const std::vector<Value>& values,
             const std::function<void(sqlite3_stmt*)>& row) const;
  std::int64_t QueryNumber(const std::string& sql) const;

  static std::string Text(sqlite3_stmt* row, int column);  // "" for NULL
  static std::int64_t Number(sqlite3_stmt* row, int column);

 private:
  PartyDatabase() = default;
  void Harden();
  Status Check(const std::string& name, bool scan) const;

  std::string image_;
  sqlite3* db_ = nullptr;
  mutable std::map<std::string, sqlite3_stmt*> statements_;
};

}  // namespace weighbridge
