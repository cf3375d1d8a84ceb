// Modelfile: how Ollama is told to build a model.
#pragma once

#include "scanner/sidecars/reading.h"

namespace weighbridge {

// True when every instruction line is one that Ollama knows and one of them is FROM.
// Claims "modelfile:from", "modelfile:adapter", "modelfile:license", "modelfile:parameter".
bool ReadModelfile(const SideCarInput& input, Artifact& artifact);

}  // namespace weighbridge
