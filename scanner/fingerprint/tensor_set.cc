// The tensor-content digest of a model.
#include "scanner/fingerprint/tensor_set.h"

#include <algorithm>

#include "scanner/fingerprint/sha256.h"

namespace weighbridge {
namespace {

// True when the artifact's own digests speak for all of its tensors.
bool Contributes(const Artifact& artifact) {
  if (artifact.inspection != Inspection::kFull || artifact.changed_while_read) return false;
  return artifact.tensors_without_digest == 0;
}

}  // namespace

std::string TensorSetDigest(const std::vector<const Artifact*>& weights) {
  std::vector<TensorDigest> all;
  for (const Artifact* artifact : weights) {
    // The bytes of external data are digested with the file that describes them.
    if (artifact->kind == ArtifactKind::kExternalData) continue;
    if (!Contributes(*artifact)) return {};
    const bool has_tensors = std::any_of(artifact->tensors.begin(), artifact->tensors.end(),
                                         [](const Tensor& t) { return t.bytes != 0; });
    if (artifact->tensor_digests.empty() && (has_tensors || artifact->tensors.empty())) return {};
    for (const TensorDigest& digest : artifact->tensor_digests) {
      if (digest.bytes != 0) all.push_back(digest);
    }
  }
  if (all.empty()) return {};
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  Sha256 hash;
  for (const TensorDigest& digest : all) {
    hash.AddUint(digest.bytes);
    for (const std::uint8_t byte : digest.value) hash.AddUint(byte);
  }
  return hash.Finish();
}

}  // namespace weighbridge
