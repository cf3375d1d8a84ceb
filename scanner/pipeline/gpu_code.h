// What software on disk is built for: accelerator libraries by their names, GPU code
// inside ELF files, and model formats that run on one maker's devices only. Targets, never
// the presence of a device.
#pragma once

#include "scanner/pipeline/recognise.h"

namespace weighbridge {

// True when `head` begins an ELF file that is such a library or holds such code; then the
// artifact says so in claims "target:...", "stack:...". Of a stream, only files whose name
// promises GPU code are read to their end.
bool InspectGpuCode(const ByteSource& source, ByteSpan head, Access access, const Limits& limits,
                    Artifact& artifact);

// Adds "target:device" to a model of a format that only runs on certain devices.
void AddFormatTarget(Artifact& artifact);

}  // namespace weighbridge
