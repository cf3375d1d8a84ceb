// Fuzzes the git-lfs pointer grammar.
#include "scanner/formats/lfs_pointer.h"
#include "tests/support/fuzz_format.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return weighbridge::testing::FuzzFormat(weighbridge::ProbeLfsPointer,
                                          weighbridge::ParseLfsPointer, data, size);
}
