// BIS Denied Persons List, dpl.txt: tab separated, one row per address of an order.
#include "rules/parties/importers.h"
#include "rules/parties/list_words.h"

namespace weighbridge {

void ReadDeniedPersons(std::string_view text, PartyList& list, ListErrors& errors) {
  TableRows rows(text, '\t', errors);
  if (!rows.FindHeader("Street_Address")) return;
  PartyGroups groups;
  std::size_t nameless = 0;
  while (rows.Next()) {
    const std::string name = rows.Cell("Name");
    const std::string from = IsoDate(rows.Cell("Effective_Date"), DateOrder::kMonthFirst);
    // The same name under another order is another entry.
    const std::string key = name.empty() ? "#" + std::to_string(++nameless) : name + " of " + from;
    Party& party = groups.Of(key, rows.line());
    AddName(party, name, NameQuality::kPrimary);
    AddPlace(party, rows.Cell("City"), rows.Cell("Country"));
    party.list = "Denied Persons List (DPL) - Bureau of Industry and Security";
    party.listed_on = from;
    party.ends_on = IsoDate(rows.Cell("Expiration_Date"), DateOrder::kMonthFirst);
    if (const std::string notice = rows.Cell("FR_Citation"); notice.size() > party.citation.size())
      party.citation = notice;
    party.source_url = "https://www.bis.gov/denied-persons-list";
  }
  groups.AppendTo(list, errors);
}

}  // namespace weighbridge
