// A file without a name in the folder for temporary files ($TMPDIR, else /var/tmp):
// gone when its descriptor is closed, whatever happens. Never beside scanned data.
#pragma once

#include <cstdint>

#include "weighbridge/bytes.h"
#include "weighbridge/result.h"

namespace weighbridge {

// The caller closes the descriptor.
Result<int> OpenScratchFile();
Status AppendToScratch(int descriptor, ByteSpan bytes);
Result<std::size_t> ReadScratch(int descriptor, std::uint64_t offset, MutableByteSpan out);
void CloseScratch(int descriptor);

}  // namespace weighbridge
