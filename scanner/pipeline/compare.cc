#include <algorithm>
#include <vector>

#include "weighbridge/scan.h"

namespace weighbridge {
namespace {

struct Contents {
  std::vector<TensorDigest> tensors;  // sorted, distinct
  std::uint64_t bytes = 0;
  std::uint64_t without_digest = 0;
};

Contents Gather(const Report& report) {
  Contents contents;
  for (const Artifact& artifact : report.artifacts) {
    contents.tensors.insert(contents.tensors.end(), artifact.tensor_digests.begin(),
                            artifact.tensor_digests.end());
    contents.without_digest += artifact.tensors_without_digest;
  }
  std::sort(contents.tensors.begin(), contents.tensors.end());
  contents.tensors.erase(std::unique(contents.tensors.begin(), contents.tensors.end()),
                         contents.tensors.end());
  for (const TensorDigest& tensor : contents.tensors) contents.bytes += tensor.bytes;
  return contents;
}

}  // namespace

Comparison Compare(const Report& a, const Report& b) {
  const Contents left = Gather(a);
  const Contents right = Gather(b);
  std::vector<TensorDigest> common;
  std::set_intersection(left.tensors.begin(), left.tensors.end(), right.tensors.begin(),
                        right.tensors.end(), std::back_inserter(common));
  Comparison result;
  result.bytes_a = left.bytes;
  result.bytes_b = right.bytes;
  result.tensors_a = left.tensors.size();
  result.tensors_b = right.tensors.size();
  result.tensors_common = common.size();
  for (const TensorDigest& tensor : common) result.bytes_common += tensor.bytes;
  result.without_digest_a = left.without_digest;
  result.without_digest_b = right.without_digest;
  return result;
}

}  // namespace weighbridge
