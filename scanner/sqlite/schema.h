// The tables of a SQLite database of ours: what its writer creates and what opening it
// demands.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace weighbridge {

struct SqliteTable {
  std::string_view name;
  std::string_view sql;  // compared byte for byte with sqlite_schema
};

struct SqliteSchema {
  const char* what;  // "catalogue", as messages call the database
  std::int64_t application_id;
  std::int64_t version;  // PRAGMA user_version
  std::span<const SqliteTable> tables;
};

}  // namespace weighbridge
