// Licence statements of a model and the contradictions among them.
#pragma once

#include <string>
#include <vector>

#include "scanner/identity/catalog.h"
#include "weighbridge/artifact.h"
#include "weighbridge/model.h"

namespace weighbridge {

// Card, LICENSE texts, in-file metadata, and the catalogue row of the concluded hub
// id ("" none). Several may stand side by side.
std::vector<LicenceClaim> CollectLicences(const std::vector<const Artifact*>& files,
                                          const std::string& catalogue_licence,
                                          const Location& model);

// WB-CONFLICT-LICENCE. Spellings of one licence (Catalog::LicenceById) do not differ.
std::vector<Conflict> LicenceConflicts(const Catalog& catalog,
                                       const std::vector<LicenceClaim>& claims,
                                       const std::string& hub_id);

}  // namespace weighbridge
