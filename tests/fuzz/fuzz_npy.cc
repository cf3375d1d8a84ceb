// Fuzzes the .npy header and its literal grammar.
#include "scanner/formats/npy.h"
#include "tests/support/fuzz_format.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return weighbridge::testing::FuzzFormat(weighbridge::ProbeNpy, weighbridge::ParseNpy, data, size);
}
