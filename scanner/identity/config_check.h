// What a configuration (or GGUF metadata) claims about dimensions and architecture,
// against the tensors.
#pragma once

#include <string>
#include <vector>

#include "scanner/identity/structure.h"
#include "weighbridge/artifact.h"
#include "weighbridge/model.h"

namespace weighbridge {

struct ConfigCheck {
  std::vector<Conflict> conflicts;
  std::string architecture;  // the claimed model_type or GGUF architecture that stands, "" none
  Location location;         // of that claim
};

ConfigCheck CheckConfiguration(const std::vector<const Artifact*>& files,
                               const Dimensions& dimensions, const StructureMatch& structure,
                               bool layers_are_partial);

}  // namespace weighbridge
