// Consolidated Screening List, consolidated.csv of trade.gov: one row per party, the
// columns by name; newer files open with "_id".
#include "rules/parties/importers.h"
#include "rules/parties/list_words.h"
#include "scanner/base/text.h"

namespace weighbridge {
namespace {

// "street, city, postal code, CN": only the country can be told for certain.
void AddAddresses(Party& party, const std::string& text) {
  for (const auto& address : Parts(text, ';')) {
    const std::size_t comma = address.rfind(',');
    const std::string last = address.substr(comma == std::string::npos ? 0 : comma + 1);
    if (!CountryCode(last).empty()) AddPlace(party, "", last);
  }
}

PartyType TypeOf(const std::string& text) {
  const std::string lower = ToLower(text);
  if (lower == "entity") return PartyType::kEntity;
  if (lower == "individual") return PartyType::kIndividual;
  if (lower == "vessel") return PartyType::kVessel;
  return lower == "aircraft" ? PartyType::kAircraft : PartyType::kUnknown;
}

}  // namespace

void ReadCslCsv(std::string_view text, PartyList& list, ListErrors& errors) {
  TableRows rows(text, ',', errors);
  if (!rows.FindHeader("source")) return;
  while (rows.Next()) {
    Party party;
    party.id = rows.AnyOf({"entity_number", "_id"});
    if (party.id.empty()) party.id = "row " + std::to_string(rows.line());
    party.name.text = rows.Cell("name");
    for (const auto& alias : Parts(rows.Cell("alt_names"), ';'))
      AddAlias(party, alias, NameQuality::kStrong);
    party.type = TypeOf(rows.Cell("type"));
    AddAddresses(party, rows.Cell("addresses"));
    for (const char* column : {"citizenships", "nationalities", "vessel_flag"}) {
      for (const auto& country : Parts(rows.Cell(column), ';')) AddCountry(party, country);
    }
    party.programmes = Parts(rows.Cell("programs"), ';');
    party.list = rows.Cell("source");
    party.listed_on = IsoDate(rows.Cell("start_date"), DateOrder::kMonthFirst);
    party.ends_on = IsoDate(rows.Cell("end_date"), DateOrder::kMonthFirst);
    party.citation = rows.Cell("federal_register_notice");
    party.source_url = rows.AnyOf({"source_information_url", "source_list_url"});
    ReadRemarks(party, rows.Cell("remarks"));
    if (const std::string owner = rows.Cell("vessel_owner"); !owner.empty())
      party.ties.push_back({PartyTie::Kind::kOwner, owner, std::nullopt});
    AppendParty(std::move(party), rows.line(), list, errors);
  }
}

}  // namespace weighbridge
