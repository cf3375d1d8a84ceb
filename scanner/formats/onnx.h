// ONNX ModelProto. See onnx.cc for the layout.
#pragma once

#include "scanner/formats/format.h"

namespace weighbridge {

bool ProbeOnnx(const ProbeWindow& window);
void ParseOnnx(const ByteSource& source, const ProbeWindow& window, const Limits& limits,
               Artifact& artifact);

}  // namespace weighbridge
