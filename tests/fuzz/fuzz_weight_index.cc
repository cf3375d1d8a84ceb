// Fuzzes the reader of sharded checkpoints' indexes.
#include "scanner/formats/weight_index.h"
#include "tests/support/fuzz_format.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return weighbridge::testing::FuzzFormat(weighbridge::ProbeWeightIndex,
                                          weighbridge::ParseWeightIndex, data, size);
}
