// The documents of container images and model artifacts: OCI image-spec v1 (index,
// manifest, config), Docker schema 2, `docker save` manifest.json, Ollama manifests.
// Kind kImageManifest; what they say are claims:
//
//   oci:document       index | manifest | config | docker-manifest
//   oci:manifest       digest, media type, platform, name: of an index, one per entry
//   oci:config         digest and media type
//   oci:layer          digest, size, media type, title: one per layer, in order
//   oci:diff_id        one per layer, in order
//   oci:artifact_type, oci:subject, oci:annotation (key=value), oci:platform
//   docker:image       config path and tags: of manifest.json, one per image
//   docker:layer       "<image number> <path>": one per layer, in order
//
// Fields within a claim are separated by one tab.
#pragma once

#include "scanner/sidecars/reading.h"

namespace weighbridge {

// An object with schemaVersion 2, or a configuration with rootfs.diff_ids.
bool ReadOciDocument(const SideCarInput& input, Artifact& artifact);
// The array that `docker save` writes as manifest.json.
bool ReadDockerManifest(const SideCarInput& input, Artifact& artifact);

}  // namespace weighbridge
