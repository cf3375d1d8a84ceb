// GPU code inside ELF files: what a program was built for. A target is never the presence
// of a device, and names a family of products, not a product: sm_90 is H100, H800 and H20.
// Layouts: System V gABI (ELF64); LLVM BinaryFormat/ELF.h (machines 190 and 224 and their
// flags), ClangOffloadBundler; CUDA fat binaries as public tools describe them.
#pragma once

#include <vector>

#include "scanner/source/byte_source.h"
#include "weighbridge/artifact.h"
#include "weighbridge/diagnostic.h"

namespace weighbridge {

struct GpuTargets {
  bool is_elf = false;
  // Sorted and distinct. "target:cuda": "sm_90" machine code, "compute_90" PTX, "unknown";
  // "target:rocm": "gfx942", "unknown".
  std::vector<Claim> claims;
  std::vector<Diagnostic> diagnostics;
};

// Reads headers only, wherever the code lies in the file; never fails.
GpuTargets ReadElfTargets(const ByteSource& source, const Location& location = {});

}  // namespace weighbridge
