// What a SIF image says about itself. Claims, all capped: sif:arch, sif:created,
// sif:label.<key> (the labels object, or those in Apptainer's inspect-metadata.json),
// sif:deffile (the "Bootstrap:" and "From:" lines), sif:env (names of variables, never
// their values).
#pragma once

#include "scanner/formats/format.h"

namespace weighbridge {

void DescribeSif(const ProbeWindow& window, Artifact& artifact);

}  // namespace weighbridge
