// One reader per published form. Each appends the parties that it could read and an
// error for whatever it could not; import.cc refuses the list when there is one.
#pragma once

#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rules/parties/csv_table.h"
#include "rules/parties/list_errors.h"
#include "rules/parties/party_list.h"

namespace weighbridge {

// Consolidated Screening List of the International Trade Administration.
void ReadCslCsv(std::string_view text, PartyList& list, ListErrors& errors);
void ReadCslJson(std::string_view text, PartyList& list, ListErrors& errors);

// OFAC's SDN.CSV, no header row: data specification of 2023-09-25. The alternate names
// (ALT.CSV) and addresses (ADD.CSV) join by the entity number.
void ReadOfacCsv(std::string_view text, PartyList& list, ListErrors& errors);
void JoinOfacNames(std::string_view text, PartyList& list, ListErrors& errors);
void JoinOfacAddresses(std::string_view text, PartyList& list, ListErrors& errors);
// SDN.XML and CONSOLIDATED.XML.
void ReadOfacXml(std::string_view text, PartyList& list, ListErrors& errors);

// Denied Persons List of the BIS, dpl.txt, tab separated.
void ReadDeniedPersons(std::string_view text, PartyList& list, ListErrors& errors);
// United Nations Security Council consolidated list.
void ReadUnXml(std::string_view text, PartyList& list, ListErrors& errors);
// OFSI's ConList.csv (until January 2026) and the UK Sanctions List, rows per name.
void ReadUkCsv(std::string_view text, PartyList& list, ListErrors& errors);
// EU consolidated financial sanctions list (FSF), CSV 1.1 and XML 1.1.
void ReadEuCsv(std::string_view text, PartyList& list, ListErrors& errors);
void ReadEuXml(std::string_view text, PartyList& list, ListErrors& errors);
// name[,aliases,country,type,list,listed_on,citation,source_url,parent,parent_percent];
// aliases stand between "|".
void ReadPlainCsv(std::string_view text, PartyList& list, ListErrors& errors);

inline constexpr std::size_t kMaxParties = 500'000;  // of one list

// Appends a finished party, or an error when it has no name or there are too many.
void AppendParty(Party party, std::size_t line, PartyList& list, ListErrors& errors);

// Rows of a table with a header, each checked to be as long as it. Trailing empty
// fields beyond the header are let pass.
class TableRows {
 public:
  TableRows(std::string_view text, char delimiter, ListErrors& errors);
  // Skips rows until one that names `column`; its predecessors are given in `before`.
  bool FindHeader(std::string_view column, std::vector<std::vector<std::string>>* before = nullptr);
  bool Next();
  std::string Cell(std::string_view column) const { return header_.Cell(row_, column); }
  // The first of the columns that is there and not empty.
  std::string AnyOf(std::initializer_list<std::string_view> columns) const;
  bool Has(std::string_view column) const { return header_.Has(column); }
  std::size_t line() const { return reader_.line(); }

 private:
  CsvReader reader_;
  ListErrors& errors_;
  CsvHeader header_;
  std::vector<std::string> row_;
};

// Lines of growing positions, each byte counted once.
class LineCounter {
 public:
  explicit LineCounter(std::string_view text) : text_(text) {}
  std::size_t LineOf(std::size_t position) {
    for (; at_ < position && at_ < text_.size(); ++at_) line_ += text_[at_] == '\n' ? 1 : 0;
    return line_;
  }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t line_ = 1;
};

// Rows of several names each belong to one party, by its id. Parties keep file order.
class PartyGroups {
 public:
  // The party of this id, made on first sight.
  Party& Of(const std::string& id, std::size_t line);
  void AppendTo(PartyList& list, ListErrors& errors);

 private:
  std::map<std::string, std::size_t> places_;
  std::vector<std::pair<Party, std::size_t>> parties_;
};

// The first name becomes the primary one, another an alias, unless it says that it is
// the primary name.
void AddName(Party& party, const std::string& text, NameQuality quality);

}  // namespace weighbridge
