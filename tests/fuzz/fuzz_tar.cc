// Fuzzes the tar family: no input may crash it, hang it or place data outside the file.
#include "scanner/formats/tar_family.h"
#include "tests/support/fuzz_format.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace weighbridge;
  return testing::FuzzFormat(&ProbeTar, &ParseTar, data, size);
}
