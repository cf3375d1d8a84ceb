// Digests: which published file the weights are, and whether what a pointer, store or
// catalogue states about a file is what was computed.
#pragma once

#include <optional>
#include <vector>

#include "scanner/identity/catalog.h"
#include "weighbridge/artifact.h"
#include "weighbridge/model.h"

namespace weighbridge {

struct DigestMatch {
  HashRow row;
  bool computed = false;     // the digest was computed now, not only stated
  bool origin_sure = false;  // origin_basis says more than "named after"
  Location location;
};

// The best match over the model's weight files: computed before stated, a sure
// origin before a name.
std::optional<DigestMatch> MatchDigests(const std::vector<Artifact>& artifacts,
                                        const Catalog& catalog, const Model& model);

// WB-DIGEST-MISMATCH: stated digests and sizes against the files that they speak of.
std::vector<Conflict> DigestConflicts(const std::vector<Artifact>& artifacts, const Model& model);

}  // namespace weighbridge
