// Fuzzes the safetensors reader.
#include "scanner/formats/safetensors.h"
#include "tests/support/fuzz_format.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return weighbridge::testing::FuzzFormat(weighbridge::ProbeSafetensors,
                                          weighbridge::ParseSafetensors, data, size);
}
