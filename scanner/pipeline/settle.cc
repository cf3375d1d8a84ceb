#include "scanner/pipeline/settle.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <string_view>
#include <tuple>

#include "scanner/base/text.h"

namespace weighbridge {
namespace {

bool IsBlobName(const InspectedFile& file) {
  return file.artifact.location.path.find("/blobs/") != std::string::npos;
}

// Side-cars say something about a model; alone they are not worth a line.
bool StandsAlone(const Artifact& artifact) {
  switch (artifact.kind) {
    case ArtifactKind::kConfig:
    case ArtifactKind::kGenerationConfig:
    case ArtifactKind::kTokenizerConfig:
    case ArtifactKind::kModelCard:
    case ArtifactKind::kLicenceText:
    case ArtifactKind::kModelIndex:
    case ArtifactKind::kAdapterConfig:
    case ArtifactKind::kHubMetadata:
    case ArtifactKind::kModelfile: return false;
    case ArtifactKind::kImageManifest: return true;
    default: return true;
  }
}

// What makes two inspected files the same bytes: the file on disk and the place in it.
using FileKey = std::tuple<std::uint64_t, std::uint64_t, std::string>;
FileKey KeyOf(const InspectedFile& file) {
  std::string place;
  if (file.window) {
    place = std::to_string(file.window->offset) + "+" + std::to_string(file.window->size);
  } else if (file.passed) {
    for (const std::string& member : file.artifact.location.members) {
      place += member;
      place.push_back('\0');
    }
  }
  return {file.stamp.device, file.stamp.inode, std::move(place)};
}

// A layer or another blob of a store: kept, so that its content is checked against it.
bool IsNamedByDigest(const Artifact& artifact) {
  std::string_view name = artifact.location.FileName();
  if (name == "layer.tar") return true;
  if (name.ends_with(".tar")) name.remove_suffix(4);
  return IsSha256Hex(name);
}

// Formats that say nothing by themselves: an opened archive of this kind is worth a
// line when something was found in it or went wrong.
bool IsPlainArchive(const Artifact& artifact) {
  constexpr auto kPlain = std::to_array<std::string_view>(
      {"zip", "tar", "gzip", "bzip2", "xz", "lzma", "zstd", "lz4", "7z", "ar", "cpio", "squashfs"});
  return artifact.kind == ArtifactKind::kContainer && !IsNamedByDigest(artifact) &&
         std::find(kPlain.begin(), kPlain.end(), artifact.format) != kPlain.end();
}

// Requires: artifacts sorted by Location, so that members follow their archive.
bool HoldsReported(const std::vector<Artifact>& artifacts, const std::vector<bool>& reported,
                   std::size_t archive) {
  const Location& outer = artifacts[archive].location;
  for (std::size_t i = archive + 1; i < artifacts.size(); ++i) {
    const Location& inner = artifacts[i].location;
    if (inner.path != outer.path || inner.members.size() <= outer.members.size() ||
        !std::equal(outer.members.begin(), outer.members.end(), inner.members.begin())) {
      return false;
    }
    if (reported[i]) return true;
  }
  return false;
}

}  // namespace

void SortFiles(std::vector<InspectedFile>& files) {
  // Stable: members of one name keep the order that they have in their archive.
  std::stable_sort(files.begin(), files.end(), [](const InspectedFile& a, const InspectedFile& b) {
    return a.artifact.location < b.artifact.location;
  });
}

void MergeSameFiles(std::vector<InspectedFile>& files) {
  std::map<FileKey, std::size_t> first;
  std::vector<InspectedFile> merged;
  merged.reserve(files.size());
  for (InspectedFile& file : files) {
    const auto [it, added] = first.try_emplace(KeyOf(file), merged.size());
    if (added) {
      merged.push_back(std::move(file));
      continue;
    }
    InspectedFile& kept = merged[it->second];
    if (IsBlobName(kept) && !IsBlobName(file)) std::swap(kept, file);
    std::move(file.artifact.processes.begin(), file.artifact.processes.end(),
              std::back_inserter(kept.artifact.processes));
    if (file.artifact.location == kept.artifact.location) continue;
    for (Location& other : file.artifact.other_locations) {
      kept.artifact.other_locations.push_back(std::move(other));
    }
    kept.artifact.other_locations.push_back(std::move(file.artifact.location));
  }
  files = std::move(merged);
  for (InspectedFile& file : files) {
    std::sort(file.artifact.other_locations.begin(), file.artifact.other_locations.end());
  }
  SortFiles(files);
}

std::vector<Artifact> TakeArtifacts(std::vector<InspectedFile>& files) {
  std::vector<Artifact> artifacts;
  artifacts.reserve(files.size());
  for (InspectedFile& file : files) artifacts.push_back(std::move(file.artifact));
  return artifacts;
}

void ReturnArtifacts(std::vector<Artifact>& artifacts, std::vector<InspectedFile>& files) {
  for (std::size_t i = 0; i < files.size(); ++i) files[i].artifact = std::move(artifacts[i]);
  artifacts.clear();
}

std::vector<bool> ReportedArtifacts(const std::vector<Artifact>& artifacts,
                                    const std::vector<Model>& models) {
  std::vector<bool> reported(artifacts.size());
  for (std::size_t i = 0; i < artifacts.size(); ++i) reported[i] = StandsAlone(artifacts[i]);
  for (const Model& model : models) {
    for (const std::size_t index : model.weights) reported[index] = true;
    for (const std::size_t index : model.side_cars) reported[index] = true;
  }
  // Innermost first: an archive that holds an archive with a model is kept as well.
  for (std::size_t i = artifacts.size(); i-- > 0;) {
    const Artifact& artifact = artifacts[i];
    if (IsPlainArchive(artifact) && artifact.inspection == Inspection::kFull &&
        artifact.diagnostics.empty() && artifact.also_formats.empty()) {
      reported[i] = HoldsReported(artifacts, reported, i);
    }
  }
  return reported;
}

std::vector<InspectedFile> KeepReported(std::vector<InspectedFile>& files,
                                        const std::vector<bool>& reported) {
  std::vector<InspectedFile> kept;
  for (std::size_t i = 0; i < files.size(); ++i) {
    if (reported[i]) kept.push_back(std::move(files[i]));
  }
  files.clear();
  return kept;
}

void CollectDiagnostics(std::vector<Diagnostic>& walk, std::vector<Diagnostic> inspection,
                        Report& report) {
  std::move(walk.begin(), walk.end(), std::back_inserter(report.diagnostics));
  std::move(inspection.begin(), inspection.end(), std::back_inserter(report.diagnostics));
  for (const Artifact& artifact : report.artifacts) {
    report.diagnostics.insert(report.diagnostics.end(), artifact.diagnostics.begin(),
                              artifact.diagnostics.end());
  }
  std::sort(report.diagnostics.begin(), report.diagnostics.end(),
            [](const Diagnostic& a, const Diagnostic& b) {
              return std::tie(a.location, a.message, a.severity) <
                     std::tie(b.location, b.message, b.severity);
            });
  report.diagnostics.erase(std::unique(report.diagnostics.begin(), report.diagnostics.end()),
                           report.diagnostics.end());
}

void Settle(bool finished, Report& report) {
  for (const Artifact& artifact : report.artifacts) {
    if (artifact.inspection != Inspection::kFull) ++report.coverage.not_inspected;
  }
  if (!finished) {
    report.complete = false;
    report.incomplete_reason = "interrupted";
  } else if (report.coverage.failed != 0) {
    report.complete = false;
    report.incomplete_reason = std::to_string(report.coverage.failed) + " could not be read";
  }
}

}  // namespace weighbridge
