// The layout digest.
#include "scanner/fingerprint/tensor_layout.h"

#include <algorithm>
#include <tuple>

#include "scanner/fingerprint/sha256.h"

namespace weighbridge {

std::string LayoutDigest(const std::vector<const Tensor*>& tensors) {
  if (tensors.empty()) return {};
  std::vector<const Tensor*> sorted = tensors;
  std::sort(sorted.begin(), sorted.end(), [](const Tensor* a, const Tensor* b) {
    return std::tie(a->name, a->dtype, a->shape) < std::tie(b->name, b->dtype, b->shape);
  });
  Sha256 hash;
  for (const Tensor* tensor : sorted) {
    hash.AddUint(tensor->name.size());
    hash.Add(tensor->name);
    hash.AddUint(tensor->dtype.size());
    hash.Add(tensor->dtype);
    hash.AddUint(tensor->shape.size());
    for (const std::uint64_t dimension : tensor->shape) hash.AddUint(dimension);
  }
  return hash.Finish();
}

}  // namespace weighbridge
