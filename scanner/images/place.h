// Joins what image documents say with the layers that were read: every artifact in a
// layer learns the images it belongs to. The documents and the layers may lie in a
// folder (OCI layout, containerd content store) or in one archive (`docker save`,
// OCI layout as tar); only their places relative to each other count.
//
// So do the stores of container engines, which keep layers unpacked in folders: Docker's
// graph drivers, containers/storage (podman, CRI-O), containerd's snapshots.
#pragma once

#include <vector>

#include "scanner/images/layer_folders.h"
#include "scanner/images/layer_summary.h"
#include "weighbridge/artifact.h"

namespace weighbridge {

// What the engines on a host say: the documents of scanner/sidecars/live_documents.h,
// sorted by Location, and who answers for the folders of upper layers (may be null).
struct LiveStores {
  std::vector<Artifact> documents;
  const LayerFolders* folders = nullptr;
};

// True for the documents that LiveStores takes.
bool IsLiveDocument(const Artifact& artifact);

// Fills Artifact::images, and adds a diagnostic "digest mismatch: ..." to every layer
// whose content is not what its name or the image's configuration states.
// False when live stores have so many layers that some of their images were left out.
// Requires: artifacts sorted by Location.
bool PlaceInImages(const std::vector<LayerSummary>& layers, const std::vector<LayerLink>& links,
                   std::vector<Artifact>& artifacts, const LiveStores& live = {});

}  // namespace weighbridge
