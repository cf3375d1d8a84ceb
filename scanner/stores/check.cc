// What stores state against what was computed.
#include <algorithm>

#include "scanner/base/text.h"
#include "scanner/stores/entry.h"
#include "scanner/stores/stores.h"

namespace weighbridge {
namespace {

// Names that are the digest itself, as identity compares them with the content.
bool NamedSo(const Location& location, const std::string& hex) {
  if (hex.size() != 64) return false;
  const Place place(location);
  const std::string_view name = place.FromEnd(0);
  if (place.FromEnd(1) == "blobs") return name == hex || name == "sha256-" + hex;
  return name == hex && DigestOfStorePlace(location).hex == hex;
}

bool ShownByName(const Artifact& artifact, const std::string& hex) {
  return NamedSo(artifact.location, hex) ||
         std::any_of(artifact.other_locations.begin(), artifact.other_locations.end(),
                     [&](const Location& other) { return NamedSo(other, hex); });
}

// The computed digest of the kind that was stated; "" when there is none.
std::string Computed(const Artifact& artifact, const StatedDigest& stated) {
  if (stated.algorithm == "git-sha1") return artifact.git_sha1;
  if (stated.algorithm == "sha256") return artifact.sha256;
  if (stated.algorithm == "sha256-prefix") return artifact.sha256.substr(0, stated.hex.size());
  return {};
}

void Differ(Artifact& artifact, std::string message) {
  artifact.diagnostics.push_back({Severity::kError, ErrorCode::kMalformed, artifact.location,
                                  "digest mismatch: the store states " + std::move(message),
                                  DiagnosticKind::kDigestMismatch});
}

void Check(Artifact& artifact) {
  const std::vector<StatedDigest> all = artifact.stated_digests;
  for (const StatedDigest& stated : all) {
    if (stated.file_name != artifact.location.FileName()) continue;
    if (stated.size != 0 && stated.size != artifact.size_bytes) {
      Differ(artifact, std::to_string(stated.size) + " bytes, the file has " +
                           std::to_string(artifact.size_bytes));
    }
    const std::string computed = Computed(artifact, stated);
    if (computed.empty()) continue;
    if (computed == ToLower(stated.hex)) {
      AddStoreClaim(artifact, "store:verified", stated.algorithm);
    } else if (!ShownByName(artifact, stated.hex)) {
      Differ(artifact,
             stated.algorithm + " " + Printable(stated.hex) + ", the content has " + computed);
    }
  }
}

}  // namespace

void CheckStores(std::vector<Artifact>& artifacts) {
  for (Artifact& artifact : artifacts) {
    // A pointer speaks of a file that is not here, book-keeping of other files.
    if (artifact.kind == ArtifactKind::kPointer || IsStoreDocument(artifact)) continue;
    Check(artifact);
  }
}

}  // namespace weighbridge
