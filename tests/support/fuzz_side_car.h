// Runs the side-car front door over fuzzed bytes under a fixed name, and checks what
// must hold whatever the bytes are.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "scanner/sidecars/sidecars.h"

namespace weighbridge {

inline void FuzzSideCar(const char* path, const std::uint8_t* data, std::size_t size) {
  const std::vector<std::uint8_t> bytes(data, data + size);
  const MemorySource source(bytes);
  Limits limits;
  limits.max_json_values = 1 << 16;
  Artifact artifact;
  artifact.location.path = path;
  artifact.size_bytes = size;
  ProbeWindow window;
  window.head = ByteSpan(bytes).first(bytes.size() < kHeadBytes ? bytes.size() : kHeadBytes);
  window.source = &source;
  window.size = size;
  window.file_name = artifact.location.FileName();
  const bool taken = InspectSideCar(source, window, limits, artifact);
  if (!taken && (!artifact.claims.empty() || !artifact.diagnostics.empty())) std::abort();
  if (taken && artifact.format.empty()) std::abort();
  if (artifact.claims.size() > limits.max_claims_per_file) std::abort();
  for (const Claim& claim : artifact.claims) {
    if (claim.value.empty() || claim.value.size() > limits.max_claim_bytes) std::abort();
  }
  if (artifact.inspection != Inspection::kFull && artifact.diagnostics.empty()) std::abort();
}

}  // namespace weighbridge
