// FingerprintModel: the digests and dimensions of one grouped model.
#include "scanner/fingerprint/fingerprint.h"

#include <algorithm>

#include "scanner/fingerprint/dimensions.h"
#include "scanner/fingerprint/sha256.h"
#include "scanner/fingerprint/tensor_layout.h"
#include "scanner/fingerprint/tensor_set.h"

namespace weighbridge {
namespace {

// The digest of the model's tokenizer file; that of the weights when the tokenizer
// lies in them (GGUF); the smallest text digest when several differ.
std::string TokenizerDigest(const std::vector<Artifact>& artifacts, const Model& model) {
  std::vector<std::string> digests;
  for (const std::size_t index : model.side_cars) {
    if (index >= artifacts.size()) continue;
    const Artifact& side_car = artifacts[index];
    if (side_car.kind == ArtifactKind::kTokenizer && !side_car.text_digest.empty()) {
      digests.push_back(side_car.text_digest);
    }
  }
  for (const std::size_t index : model.weights) {
    if (index >= artifacts.size() || artifacts[index].text_digest.empty()) continue;
    return artifacts[index].text_digest;  // in the file itself: nearer than a side-car
  }
  return digests.empty() ? std::string() : *std::min_element(digests.begin(), digests.end());
}

}  // namespace

void FingerprintModel(const std::vector<Artifact>& artifacts, Model& model) {
  std::vector<const Artifact*> weights;
  std::vector<const Tensor*> tensors;
  for (const std::size_t index : model.weights) {
    if (index >= artifacts.size()) continue;
    weights.push_back(&artifacts[index]);
    for (const Tensor& tensor : artifacts[index].tensors) tensors.push_back(&tensor);
  }
  model.layout_digest = LayoutDigest(tensors);
  model.tensor_digest = model.complete && !model.pointer_only ? TensorSetDigest(weights) : "";
  model.tokenizer_digest = TokenizerDigest(artifacts, model);
  model.dimensions = RecoverDimensions(tensors);
}

}  // namespace weighbridge
