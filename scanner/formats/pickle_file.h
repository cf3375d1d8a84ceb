// Plain pickles: any protocol, joblib dumps (also zlib or gzip compressed), dill and
// cloudpickle, Paddle state dicts. Listed opcode by opcode, never loaded.
#pragma once

#include "scanner/formats/format.h"

namespace weighbridge {

bool ProbePickle(const ProbeWindow& window);
void ParsePickle(const ByteSource& source, const ProbeWindow& window, const Limits& limits,
                 Artifact& artifact);

}  // namespace weighbridge
