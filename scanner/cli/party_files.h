// Reading the files of published party lists, and the catalogue's own listed parties.
#pragma once

#include <string>
#include <vector>

#include "rules/parties/party_list.h"
#include "scanner/identity/catalog.h"
#include "weighbridge/result.h"

namespace weighbridge {

Result<std::vector<PartyList>> ReadPartyFiles(const std::vector<std::string>& paths);
PartyList ListedInCatalog(const Catalog& catalog);

}  // namespace weighbridge
