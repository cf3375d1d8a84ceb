// Every format that is a zip: decides which one from the member names.
#pragma once

#include "scanner/formats/format.h"

namespace weighbridge {

// A local header at byte 0, or a program (APE, ELF, PE, Mach-O) with a zip at its end.
bool ProbeZip(const ProbeWindow& window);
// Any file whose tail holds a zip directory that can be read: for polyglots. The
// answer goes into also_formats of a file that another format claims.
bool ProbeTrailingZip(const ProbeWindow& window);
void ParseZip(const ByteSource& source, const ProbeWindow& window, const Limits& limits,
              Artifact& artifact);

}  // namespace weighbridge
