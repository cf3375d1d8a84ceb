// Digest look-ups and comparisons.
#include "scanner/identity/digest_match.h"

#include <algorithm>

#include "scanner/base/text.h"
#include "scanner/identity/file_names.h"
#include "scanner/identity/stated_names.h"

namespace weighbridge {
namespace {

bool SureOrigin(const HashRow& row) {
  return row.origin_basis == "uploader" || row.origin_basis == "mirror" ||
         row.origin_basis == "publisher" || row.origin_basis == "catalogue";
}

int Strength(const DigestMatch& match) {
  int strength = match.computed ? 8 : 0;
  if (match.origin_sure) strength += 4;
  if (!match.row.origin_publisher.empty()) strength += 2;
  if (match.row.origin_basis != "name-derivative") strength += 1;
  return strength;
}

// The weight file that a statement speaks of; nullptr when it is not there or not
// the only possible one.
const Artifact* Subject(const std::vector<Artifact>& artifacts, const Model& model,
                        const Artifact& speaker, const StatedDigest& stated) {
  std::string name = stated.file_name;
  if (name.empty() && speaker.kind == ArtifactKind::kHubMetadata) {
    name = std::string(speaker.location.FileName());
    if (EndsWithNoCase(name, ".metadata")) name.resize(name.size() - 9);
  }
  if (name.empty()) return nullptr;
  for (const std::size_t index : model.weights) {
    if (index >= artifacts.size()) continue;
    const Artifact& file = artifacts[index];
    if (&file == &speaker || file.kind == ArtifactKind::kPointer) continue;
    const std::string path = ReadableLocation(file).ToString();
    if (path == name || EndsWithNoCase(path, "/" + name) ||
        ReadableLocation(file).FileName() == name)
      return &file;
  }
  return nullptr;
}

std::string Compare(const Artifact& file, const StatedDigest& stated) {
  if (stated.size != 0 && file.size_bytes != 0 && stated.size != file.size_bytes) {
    return "states " + std::to_string(stated.size) + " bytes, the file has " +
           std::to_string(file.size_bytes);
  }
  const std::string& computed = stated.algorithm == "sha256"     ? file.sha256
                                : stated.algorithm == "git-sha1" ? file.git_sha1
                                                                 : Artifact::EmptyText();
  if (computed.empty() || stated.hex.empty() || ToLower(stated.hex) == computed) return {};
  return "states " + stated.algorithm + " " + Printable(stated.hex.substr(0, 64)) +
         ", the file's is " + computed;
}

// The digests by which stores name the file, each once.
std::vector<std::pair<std::string, Location>> StoreNames(const Artifact& file) {
  std::vector<std::pair<std::string, Location>> names;
  const auto take = [&](const Location& location) {
    std::string hex = DigestOfStoreName(location);
    const bool known = std::any_of(names.begin(), names.end(),
                                   [&](const auto& name) { return name.first == hex; });
    if (!hex.empty() && !known) names.emplace_back(std::move(hex), location);
  };
  take(file.location);
  for (const Location& other : file.other_locations) take(other);
  return names;
}

}  // namespace

std::optional<DigestMatch> MatchDigests(const std::vector<Artifact>& artifacts,
                                        const Catalog& catalog, const Model& model) {
  std::optional<DigestMatch> best;
  const auto consider = [&](const std::string& hex, bool computed, const Location& location) {
    if (hex.empty()) return;
    for (HashRow& row : catalog.Hashes(ToLower(hex))) {
      DigestMatch match{std::move(row), computed, false, location};
      match.origin_sure = SureOrigin(match.row);
      if (!best || Strength(match) > Strength(*best)) best = std::move(match);
    }
  };
  for (const Artifact* file : FilesOf(artifacts, model)) {
    const bool weights =
        file->kind == ArtifactKind::kWeights || file->kind == ArtifactKind::kAdapter ||
        file->kind == ArtifactKind::kProjector || file->kind == ArtifactKind::kPointer;
    if (weights && file->kind != ArtifactKind::kPointer)
      consider(file->sha256, true, file->location);
    if (weights && file->sha256.empty() && file->kind != ArtifactKind::kPointer) {
      for (const auto& [hex, location] : StoreNames(*file)) consider(hex, false, location);
    }
    for (const StatedDigest& stated : file->stated_digests) {
      if (stated.algorithm != "sha256") continue;
      const Artifact* subject = Subject(artifacts, model, *file, stated);
      const bool of_itself =  // a store's word on the file
          weights && file->sha256.empty() && stated.file_name == file->location.FileName();
      if (file->kind == ArtifactKind::kPointer || of_itself) {
        consider(stated.hex, false, file->location);
      } else if (subject != nullptr && subject->sha256.empty()) {
        consider(stated.hex, false, file->location);
      }
    }
  }
  return best;
}

std::vector<Conflict> DigestConflicts(const std::vector<Artifact>& artifacts, const Model& model) {
  std::vector<Conflict> conflicts;
  for (const Artifact* file : FilesOf(artifacts, model)) {
    // ramalama names what came from a URL or a folder by the digest of its name.
    const bool names_content = file->ClaimOr("store:kind") != "ramalama";
    for (const auto& [hex, location] : StoreNames(*file)) {
      if (!names_content || file->sha256.empty() || file->sha256 == hex) continue;
      conflicts.push_back({"WB-DIGEST-MISMATCH",
                           "the store names this file sha256 " + hex + ", the file's is " +
                               file->sha256 + "; what was computed stands",
                           location});
    }
    for (const StatedDigest& stated : file->stated_digests) {
      const Artifact* subject = Subject(artifacts, model, *file, stated);
      if (subject == nullptr) continue;
      const std::string difference = Compare(*subject, stated);
      if (difference.empty()) continue;
      conflicts.push_back({"WB-DIGEST-MISMATCH",
                           std::string(file->location.FileName()) + " " + difference + " (" +
                               subject->location.ToString() + "); what was computed stands",
                           subject->location});
    }
  }
  return conflicts;
}

}  // namespace weighbridge
