// git-lfs pointer: a text of at most 1024 bytes that stands for weights which are not
// there (git-lfs/git-lfs:docs/spec.md).
//
//   version https://git-lfs.github.com/spec/v1      (or https://hawser.github.com/spec/v1)
//   ext-0-name sha256:<64 hex>                      (any number, keys sorted)
//   oid sha256:<64 hex>
//   size <decimal>
#pragma once

#include "scanner/formats/format.h"

namespace weighbridge {

bool ProbeLfsPointer(const ProbeWindow& window);
void ParseLfsPointer(const ByteSource& source, const ProbeWindow& window, const Limits& limits,
                     Artifact& artifact);

}  // namespace weighbridge
