// OFAC's SDN.XML and CONSOLIDATED.XML: sdnList/sdnEntry. The advanced form
// (SDN_ADVANCED.XML, root "Sanctions") is another schema and is not read.
#include "rules/parties/importers.h"
#include "rules/parties/list_words.h"
#include "scanner/base/text.h"
#include "scanner/base/xml_subset.h"

namespace weighbridge {
namespace {

struct Entry {
  Party party;
  std::string first, last;              // of the party
  std::string alias_first, alias_last;  // of the alias being read
  std::string alias_category, city, country;
};

std::string FullName(const std::string& last, const std::string& first) {
  return first.empty() || last.empty() ? last + first : last + ", " + first;
}

PartyType TypeOf(std::string_view text) {
  const std::string lower = ToLower(text);
  if (lower == "individual") return PartyType::kIndividual;
  if (lower == "vessel") return PartyType::kVessel;
  return lower == "aircraft" ? PartyType::kAircraft : PartyType::kEntity;
}

// `path` begins below sdnEntry.
void CloseElement(const std::string& path, const std::string& text, Entry& entry) {
  const std::string value(Trim(text));
  Party& party = entry.party;
  if (path == "uid") party.id = value;
  if (path == "firstName") entry.first = value;
  if (path == "lastName") entry.last = value;
  if (path == "sdnType") party.type = TypeOf(value);
  if (path == "remarks") ReadRemarks(party, value);
  if (path == "programList/program" && !value.empty()) party.programmes.push_back(value);
  if (path == "akaList/aka/category") entry.alias_category = ToLower(value);
  if (path == "akaList/aka/firstName") entry.alias_first = value;
  if (path == "akaList/aka/lastName") entry.alias_last = value;
  if (path == "addressList/address/city") entry.city = value;
  if (path == "addressList/address/country") entry.country = value;
  if (path == "nationalityList/nationality/country" ||
      path == "citizenshipList/citizenship/country" || path == "vesselInfo/vesselFlag")
    AddCountry(party, value);
  if (path == "vesselInfo/vesselOwner" && !value.empty())
    party.ties.push_back({PartyTie::Kind::kOwner, value, std::nullopt});
  if (path == "akaList/aka") {
    party.name.text = FullName(entry.last, entry.first);
    AddAlias(party, FullName(entry.alias_last, entry.alias_first),
             entry.alias_category == "weak" ? NameQuality::kWeak : NameQuality::kStrong);
    entry.alias_first = entry.alias_last = entry.alias_category = "";
  }
  if (path == "addressList/address") {
    AddPlace(party, entry.city, entry.country);
    entry.city = entry.country = "";
  }
}

}  // namespace

void ReadOfacXml(std::string_view text, PartyList& list, ListErrors& errors) {
  XmlReader reader(WithoutByteOrderMark(text));
  Entry entry;
  LineCounter lines(text);
  const std::string inside = "sdnList/sdnEntry/";
  for (auto event = reader.Next(); event != XmlReader::Event::kEnd; event = reader.Next()) {
    if (event == XmlReader::Event::kError) {
      errors.Add(lines.LineOf(reader.position()), reader.error());
      return;
    }
    if (event == XmlReader::Event::kOpen) continue;
    const std::string path = reader.Path();
    if (path == "sdnList/publshInformation/Publish_Date")
      list.published = IsoDate(reader.text(), DateOrder::kMonthFirst);
    if (path.starts_with(inside)) CloseElement(path.substr(inside.size()), reader.text(), entry);
    if (path != "sdnList/sdnEntry") continue;
    entry.party.name.text = FullName(entry.last, entry.first);
    entry.party.source_url = "https://sanctionslist.ofac.treas.gov/";
    AppendParty(std::move(entry.party), lines.LineOf(reader.position()), list, errors);
    entry = Entry();
  }
}

}  // namespace weighbridge
