// Fuzzes the reader of the GGML family before GGUF.
#include "scanner/formats/ggml_legacy.h"
#include "tests/support/fuzz_format.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return weighbridge::testing::FuzzFormat(weighbridge::ProbeGgmlLegacy,
                                          weighbridge::ParseGgmlLegacy, data, size);
}
