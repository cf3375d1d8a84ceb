// Tar archives, recognised by their header checksum and told apart by member names:
// NeMo, PyTorch 0.1.1, docker save, OCI layout. A gzip'd tar is recognised only.
#pragma once

#include "scanner/formats/format.h"

namespace weighbridge {

bool ProbeTar(const ProbeWindow& window);
void ParseTar(const ByteSource& source, const ProbeWindow& window, const Limits& limits,
              Artifact& artifact);

}  // namespace weighbridge
