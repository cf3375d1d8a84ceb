// Consolidated Screening List, consolidated.json of trade.gov: {"results": [...]}.
#include "rules/parties/importers.h"
#include "rules/parties/list_words.h"
#include "scanner/base/json.h"
#include "scanner/base/text.h"

namespace weighbridge {
namespace {

// The whole list has about 26,000 parties with some fifty values each.
Limits JsonLimits() {
  Limits limits;
  limits.max_json_bytes = 256ULL << 20;
  limits.max_json_values = 8ULL << 20;
  limits.max_json_depth = 16;
  return limits;
}

// A text, or a list of texts.
std::vector<std::string> Texts(const Json& object, const char* key) {
  const Json* value = Find(object, key);
  std::vector<std::string> texts;
  if (value == nullptr) return texts;
  if (value->is_string()) return Parts(value->get<std::string>(), ';');
  if (!value->is_array()) return texts;
  for (const Json& item : *value) {
    if (item.is_string() && !Trim(item.get<std::string>()).empty())
      texts.push_back(item.get<std::string>());
  }
  return texts;
}

std::string TextOf(const Json& object, const char* key) {
  const Json* value = Find(object, key);
  if (value != nullptr && value->is_number_unsigned())
    return std::to_string(value->get<std::uint64_t>());
  return std::string(Trim(StringOr(object, key)));
}

PartyType TypeOf(const std::string& text) {
  const std::string lower = ToLower(text);
  if (lower == "entity") return PartyType::kEntity;
  if (lower == "individual") return PartyType::kIndividual;
  if (lower == "vessel") return PartyType::kVessel;
  return lower == "aircraft" ? PartyType::kAircraft : PartyType::kUnknown;
}

Party PartyOf(const Json& result) {
  Party party;
  party.id = TextOf(result, "entity_number");
  if (party.id.empty()) party.id = TextOf(result, "id");
  party.name.text = TextOf(result, "name");
  for (const auto& alias : Texts(result, "alt_names")) AddAlias(party, alias, NameQuality::kStrong);
  party.type = TypeOf(TextOf(result, "type"));
  if (const Json* addresses = Find(result, "addresses"); addresses && addresses->is_array()) {
    for (const Json& address : *addresses)
      AddPlace(party, StringOr(address, "city"), StringOr(address, "country"));
  }
  for (const char* key : {"citizenships", "nationalities", "country", "vessel_flag"}) {
    for (const auto& country : Texts(result, key)) AddCountry(party, country);
  }
  party.programmes = Texts(result, "programs");
  party.list = TextOf(result, "source");
  party.listed_on = IsoDate(TextOf(result, "start_date"), DateOrder::kMonthFirst);
  party.ends_on = IsoDate(TextOf(result, "end_date"), DateOrder::kMonthFirst);
  party.citation = TextOf(result, "federal_register_notice");
  party.source_url = TextOf(result, "source_information_url");
  if (party.source_url.empty()) party.source_url = TextOf(result, "source_list_url");
  ReadRemarks(party, TextOf(result, "remarks"));
  if (std::string owner = TextOf(result, "vessel_owner"); !owner.empty())
    party.ties.push_back({PartyTie::Kind::kOwner, std::move(owner), std::nullopt});
  return party;
}

}  // namespace

void ReadCslJson(std::string_view text, PartyList& list, ListErrors& errors) {
  auto root = ParseJson(WithoutByteOrderMark(text), JsonLimits());
  if (!root.ok()) {
    errors.Add(0, root.error().message);
    return;
  }
  const Json* results = root.value().is_array() ? &root.value() : Find(root.value(), "results");
  if (results == nullptr || !results->is_array()) {
    errors.Add(0, "/results: expected a list of parties");
    return;
  }
  for (std::size_t i = 0; i < results->size(); ++i) {
    const Json& result = (*results)[i];
    Party party = PartyOf(result);
    const std::string place = "/results/" + std::to_string(i) + ": ";
    if (!result.is_object() || party.name.text.empty()) {
      errors.Add(0, place + (result.is_object() ? "a party without a name" : "expected an object"));
      continue;
    }
    if (party.id.empty()) party.id = "result " + std::to_string(i);
    AppendParty(std::move(party), 0, list, errors);
  }
}

}  // namespace weighbridge
