// EU consolidated list of financial sanctions, CSV 1.1: semicolons, one row per name,
// address or document of a party, all with its Entity_ columns.
#include "rules/parties/importers.h"
#include "rules/parties/list_words.h"
#include "scanner/base/text.h"

namespace weighbridge {
namespace {

std::string FullName(const TableRows& rows) {
  if (std::string whole = rows.Cell("NameAlias_WholeName"); !whole.empty()) return whole;
  std::string name;
  for (const char* column : {"NameAlias_FirstName", "NameAlias_MiddleName", "NameAlias_LastName"}) {
    const std::string part = rows.Cell(column);
    if (!part.empty()) name += (name.empty() ? "" : " ") + part;
  }
  return name;
}

// The word and the letter stand in either of two columns, by version.
PartyType TypeOf(const TableRows& rows) {
  for (const char* column : {"Entity_SubjectType", "Entity_SubjectType_ClassificationCode"}) {
    const std::string value = ToLower(rows.Cell(column));
    if (value == "person" || value == "p") return PartyType::kIndividual;
    if (value == "enterprise" || value == "e") return PartyType::kEntity;
  }
  return PartyType::kUnknown;
}

void ReadRow(const TableRows& rows, Party& party) {
  const bool weak = ToLower(rows.Cell("NameAlias_Strong")) == "false";
  AddName(party, FullName(rows), weak ? NameQuality::kWeak : NameQuality::kStrong);
  if (party.type == PartyType::kUnknown) party.type = TypeOf(rows);
  // "00" is the list's own code for an unknown country.
  const std::string country = rows.AnyOf({"Address_CountryIso2Code", "Address_CountryDescription"});
  AddPlace(party, rows.Cell("Address_City"), country == "00" ? "" : country);
  AddCountry(party, rows.AnyOf({"Citizenship_CountryIso2Code", "Citizenship_CountryDescription"}));
  if (const std::string programme = rows.Cell("Entity_Regulation_Programme");
      !programme.empty() && (party.programmes.empty() || party.programmes.back() != programme))
    party.programmes.push_back(programme);
  if (party.listed_on.empty())
    party.listed_on = IsoDate(rows.Cell("Entity_DesignationDate"), DateOrder::kDayFirst);
  if (party.citation.empty()) party.citation = rows.Cell("Entity_Regulation_NumberTitle");
  if (party.source_url.empty()) party.source_url = rows.Cell("Entity_Regulation_PublicationUrl");
  party.list = "EU Consolidated Financial Sanctions List";
}

}  // namespace

void ReadEuCsv(std::string_view text, PartyList& list, ListErrors& errors) {
  TableRows rows(text, ';', errors);
  if (!rows.FindHeader("Entity_LogicalId")) return;
  PartyGroups groups;
  while (rows.Next()) {
    const std::string id = rows.Cell("Entity_LogicalId");
    if (list.published.empty())
      list.published = IsoDate(rows.Cell("fileGenerationDate"), DateOrder::kDayFirst);
    if (id.empty()) {
      if (!FullName(rows).empty()) errors.Add(rows.line(), "a name without Entity_LogicalId");
      continue;
    }
    ReadRow(rows, groups.Of(id, rows.line()));
  }
  groups.AppendTo(list, errors);
}

}  // namespace weighbridge
