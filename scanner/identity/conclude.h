// Conclusion: the Identity of one model, drawn from every layer of evidence.
#pragma once

#include <vector>

#include "scanner/identity/identify.h"
#include "scanner/identity/name_check.h"

namespace weighbridge {

// Fills model.identity and model.conflicts. `models` holds the identities that are
// already concluded, for an adapter whose base lies in the same scan.
void ConcludeIdentity(const std::vector<Artifact>& artifacts, ModelTable& table,
                      const std::vector<Model>& models, Model& model);

}  // namespace weighbridge
