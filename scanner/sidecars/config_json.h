// config.json as transformers writes it: architecture, dimensions, and what the
// checkpoint says it was made from.
#pragma once

#include "scanner/sidecars/reading.h"

namespace weighbridge {

// True when the document is an object with a model type, architectures, a
// `_name_or_path`, or two known dimensions. Emits "config:..." claims.
bool ReadTransformersConfig(const SideCarInput& input, Artifact& artifact);

// The claims of one parsed document; false when it is not such a config.
bool TakeTransformersConfig(const Json& root, const Limits& limits, Artifact& artifact);

}  // namespace weighbridge
