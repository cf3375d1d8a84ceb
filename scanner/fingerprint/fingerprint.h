// The fingerprints of one model, over all its weight files and side-cars.
#pragma once

#include <vector>

#include "weighbridge/artifact.h"
#include "weighbridge/model.h"

namespace weighbridge {

// Fills layout_digest, tensor_digest, tokenizer_digest and dimensions. Pure;
// `artifacts` is what Model::weights and side_cars index.
void FingerprintModel(const std::vector<Artifact>& artifacts, Model& model);

}  // namespace weighbridge
