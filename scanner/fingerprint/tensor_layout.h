// Layout digest: SHA-256 over the sorted (name, dtype, shape) of every tensor of a
// model. Independent of sharding, of the order in the files and of the container's
// padding; it changes with any name, dtype or dimension.
//
// Hashed per tensor, in sorted order (integers are eight bytes, little-endian):
//   size of name | name | size of dtype | dtype | rank | dimension...
#pragma once

#include <string>
#include <vector>

#include "weighbridge/artifact.h"

namespace weighbridge {

// "" when there are no tensors.
std::string LayoutDigest(const std::vector<const Tensor*>& tensors);

}  // namespace weighbridge
