// Manifests and indexes (OCI image-spec v1.1, Docker manifest v2 schema 2), as far as a
// registry scan follows them, and what their media types say about layers.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "weighbridge/limits.h"
#include "weighbridge/result.h"

namespace weighbridge {

struct Descriptor {
  std::string media_type;
  std::string digest;
  std::uint64_t size = 0;
  std::string title;     // file name that an annotation gives, "" when none
  std::string platform;  // "linux/arm64/v8", only in an index
  bool attestation = false;
};

struct ManifestDocument {
  bool is_index = false;
  std::string artifact_type;
  Descriptor config;                    // of a manifest; digest "" when it has none
  std::vector<Descriptor> layers;       // of a manifest
  std::vector<Descriptor> manifests;    // of an index
  std::vector<std::string> complaints;  // entries that were left out, and why
};

// `media_type` as the server says. Refuses what is neither, or both at once
// (CVE-2021-41190), and schema 1.
Result<ManifestDocument> ParseManifestDocument(std::string_view text, std::string_view media_type,
                                               const Limits& limits);

// What can be done with a layer, by its media type alone.
enum class LayerShape {
  kTar,        // an archive, maybe compressed
  kEncrypted,  // +encrypted: nobody without the key
  kUnknown,    // the bytes decide
};
LayerShape ShapeOf(std::string_view media_type);

// Which manifests of an index are read. `wanted`: "os/arch[/variant]", "" for
// linux/amd64, and for everything when the index has no linux/amd64.
//
// Not the scanning machine's own platform, as skopeo has it: the same scan gives the
// same report wherever it runs. Manifests without a platform (artifacts, nested
// indexes) are always read; build attestations are not, unless all are asked for.
struct Choice {
  std::vector<std::size_t> chosen;
  std::vector<std::string> platforms;  // all that are listed, sorted
  std::vector<std::string> scanned;    // of the chosen
};
Result<Choice> ChooseManifests(const std::vector<Descriptor>& manifests, std::string_view wanted,
                               bool all);

}  // namespace weighbridge
