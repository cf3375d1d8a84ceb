// Front matter of model cards.
#include "tests/support/fuzz_side_car.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  weighbridge::FuzzSideCar("README.md", data, size);
  return 0;
}
