// OFAC's legacy comma-delimited files. "-0-" stands for no value. SDN: number, name,
// type, programmes, title, call sign, vessel type, tonnage, gross tonnage, flag, owner,
// remarks. ALT: number, alias number, aka/fka/nka, name, remarks. ADD: number, address
// number, address, city, country, remarks.
#include "rules/parties/importers.h"
#include "rules/parties/list_words.h"
#include "scanner/base/text.h"

namespace weighbridge {
namespace {

constexpr std::size_t kSdnFields = 12;
constexpr std::size_t kAltFields = 5;
constexpr std::size_t kAddFields = 6;
constexpr const char* kUrl = "https://sanctionslist.ofac.treas.gov/";

std::string Value(const std::string& cell) {
  const std::string_view value = Trim(cell);
  return value == "-0-" ? std::string() : std::string(value);
}

// "SDGT] [SDT] [SYRIA"
std::vector<std::string> Programmes(const std::string& text) {
  std::string flat;
  for (const char c : text) flat += c == '[' || c == ']' ? ';' : c;
  return Parts(flat, ';');
}

PartyType TypeOf(const std::string& text) {
  if (text == "individual") return PartyType::kIndividual;
  if (text == "vessel") return PartyType::kVessel;
  return text == "aircraft" ? PartyType::kAircraft : PartyType::kEntity;
}

// "nationality China", "alt. citizen Sierra Leone"
void AddNationalities(Party& party, const std::string& remarks) {
  for (const auto& part : Parts(remarks, ';')) {
    for (const std::string_view word : {"nationality ", "citizen "}) {
      const std::size_t at = part.find(word);
      if (at == 0 || (at == 5 && part.starts_with("alt. ")))
        AddCountry(party, part.substr(at + word.size()));
    }
  }
}

bool CheckRow(const std::vector<std::string>& row, std::size_t fields, std::size_t line,
              ListErrors& errors) {
  if (row.size() != fields) {
    errors.Add(line, std::to_string(row.size()) + " fields, expected " + std::to_string(fields));
    return false;
  }
  if (ParseUint(Trim(row[0]))) return true;
  errors.Add(line, "entity number is " + Quote(row[0], 40) + ", expected digits");
  return false;
}

// Rows that belong to a party of the list, with its place there.
template <typename Use>
void ForJoinedRows(std::string_view text, std::size_t fields, PartyList& list, ListErrors& errors,
                   const Use& use) {
  std::map<std::string, std::size_t, std::less<>> places;
  for (std::size_t i = 0; i < list.parties.size(); ++i) places.emplace(list.parties[i].id, i);
  CsvReader reader(text, ',');
  for (std::vector<std::string> row; reader.Next(row);) {
    if (!CheckRow(row, fields, reader.line(), errors)) continue;
    const auto found = places.find(Trim(row[0]));
    if (found == places.end()) {
      errors.Add(reader.line(),
                 "entity " + std::string(Trim(row[0])) + " is not in " + Printable(list.file));
      continue;
    }
    use(row, list.parties[found->second]);
  }
  if (!reader.error().empty()) errors.Add(reader.line(), reader.error());
}

}  // namespace

void ReadOfacCsv(std::string_view text, PartyList& list, ListErrors& errors) {
  CsvReader reader(text, ',');
  for (std::vector<std::string> row; reader.Next(row);) {
    if (!CheckRow(row, kSdnFields, reader.line(), errors)) continue;
    Party party;
    party.id = std::string(Trim(row[0]));
    party.name.text = Value(row[1]);
    party.type = TypeOf(Value(row[2]));
    party.programmes = Programmes(Value(row[3]));
    party.source_url = kUrl;
    AddCountry(party, Value(row[9]));
    if (const std::string owner = Value(row[10]); !owner.empty())
      party.ties.push_back({PartyTie::Kind::kOwner, owner, std::nullopt});
    const std::string remarks = Value(row[11]);
    ReadRemarks(party, remarks);
    AddNationalities(party, remarks);
    AppendParty(std::move(party), reader.line(), list, errors);
  }
  if (!reader.error().empty()) errors.Add(reader.line(), reader.error());
}

void JoinOfacNames(std::string_view text, PartyList& list, ListErrors& errors) {
  ForJoinedRows(text, kAltFields, list, errors, [](const auto& row, Party& party) {
    AddAlias(party, Value(row[3]), NameQuality::kStrong);
  });
}

void JoinOfacAddresses(std::string_view text, PartyList& list, ListErrors& errors) {
  ForJoinedRows(text, kAddFields, list, errors, [](const auto& row, Party& party) {
    AddPlace(party, Value(row[3]), Value(row[4]));
    FinishParty(party);
  });
}

}  // namespace weighbridge
