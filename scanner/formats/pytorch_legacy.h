// PyTorch's stream format before 1.6: five pickles, then raw storages.
#pragma once

#include "scanner/formats/format.h"

namespace weighbridge {

bool ProbePytorchLegacy(const ProbeWindow& window);
void ParsePytorchLegacy(const ByteSource& source, const ProbeWindow& window, const Limits& limits,
                        Artifact& artifact);

}  // namespace weighbridge
