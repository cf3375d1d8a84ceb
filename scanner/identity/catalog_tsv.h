// Reading and checking of the tab-separated tables of rules/catalog.
//
//   first line   column names, exactly as declared in catalog_tsv.cc
//   other lines  one row each, sorted; cells are separated by one tab, never quoted
//   list cells   values separated by '|' (special tokens: by a space)
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace weighbridge {

enum class CellKind {
  kText,
  kRequired,    // text, not empty
  kList,        // '|'
  kUints,       // '|' between decimal numbers
  kUint,        // decimal or empty
  kReal,        // decimal or empty
  kDate,        // YYYY-MM-DD or empty
  kPartDate,    // YYYY, YYYY-MM or YYYY-MM-DD, or empty
  kCountry,     // ISO 3166 alpha-2 or empty
  kCountries,   // '|' between those, and "EU"
  kConfidence,  // high, medium, low
  kBool,        // true, false
  kDigest,      // lower-case hexadecimal
  kTriState,    // true, false or empty
};

struct CatalogColumn {
  std::string_view name;
  CellKind kind;
};

struct CatalogFile {
  std::string_view file;   // "models.tsv"
  std::string_view table;  // where its rows go; "" when the builder places them
  std::vector<CatalogColumn> columns;
  std::size_t key_columns = 1;  // leading columns that together are unique
};

const std::vector<CatalogFile>& CatalogFiles();

struct CatalogRow {
  std::size_t line = 0;
  std::vector<std::string> cells;
};

// Rows of a table; every fault is appended to `errors` as "file:line: message".
std::vector<CatalogRow> ReadCatalogTable(const CatalogFile& file, std::string_view text,
                                         std::vector<std::string>& errors);

}  // namespace weighbridge
