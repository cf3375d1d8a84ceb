// YAML side-cars other than model cards: KitOps' Kitfile and MLflow's MLmodel.
#pragma once

#include "scanner/sidecars/reading.h"

namespace weighbridge {

bool ReadKitfile(const SideCarInput& input, Artifact& artifact);  // "kitfile:..." claims
bool ReadMlModel(const SideCarInput& input, Artifact& artifact);  // "mlmodel:..." claims

}  // namespace weighbridge
