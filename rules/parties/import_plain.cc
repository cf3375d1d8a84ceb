// A list of one's own: name[,aliases,country,type,list,listed_on,citation,source_url,
// parent,parent_percent], columns by name, aliases between "|".
#include <charconv>

#include "rules/parties/importers.h"
#include "rules/parties/list_words.h"
#include "scanner/base/text.h"

namespace weighbridge {
namespace {

bool ReadType(const std::string& text, PartyType& type) {
  for (const PartyType known : {PartyType::kUnknown, PartyType::kEntity, PartyType::kIndividual,
                                PartyType::kVessel, PartyType::kAircraft}) {
    if (ToLower(text) != PartyTypeName(known)) continue;
    type = known;
    return true;
  }
  return false;
}

void ReadParent(const TableRows& rows, Party& party, ListErrors& errors) {
  const std::string parent = rows.Cell("parent");
  const std::string share = rows.Cell("parent_percent");
  if (parent.empty()) return;
  PartyTie tie{PartyTie::Kind::kParent, parent, std::nullopt};
  if (!share.empty()) {
    double value = 0;
    const auto result = std::from_chars(share.data(), share.data() + share.size(), value);
    const bool whole = result.ec == std::errc() && result.ptr == share.data() + share.size();
    if (whole && value > 0 && value <= 100)
      tie.percent = value;
    else
      errors.Add(rows.line(), "parent_percent is " + Quote(share, 40) + ", expected 0 to 100");
  }
  party.ties.push_back(std::move(tie));
}

}  // namespace

void ReadPlainCsv(std::string_view text, PartyList& list, ListErrors& errors) {
  CsvReader peek(text, ',');
  std::vector<std::string> first;
  peek.Next(first);
  const std::string_view column = CsvHeader(first).Has("party") ? "party" : "name";
  TableRows rows(text, ',', errors);
  if (!rows.FindHeader(column)) return;
  while (rows.Next()) {
    Party party;
    party.id = "row " + std::to_string(rows.line());
    party.name.text = rows.Cell(column);
    for (const auto& alias : Parts(rows.Cell("aliases"), '|'))
      AddAlias(party, alias, NameQuality::kStrong);
    const std::string country = rows.Cell("country");
    AddCountry(party, country);
    if (!country.empty() && party.countries.empty())
      errors.Add(rows.line(), "country " + Quote(country, 40) + " is not known");
    if (const std::string type = rows.Cell("type"); !ReadType(type, party.type))
      errors.Add(rows.line(), "type is " + Quote(type, 40) +
                                  ", expected entity, individual, vessel or aircraft");
    const std::string date = rows.Cell("listed_on");
    party.listed_on = IsoDate(date, DateOrder::kDayFirst);
    if (!date.empty() && party.listed_on != date)
      errors.Add(rows.line(), "listed_on is " + Quote(date, 40) + ", expected YYYY-MM-DD");
    party.list = rows.Cell("list");
    if (party.list.empty()) party.list = list.file.substr(list.file.rfind('/') + 1);
    party.citation = rows.Cell("citation");
    party.source_url = rows.Cell("source_url");
    ReadParent(rows, party, errors);
    AppendParty(std::move(party), rows.line(), list, errors);
  }
}

}  // namespace weighbridge
