// United Nations Security Council consolidated list: CONSOLIDATED_LIST with INDIVIDUALS
// and ENTITIES. Aliases carry a quality; "Low" is weak.
#include "rules/parties/importers.h"
#include "rules/parties/list_words.h"
#include "scanner/base/text.h"
#include "scanner/base/xml_subset.h"

namespace weighbridge {
namespace {

struct Entry {
  Party party;
  std::string original_script, quality, alias, city, country;
};

void AddWord(std::string& name, const std::string& word) {
  if (!word.empty()) name += (name.empty() ? "" : " ") + word;
}

// `path` begins below INDIVIDUAL or ENTITY.
void CloseElement(const std::string& path, const std::string& text, Entry& entry) {
  const std::string value(Trim(text));
  Party& party = entry.party;
  if (path == "DATAID") party.id = value;
  if (path == "FIRST_NAME" || path == "SECOND_NAME" || path == "THIRD_NAME" ||
      path == "FOURTH_NAME")
    AddWord(party.name.text, value);
  if (path == "NAME_ORIGINAL_SCRIPT") entry.original_script = value;
  if (path == "UN_LIST_TYPE" && !value.empty()) party.programmes.push_back(value);
  if (path == "REFERENCE_NUMBER") party.citation = value;
  if (path == "LISTED_ON") party.listed_on = IsoDate(value, DateOrder::kDayFirst);
  if (path == "NATIONALITY/VALUE") AddCountry(party, value);
  const std::size_t slash = path.find('/');
  const std::string group = path.substr(0, slash);
  const std::string part = slash == path.npos ? "" : path.substr(slash + 1);
  if (group == "INDIVIDUAL_ALIAS" || group == "ENTITY_ALIAS") {
    if (part == "QUALITY") entry.quality = ToLower(value);
    if (part == "ALIAS_NAME") entry.alias = value;
    if (!part.empty()) return;
    AddAlias(party, entry.alias,
             entry.quality == "low" ? NameQuality::kWeak : NameQuality::kStrong);
    entry.alias = entry.quality = "";
  }
  if (group == "INDIVIDUAL_ADDRESS" || group == "ENTITY_ADDRESS") {
    if (part == "CITY") entry.city = value;
    if (part == "COUNTRY") entry.country = value;
    if (!part.empty()) return;
    AddPlace(party, entry.city, entry.country);
    entry.city = entry.country = "";
  }
}

}  // namespace

void ReadUnXml(std::string_view text, PartyList& list, ListErrors& errors) {
  XmlReader reader(WithoutByteOrderMark(text));
  LineCounter lines(text);
  Entry entry;
  const std::string people = "CONSOLIDATED_LIST/INDIVIDUALS/INDIVIDUAL";
  const std::string bodies = "CONSOLIDATED_LIST/ENTITIES/ENTITY";
  for (auto event = reader.Next(); event != XmlReader::Event::kEnd; event = reader.Next()) {
    if (event == XmlReader::Event::kError) {
      errors.Add(lines.LineOf(reader.position()), reader.error());
      return;
    }
    if (event == XmlReader::Event::kOpen) {
      if (reader.Depth() == 1)
        list.published = IsoDate(reader.Attribute("dateGenerated"), DateOrder::kDayFirst);
      continue;
    }
    const std::string path = reader.Path();
    const bool person = path.starts_with(people);
    const std::string& prefix = person ? people : bodies;
    if (path.starts_with(prefix + "/"))
      CloseElement(path.substr(prefix.size() + 1), reader.text(), entry);
    if (path != prefix) continue;
    entry.party.type = person ? PartyType::kIndividual : PartyType::kEntity;
    entry.party.list = "United Nations Security Council Consolidated List";
    entry.party.source_url =
        "https://main.un.org/securitycouncil/en/content/un-sc-consolidated-list";
    AddAlias(entry.party, entry.original_script, NameQuality::kStrong);
    AppendParty(std::move(entry.party), lines.LineOf(reader.position()), list, errors);
    entry = Entry();
  }
}

}  // namespace weighbridge
