// Turns an identified Model into the facts that rules may ask about.
#pragma once

#include <vector>

#include "rules/facts.h"
#include "rules/rule_set.h"
#include "scanner/identity/catalog.h"
#include "weighbridge/artifact.h"
#include "weighbridge/service.h"

namespace weighbridge {

ModelFacts MakeFacts(const Model& model, const std::vector<Artifact>& artifacts,
                     const Catalog& catalog);

// Of a hosted service: as the provider's own where it is of a model's publisher, and for
// the models of others that it serves, each publisher once. Empty when neither is known
// or nothing shows that it is used.
std::vector<ModelFacts> MakeServiceFacts(const ServiceUse& use, const Catalog& catalog);

// What the rules say of a service's use.
std::vector<Finding> ServiceFindings(const ServiceUse& use, const RuleSet& rules,
                                     const Policy& policy, const std::string& as_of,
                                     const Catalog& catalog);

}  // namespace weighbridge
