// PartyStore: imported lists, found by name without reading all of them. Rows are
// returned by value. Not thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "rules/parties/party_list.h"
#include "scanner/sqlite/database.h"
#include "weighbridge/result.h"

namespace weighbridge {

struct StoredList {
  std::string kind, file, published, sha256;
  std::vector<std::string> names;
  std::size_t parties = 0;
};

// One spelling of a name of a party.
struct StoredName {
  std::int64_t party = 0;
  std::string text;  // as published
  NameQuality quality = NameQuality::kPrimary;
  std::vector<std::string> words;
  std::vector<std::int64_t> counts;  // how many names have the word
  PartyType type = PartyType::kUnknown;
};

struct StoredWord {
  std::int64_t id = 0;
  std::string text;
  std::int64_t count = 0;
};

class PartyStore {
 public:
  // In memory, for lists that are used once.
  static Result<std::unique_ptr<PartyStore>> FromLists(const std::vector<PartyList>& lists);
  static Result<std::unique_ptr<PartyStore>> OpenFile(const std::string& path);

  const std::vector<StoredList>& lists() const { return lists_; }
  std::size_t NameCount() const { return names_; }
  Party PartyAt(std::int64_t row, std::size_t* list) const;  // *list: its place in lists()
  StoredName NameAt(std::int64_t row) const;

  // Names whose NormalName::whole is this.
  std::vector<std::int64_t> NamesOf(std::string_view whole) const;
  std::vector<std::int64_t> NamesByInitials(std::string_view letters) const;
  // Words that may be this one, misspelt; at most a few hundred.
  std::vector<StoredWord> WordsLike(std::string_view word) const;
  // Names with this word, at most `limit`.
  std::vector<std::int64_t> NamesWith(std::int64_t word, std::size_t limit) const;

 private:
  explicit PartyStore(std::unique_ptr<SqliteDatabase> database);
  std::vector<std::int64_t> Rows(const char* sql, const std::vector<SqlValue>& values) const;

  std::unique_ptr<SqliteDatabase> database_;
  std::vector<StoredList> lists_;
  std::size_t names_ = 0;
};

}  // namespace weighbridge
