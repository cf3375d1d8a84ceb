// Fuzzes the GGUF reader.
#include "scanner/formats/gguf.h"
#include "tests/support/fuzz_format.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return weighbridge::testing::FuzzFormat(weighbridge::ProbeGguf, weighbridge::ParseGguf, data,
                                          size);
}
