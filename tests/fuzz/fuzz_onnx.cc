// Fuzzes the protobuf walk and the ONNX reader.
#include "scanner/formats/onnx.h"
#include "tests/support/fuzz_format.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return weighbridge::testing::FuzzFormat(weighbridge::ProbeOnnx, weighbridge::ParseOnnx, data,
                                          size);
}
