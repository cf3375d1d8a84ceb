// Fuzzes the PyTorch legacy stream: no input may crash it, hang it or place data outside the file.
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "scanner/formats/pytorch_legacy.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace weighbridge;
  const std::vector<std::uint8_t> bytes(data, data + size);
  const MemorySource source(bytes);
  ProbeWindow window;
  window.head = bytes;
  window.source = &source;
  window.size = size;
  if (!ProbePytorchLegacy(window)) return 0;
  Artifact artifact;
  ParsePytorchLegacy(source, window, Limits{}, artifact);
  for (const Tensor& tensor : artifact.tensors) {
    if (!tensor.has_data) continue;
    if (tensor.offset > size || tensor.bytes > size - tensor.offset) std::abort();
  }
  return 0;
}
