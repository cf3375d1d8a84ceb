// BuildPartyImage: imported lists become one SQLite database (party_schema.h). The same
// lists in the same order give the same bytes, with any SQLite.
#pragma once

#include <string>
#include <vector>

#include "rules/parties/party_list.h"
#include "weighbridge/result.h"

namespace weighbridge {

Result<std::string> BuildPartyImage(const std::vector<PartyList>& lists);

// The first letters of a name of three words and more, with and without "corporation"
// and "company": {"smi", "smic"}. `whole` is that of NormalName.
std::vector<std::string> Initials(const std::string& whole);

}  // namespace weighbridge
