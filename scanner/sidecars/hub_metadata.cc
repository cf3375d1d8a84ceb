// Layout (huggingface_hub _local_folder.py, write_download_metadata):
//
//   line 1  commit hash, 40 hex
//   line 2  etag: SHA-256 of an LFS file (64 hex) or git blob id (40 hex)
//   line 3  time stamp, seconds as a decimal fraction
//
// ModelScope (hub/utils/caching.py): `Revision:master,CreatedAt:1712345678`.
#include "scanner/sidecars/hub_metadata.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "scanner/base/text.h"

namespace weighbridge {
namespace {

constexpr std::uint64_t kMaxBytes = 1024;
constexpr std::string_view kFolder = ".cache/huggingface/download/";
constexpr std::string_view kSuffix = ".metadata";

bool IsHex(std::string_view text, std::size_t size) {
  return text.size() == size && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
         });
}

bool IsTimestamp(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(),
                                      [](char c) { return (c >= '0' && c <= '9') || c == '.'; });
}

// "dir/.cache/huggingface/download/a/b.gguf.metadata" -> "a/b.gguf".
std::string DescribedFile(std::string_view path) {
  if (!EndsWithNoCase(path, kSuffix)) return {};
  path.remove_suffix(kSuffix.size());
  const std::size_t folder = path.rfind(kFolder);
  if (folder != std::string_view::npos) {
    path.remove_prefix(folder + kFolder.size());
  } else if (const std::size_t slash = path.rfind('/'); slash != std::string_view::npos) {
    path.remove_prefix(slash + 1);
  }
  return std::string(path);
}

std::string_view InnermostPath(const Location& location) {
  return location.members.empty() ? std::string_view(location.path)
                                  : std::string_view(location.members.back());
}

}  // namespace

bool ReadHubMetadata(const SideCarInput& input, Artifact& artifact) {
  if (input.source.size() > kMaxBytes) return false;
  auto text = ReadText(input.source, kMaxBytes);
  if (!text.ok()) return false;
  std::vector<std::string> lines = Split(text.value(), '\n');
  for (std::string& line : lines) line = std::string(Trim(line));
  if (lines.size() < 2 || !IsHex(lines[0], 40)) return false;
  const std::string etag = ToLower(lines[1]);
  const bool sha256 = IsHex(etag, 64);
  if (!sha256 && !IsHex(etag, 40)) return false;

  artifact.kind = ArtifactKind::kHubMetadata;
  artifact.format = "hub_metadata";
  AddClaim(artifact, input.limits, "hub:commit", ToLower(lines[0]));
  AddClaim(artifact, input.limits, "hub:etag", etag);
  StatedDigest stated;
  stated.algorithm = sha256 ? "sha256" : "git-sha1";
  stated.hex = etag;
  stated.file_name = DescribedFile(InnermostPath(artifact.location));
  if (!stated.file_name.empty()) {
    AddClaim(artifact, input.limits, "hub:file", stated.file_name);
    artifact.stated_digests.push_back(std::move(stated));
  }
  if (lines.size() < 3 || !IsTimestamp(lines[2])) {
    MarkPartial(artifact, ErrorCode::kTruncated, "hub_metadata", "no time stamp in line 3");
  }
  return true;
}

bool ReadModelScopeVersion(const SideCarInput& input, Artifact& artifact) {
  constexpr std::string_view kRevision = "Revision:";
  constexpr std::string_view kCreated = "CreatedAt:";
  if (input.source.size() > kMaxBytes) return false;
  auto text = ReadText(input.source, kMaxBytes);
  if (!text.ok()) return false;
  const std::string_view line = Trim(text.value());
  if (line.substr(0, kRevision.size()) != kRevision) return false;
  artifact.kind = ArtifactKind::kHubMetadata;
  artifact.format = "modelscope_version";
  for (const std::string& part : Split(line, ',')) {
    const std::string_view field = part;
    if (field.substr(0, kRevision.size()) == kRevision) {
      AddClaim(artifact, input.limits, "modelscope:revision", field.substr(kRevision.size()));
    } else if (field.substr(0, kCreated.size()) == kCreated) {
      AddClaim(artifact, input.limits, "modelscope:created_at", field.substr(kCreated.size()));
    }
  }
  return true;
}

}  // namespace weighbridge
