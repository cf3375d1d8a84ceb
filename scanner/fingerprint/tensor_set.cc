// The tensor-content digest of a model.
#include "scanner/fingerprint/tensor_set.h"

#include <algorithm>
#include <set>
#include <string>

#include "scanner/fingerprint/sha256.h"

namespace weighbridge {
namespace {

// True when the artifact's own digests speak for all of its tensors.
bool Contributes(const Artifact& artifact) {
  if (artifact.inspection != Inspection::kFull || artifact.changed_while_read) return false;
  if (artifact.tensors_without_digest != 0) return false;
  if (artifact.kind == ArtifactKind::kExternalData) return !artifact.tensor_digests.empty();
  // External tensors are digested with the file that holds them.
  const bool holds_data =
      std::any_of(artifact.tensors.begin(), artifact.tensors.end(),
                  [](const Tensor& t) { return t.bytes != 0 && t.external_file < 0; });
  return !artifact.tensor_digests.empty() || (!holds_data && !artifact.tensors.empty());
}

// Every external file that a model names must be among its weights.
bool HasAllExternalData(const std::vector<const Artifact*>& weights) {
  std::set<std::string> named;
  std::size_t there = 0;
  for (const Artifact* artifact : weights) {
    named.insert(artifact->external_files.begin(), artifact->external_files.end());
    if (artifact->kind == ArtifactKind::kExternalData) ++there;
  }
  return there >= named.size();
}

}  // namespace

std::string TensorSetDigest(const std::vector<const Artifact*>& weights) {
  if (!HasAllExternalData(weights)) return {};
  std::vector<TensorDigest> all;
  for (const Artifact* artifact : weights) {
    if (!Contributes(*artifact)) return {};
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
