// Fuzzes the front door: every probe, and the parser of the one that says yes.
#include "scanner/formats/formats.h"
#include "tests/support/fuzz_format.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const weighbridge::testing::Opened opened({data, data + size}, "file.bin");
  weighbridge::Limits limits;
  limits.max_tensors_per_file = 1000;
  limits.max_gguf_array_elements = 100'000;
  weighbridge::Artifact artifact;
  artifact.size_bytes = size;
  const bool known =
      weighbridge::InspectWeights(opened.source(), opened.window(), limits, artifact);
  if (known == artifact.format.empty()) std::abort();
  if (!known && !artifact.tensors.empty()) std::abort();
  return 0;
}
