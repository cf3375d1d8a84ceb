// GPU code in ELF files: any bytes, read as a file.
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "scanner/accelerators/elf_targets.h"
#include "scanner/accelerators/gpu_code.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace weighbridge;
  if (size > 65536) return 0;
  const MemorySource source(std::vector<std::uint8_t>(data, data + size));
  const GpuTargets targets = ReadElfTargets(source);
  if (!targets.is_elf && !targets.claims.empty()) std::abort();
  for (const Claim& claim : targets.claims) {
    const bool cuda =
        claim.key == "target:cuda" && (claim.value == "unknown" || claim.value.starts_with("sm_") ||
                                       claim.value.starts_with("compute_"));
    const bool rocm = claim.key == "target:rocm" &&
                      (claim.value == "unknown" || AsGfxTarget(claim.value) == claim.value);
    if (!cuda && !rocm) std::abort();
  }
  FoundTargets found;
  ReadFatBinaries(source, found);
  ReadOffloadBundles(source, found);
  return 0;
}
