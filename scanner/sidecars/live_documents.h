// The book-keeping of container engines on a host, by which files that lie unpacked in
// layer folders find their images. Kind kHubMetadata, never reported by themselves; a
// document is known by its place in the store and by its content. Fields within a claim
// are separated by one tab.
//
//   docker_names     image/<driver>/repositories.json (moby image/ and reference/ stores)
//                    "docker:name": reference, image id
//   docker_layer     image/<driver>/layerdb/sha256/<chain>/{cache-id,diff,parent}
//                    (moby layer/filestore.go) "dockerlayer:<file name>": its content
//   docker_diffid    image/<driver>/distribution/diffid-by-digest/sha256/<hex>
//                    (moby distribution/metadata) "dockerlayer:diff_id"
//   storage_images   <driver>-images/images.json (containers/storage images.go)
//                    "storage:image": id, top layer, manifest digest, names
//   storage_layers   <driver>-layers/{layers,volatile-layers}.json (layers.go)
//                    "storage:layer": id, parent, diff digest, compressed diff digest
//   containerd_images     io.containerd.metadata.v1.bolt/meta.db (core/metadata/buckets.go)
//                    "containerd:image": namespace, name, digest
//   containerd_snapshots  io.containerd.snapshotter.v1.<name>/metadata.db
//                    (snapshots/storage/bolt.go) "containerd:snapshot": folder, key
//
// Without claims, so that they are no findings: engine_database (bbolt databases of Docker
// and podman), storage_data (<driver>-images/<id>/=<base 64 of a key>).
#pragma once

#include "scanner/sidecars/reading.h"

namespace weighbridge {

// Any of the above, by its place; false for all other files, at the cost of their name.
bool ReadLiveDocument(const SideCarInput& input, Artifact& artifact);

// Those of them that are databases. Weights know bbolt as a closed container only.
bool ReadEngineDatabase(const SideCarInput& input, Artifact& artifact);

// The two databases of containerd. A damaged one gives what can be read and a diagnostic.
bool ReadContainerdImages(const SideCarInput& input, Artifact& artifact);
bool ReadContainerdSnapshots(const SideCarInput& input, Artifact& artifact);

}  // namespace weighbridge
