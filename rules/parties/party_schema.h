// The tables of a party database: what the writer creates and what opening demands.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "scanner/sqlite/schema.h"

namespace weighbridge {

inline constexpr std::int64_t kPartyApplicationId = 0x57425031;  // "WBP1"
inline constexpr std::int64_t kPartySchemaVersion = 1;           // PRAGMA user_version

// `words` are the normal words of a name, `counts` how many names have each of them.
// `keys` finds words that may be misspelt (similarity.h), `exact` whole normal names,
// `initials` the first letters of names of three words and more.
inline constexpr auto kPartySchema = std::to_array<SqliteTable>({
    {"lists",
     "CREATE TABLE lists(id INTEGER PRIMARY KEY, kind TEXT, file TEXT, names TEXT, "
     "published TEXT, sha256 TEXT, parties INTEGER)"},
    {"parties",
     "CREATE TABLE parties(id INTEGER PRIMARY KEY, list INTEGER, ref TEXT, name TEXT, type TEXT, "
     "countries TEXT, places TEXT, programmes TEXT, list_name TEXT, listed_on TEXT, ends_on TEXT, "
     "ties TEXT, citation TEXT, source_url TEXT)"},
    {"names",
     "CREATE TABLE names(id INTEGER PRIMARY KEY, party INTEGER, name TEXT, quality TEXT, "
     "words TEXT, counts TEXT)"},
    {"words", "CREATE TABLE words(id INTEGER PRIMARY KEY, word TEXT, count INTEGER)"},
    {"exact", "CREATE TABLE exact(name TEXT, row INTEGER, PRIMARY KEY(name, row)) WITHOUT ROWID"},
    {"keys", "CREATE TABLE keys(key INTEGER, word INTEGER, PRIMARY KEY(key, word)) WITHOUT ROWID"},
    {"postings",
     "CREATE TABLE postings(word INTEGER, row INTEGER, PRIMARY KEY(word, row)) WITHOUT ROWID"},
    {"initials",
     "CREATE TABLE initials(letters TEXT, row INTEGER, PRIMARY KEY(letters, row)) WITHOUT ROWID"},
});

inline SqliteSchema PartySchema() {
  return {"party database", kPartyApplicationId, kPartySchemaVersion, kPartySchema};
}

}  // namespace weighbridge
