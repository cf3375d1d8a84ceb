// The streaming reader of tokenizer.json.
#include "tests/support/fuzz_side_car.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  weighbridge::FuzzSideCar("m/tokenizer.json", data, size);
  return 0;
}
