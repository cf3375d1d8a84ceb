// Licence texts: normalisation and markers.
#include "tests/support/fuzz_side_car.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  weighbridge::FuzzSideCar("LICENSE", data, size);
  return 0;
}
