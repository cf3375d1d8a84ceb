// Joins what image documents say with the layers that were read: every artifact in a
// layer learns the images it belongs to. The documents and the layers may lie in a
// folder (OCI layout, containerd content store) or in one archive (`docker save`,
// OCI layout as tar); only their places relative to each other count.
#pragma once

#include <vector>

#include "scanner/images/layer_summary.h"
#include "weighbridge/artifact.h"

namespace weighbridge {

// Fills Artifact::images, and adds a diagnostic "digest mismatch: ..." to every layer
// whose content is not what its name or the image's configuration states.
// Requires: artifacts sorted by Location.
void PlaceInImages(const std::vector<LayerSummary>& layers, const std::vector<LayerLink>& links,
                   std::vector<Artifact>& artifacts);

}  // namespace weighbridge
