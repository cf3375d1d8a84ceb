// Words that lists share: dates in their several forms, country names, separated
// lists, and the ties and names that remarks state.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "rules/parties/party_list.h"

namespace weighbridge {

// "2016-08-14", "08/14/2016", "14 Aug 2016", "13-Feb-2026", an ISO time; "" for none
// of these. Lists of the US write the month first, those of the UK and EU the day.
enum class DateOrder { kMonthFirst, kDayFirst };
std::string IsoDate(std::string_view text, DateOrder order);

// Alpha-2 of a country's name or code in any case, "" when it is not known.
std::string CountryCode(std::string_view name);
// Adds the code once, keeping the order; nothing when the country is not known.
void AddCountry(Party& party, std::string_view name);
void AddPlace(Party& party, std::string_view city, std::string_view country);
// Adds an alias unless it is empty or a name that the party has.
void AddAlias(Party& party, std::string_view text, NameQuality quality);
// Trimmed parts that are not empty.
std::vector<std::string> Parts(std::string_view text, char separator);

// What OFAC's remarks state: "Linked To: X.", "a.k.a. 'X'" (weak aliases), and shares
// such as "51% owned by X".
void ReadRemarks(Party& party, std::string_view remarks);

// Sorts countries and programmes, drops what stands twice; false when it has no name.
bool FinishParty(Party& party);

}  // namespace weighbridge
