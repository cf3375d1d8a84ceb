// Tensor digest of a model: SHA-256 over the sorted, distinct per-tensor content
// digests, so that names, order, sharding, padding and container do not matter and
// tied tensors count once. Empty tensors have no bytes and take no part.
#pragma once

#include <string>
#include <vector>

#include "weighbridge/artifact.h"

namespace weighbridge {

// "" unless every artifact contributed and none has a tensor without a digest.
std::string TensorSetDigest(const std::vector<const Artifact*>& weights);

}  // namespace weighbridge
