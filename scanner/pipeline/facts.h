// Turns an identified Model into the facts that rules may ask about.
#pragma once

#include <vector>

#include "rules/facts.h"
#include "scanner/identity/catalog.h"
#include "weighbridge/artifact.h"

namespace weighbridge {

ModelFacts MakeFacts(const Model& model, const std::vector<Artifact>& artifacts,
                     const Catalog& catalog);

}  // namespace weighbridge
