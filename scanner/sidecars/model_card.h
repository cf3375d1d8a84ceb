// The model card: a Markdown file whose YAML front matter says licence, base model
// and more, as the Hugging Face Hub and ModelScope read it.
#pragma once

#include "scanner/sidecars/reading.h"

namespace weighbridge {

// True when the file begins with a front matter that has a key model cards use.
// Emits "card:..." claims.
bool ReadModelCard(const SideCarInput& input, Artifact& artifact);

}  // namespace weighbridge
