// What download tools leave beside what they fetched: huggingface_hub's
// `.cache/huggingface/download/NAME.metadata` and ModelScope's `.mv`.
#pragma once

#include "scanner/sidecars/reading.h"

namespace weighbridge {

// Claims "hub:commit", "hub:etag", and a StatedDigest for the described file, whose
// name is relative to the folder that holds `.cache` (or bare, in another place).
bool ReadHubMetadata(const SideCarInput& input, Artifact& artifact);

// Claims "modelscope:revision" and "modelscope:created_at".
bool ReadModelScopeVersion(const SideCarInput& input, Artifact& artifact);

}  // namespace weighbridge
