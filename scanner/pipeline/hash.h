// The digest stage: one sequential read of a file gives its SHA-256 and the content
// digest of every tensor in it.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "scanner/source/byte_source.h"
#include "weighbridge/artifact.h"
#include "weighbridge/digest.h"
#include "weighbridge/result.h"

namespace weighbridge {

// Where a tensor's bytes lie in the file.
struct TensorRange {
  std::uint64_t offset = 0;
  std::uint64_t bytes = 0;
};

struct FileDigests {
  std::string sha256;
  std::string git_sha1;               // when asked for
  std::vector<TensorDigest> tensors;  // sorted, distinct
  std::uint64_t tensors_skipped = 0;  // outside the file, or overlapping beyond reason
};

// SHA-256 of bytes as they pass.
class Sha256Stream {
 public:
  Sha256Stream();
  ~Sha256Stream();
  Sha256Stream(const Sha256Stream&) = delete;
  Sha256Stream& operator=(const Sha256Stream&) = delete;
  void Update(ByteSpan bytes);
  std::string FinishHex();  // once

 private:
  struct State;
  std::unique_ptr<State> state_;
};

struct HashRequest {
  std::vector<TensorRange> ranges;  // any order; may overlap; equal ranges count once
  bool git_sha1 = false;
};

// SHA-256 (FIPS 180-4, OpenSSL) names the file and is compared with published
// digests, so it must be cryptographic. Tensor contents are compared with each
// other only: XXH3-128 runs at memory speed beside it in the same read and thread,
// and is not a proof against somebody who forges collisions on purpose.
Result<FileDigests> HashBytes(const ByteSource& source, HashRequest request, std::stop_token stop,
                              std::atomic<std::uint64_t>* bytes_done);

void TakeDigests(FileDigests digests, Artifact& artifact);

}  // namespace weighbridge
