// EU consolidated list of financial sanctions, XML 1.1: export/sanctionEntity, nearly
// everything in attributes.
#include "rules/parties/importers.h"
#include "rules/parties/list_words.h"
#include "scanner/base/text.h"
#include "scanner/base/xml_subset.h"

namespace weighbridge {
namespace {

std::string FullName(const XmlReader& reader) {
  const std::string whole(Trim(reader.Attribute("wholeName")));
  if (!whole.empty()) return whole;
  std::string name;
  for (const char* key : {"firstName", "middleName", "lastName"}) {
    const std::string part(Trim(reader.Attribute(key)));
    if (!part.empty()) name += (name.empty() ? "" : " ") + part;
  }
  return name;
}

std::string CountryOf(const XmlReader& reader) {
  const std::string code = reader.Attribute("countryIso2Code");
  // "00" is the list's own code for an unknown country.
  if (code == "00") return {};
  return code.empty() ? reader.Attribute("countryDescription") : code;
}

void OpenElement(const XmlReader& reader, Party& party) {
  const std::string& element = reader.Element();
  if (element == "sanctionEntity") {
    party.id = reader.Attribute("euReferenceNumber");
    if (party.id.empty()) party.id = reader.Attribute("logicalId");
    party.listed_on = IsoDate(reader.Attribute("designationDate"), DateOrder::kDayFirst);
  } else if (reader.Depth() != 3) {
    return;
  } else if (element == "subjectType") {
    const std::string code = ToLower(reader.Attribute("code"));
    const bool person = code == "person" || code == "p";
    party.type = person ? PartyType::kIndividual : PartyType::kEntity;
  } else if (element == "nameAlias") {
    const bool weak = reader.Attribute("strong") == "false";
    AddName(party, FullName(reader), weak ? NameQuality::kWeak : NameQuality::kStrong);
  } else if (element == "regulation") {
    if (std::string programme = reader.Attribute("programme"); !programme.empty())
      party.programmes.push_back(std::move(programme));
    if (party.citation.empty()) party.citation = reader.Attribute("numberTitle");
  } else if (element == "address") {
    AddPlace(party, reader.Attribute("city"), CountryOf(reader));
  } else if (element == "citizenship") {
    AddCountry(party, CountryOf(reader));
  }
}

}  // namespace

void ReadEuXml(std::string_view text, PartyList& list, ListErrors& errors) {
  XmlReader reader(WithoutByteOrderMark(text));
  LineCounter lines(text);
  Party party;
  for (auto event = reader.Next(); event != XmlReader::Event::kEnd; event = reader.Next()) {
    if (event == XmlReader::Event::kError) {
      errors.Add(lines.LineOf(reader.position()), reader.error());
      return;
    }
    if (event == XmlReader::Event::kOpen) {
      if (reader.Depth() == 1)
        list.published = IsoDate(reader.Attribute("generationDate"), DateOrder::kDayFirst);
      OpenElement(reader, party);
      continue;
    }
    if (reader.Element() == "publicationUrl" && party.source_url.empty())
      party.source_url = std::string(Trim(reader.text()));
    if (reader.Path() != "export/sanctionEntity") continue;
    party.list = "EU Consolidated Financial Sanctions List";
    AppendParty(std::move(party), lines.LineOf(reader.position()), list, errors);
    party = Party();
  }
}

}  // namespace weighbridge
