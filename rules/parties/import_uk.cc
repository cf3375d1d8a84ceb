// The United Kingdom's lists: OFSI's ConList.csv ("Last Updated,DD/MM/YYYY" above the
// header, parties by "Group ID") and the UK Sanctions List ("Report Date: 13-Feb-2026",
// parties by "Unique ID"), which replaced it in January 2026. One row per name or address.
#include "rules/parties/importers.h"
#include "rules/parties/list_words.h"
#include "scanner/base/text.h"

namespace weighbridge {
namespace {

// Given names come before "Name 6", the family name or the whole name of a company.
std::string FullName(const TableRows& rows) {
  std::string name;
  for (const char* column : {"Name 1", "Name 2", "Name 3", "Name 4", "Name 5", "Name 6"}) {
    const std::string part = rows.Cell(column);
    if (!part.empty() && part != "0") name += (name.empty() ? "" : " ") + part;
  }
  return name;
}

NameQuality QualityOf(const TableRows& rows) {
  const std::string type = ToLower(rows.AnyOf({"Alias Type", "Name type"}));
  if (type == "primary name") return NameQuality::kPrimary;
  const std::string quality = ToLower(rows.AnyOf({"Alias Quality", "Alias strength"}));
  return quality.find("low") == quality.npos ? NameQuality::kStrong : NameQuality::kWeak;
}

PartyType TypeOf(const std::string& text) {
  const std::string lower = ToLower(text);
  if (lower == "individual") return PartyType::kIndividual;
  if (lower == "entity") return PartyType::kEntity;
  return lower == "ship" ? PartyType::kVessel : PartyType::kUnknown;
}

void AddTies(const TableRows& rows, const char* column, PartyTie::Kind kind, Party& party) {
  for (const auto& name : Parts(rows.Cell(column), ';')) {
    const bool known = [&] {
      for (const PartyTie& tie : party.ties) {
        if (tie.kind == kind && tie.name == name) return true;
      }
      return false;
    }();
    if (!known && party.ties.size() < 100) party.ties.push_back({kind, name, std::nullopt});
  }
}

void ReadRow(const TableRows& rows, Party& party) {
  AddName(party, FullName(rows), QualityOf(rows));
  const std::string script = rows.Cell("Name non-latin script");
  if (!party.name.text.empty()) AddAlias(party, script, NameQuality::kStrong);
  party.type = TypeOf(rows.AnyOf({"Group Type", "Designation Type"}));
  AddPlace(party, "", rows.AnyOf({"Country", "Address Country"}));
  for (const auto& country : Parts(rows.AnyOf({"Nationality", "Nationality(/ies)"}), ';'))
    AddCountry(party, country);
  if (const std::string regime = rows.AnyOf({"Regime", "Regime Name"}); !regime.empty()) {
    if (party.programmes.empty()) party.programmes.push_back(regime);
    party.citation = party.programmes.front();
  }
  if (party.listed_on.empty())
    party.listed_on = IsoDate(rows.AnyOf({"Listed On", "Date Designated"}), DateOrder::kDayFirst);
  AddTies(rows, "Parent company", PartyTie::Kind::kParent, party);
  AddTies(rows, "Current owner/operator (s)", PartyTie::Kind::kOwner, party);
  party.list = rows.Has("Unique ID") ? "UK Sanctions List" : "UK OFSI Consolidated List";
  party.source_url = "https://www.gov.uk/government/publications/the-uk-sanctions-list";
}

// The row above the header: "Last Updated", "03/06/2026", or "Report Date: 13-Feb-2026".
std::string PublishedOn(const std::vector<std::vector<std::string>>& before) {
  for (const auto& row : before) {
    for (const auto& cell : row) {
      const std::size_t colon = cell.find(':');
      const std::string date =
          IsoDate(colon == cell.npos ? cell : cell.substr(colon + 1), DateOrder::kDayFirst);
      if (!date.empty()) return date;
    }
  }
  return {};
}

}  // namespace

void ReadUkCsv(std::string_view text, PartyList& list, ListErrors& errors) {
  TableRows rows(text, ',', errors);
  std::vector<std::vector<std::string>> before;
  if (!rows.FindHeader("Name 6", &before)) return;
  list.published = PublishedOn(before);
  PartyGroups groups;
  while (rows.Next()) {
    const std::string id = rows.AnyOf({"Unique ID", "Group ID"});
    if (id.empty()) {
      errors.Add(rows.line(), "no \"Unique ID\" or \"Group ID\"");
      continue;
    }
    ReadRow(rows, groups.Of(id, rows.line()));
  }
  groups.AppendTo(list, errors);
}

}  // namespace weighbridge
