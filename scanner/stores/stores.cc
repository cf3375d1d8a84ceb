#include "scanner/stores/stores.h"

#include <algorithm>
#include <array>
#include <map>

#include "scanner/base/text.h"
#include "scanner/stores/entry.h"

namespace weighbridge {
namespace {

constexpr std::size_t kMaxMissingNamed = 32;

bool IsWeightName(std::string_view path) {
  constexpr auto kEndings = std::to_array<std::string_view>(
      {".safetensors", ".bin", ".gguf", ".ggml", ".pt", ".pth", ".ckpt", ".onnx", ".onnx_data",
       ".h5", ".keras", ".msgpack", ".npz", ".tflite", ".mlmodel", ".nemo"});
  return std::any_of(kEndings.begin(), kEndings.end(),
                     [&](std::string_view ending) { return EndsWithNoCase(path, ending); });
}

// What a listing says about the file of an entry.
void AddListedDigest(const Place& place, const StoreDocuments& documents, StoreEntry& entry) {
  if (entry.kind != "huggingface" && entry.kind != "nim") return;
  const std::size_t folder = place.LastPrefix("models--");
  if (folder == Place::kNone) return;
  const auto listings = documents.listings.find(place.Upto(folder + 1));
  if (listings == documents.listings.end()) return;
  for (const Listing& listing : listings->second) {
    if (listing.commit != entry.revision) continue;
    for (const ListedFile& file : listing.files) {
      if (file.path != entry.path) continue;
      const bool large = !file.sha256.empty();
      entry.digests.push_back(
          {large ? "sha256" : "git-sha1", large ? file.sha256 : file.git_sha1, "", file.size});
    }
  }
}

void State(StatedDigest digest, Artifact& artifact) {
  if (digest.hex.empty()) return;
  digest.file_name = artifact.location.FileName();
  auto& stated = artifact.stated_digests;
  for (StatedDigest& other : stated) {
    if (other.hex != digest.hex || other.algorithm != digest.algorithm) continue;
    if (other.size == 0) other.size = digest.size;
    return;
  }
  stated.push_back(std::move(digest));
}

void AddEntry(const StoreEntry& entry, Artifact& artifact) {
  const std::string& known = artifact.ClaimOr("store:kind");
  if (!known.empty() && known != entry.kind) return;
  AddStoreClaim(artifact, "store:kind", entry.kind);
  AddStoreClaim(artifact, "store:host", entry.host);
  AddStoreClaim(artifact, "store:repository", entry.repository);
  AddStoreClaim(artifact, "store:revision", entry.revision);
  AddStoreClaim(artifact, "store:tag", entry.tag);
  AddStoreClaim(artifact, "store:path", entry.path);
}

// How downloads that go on, or that broke off, are named.
bool IsPartialDownload(std::string_view name) {
  if (EndsWithNoCase(name, ".incomplete") || EndsWithNoCase(name, ".partial") ||
      EndsWithNoCase(name, ".part") || EndsWithNoCase(name, ".download")) {
    return true;
  }
  const std::size_t ollama = name.find("-partial");
  return ollama != name.npos && !HexOfDigest(name.substr(0, ollama)).empty();
}

void JoinFile(const StoreDocuments& documents, const std::vector<Artifact>& artifacts,
              std::size_t index, Artifact& artifact) {
  std::vector<const Location*> locations{&artifact.location};
  for (const Location& other : artifact.other_locations) locations.push_back(&other);
  std::vector<StoreEntry> entries;
  std::vector<StatedDigest> digests;
  // By its own digest nothing in a ramalama store is named for sure (see JoinManifests).
  const bool names_state = artifacts[index].ClaimOr("store:kind") != "ramalama";
  for (const Location* location : locations) {
    if (names_state) digests.push_back(DigestOfStorePlace(*location));
    const Place place(*location);
    StoreEntry entry;
    if (!MatchLayout(place, documents, artifacts, entry)) continue;
    AddListedDigest(place, documents, entry);
    digests.insert(digests.end(), entry.digests.begin(), entry.digests.end());
    entries.push_back(std::move(entry));
  }
  // A name in a snapshot says more than the blob's.
  std::stable_sort(entries.begin(), entries.end(), [](const StoreEntry& a, const StoreEntry& b) {
    return a.path.size() * a.revision.size() != 0 && b.path.size() * b.revision.size() == 0;
  });
  for (const StoreEntry& entry : entries) AddEntry(entry, artifact);
  if (artifact.kind == ArtifactKind::kPointer) return;
  if (IsPartialDownload(artifact.location.FileName())) {
    AddStoreClaim(artifact, "store:partial", "download not finished");
    artifact.diagnostics.push_back({Severity::kWarning, ErrorCode::kTruncated, artifact.location,
                                    "store: a download that was not finished"});
    return;
  }
  for (StatedDigest& digest : digests) State(std::move(digest), artifact);
}

// Where the file of a listing would lie.
bool IsDownloaded(const std::string& root, const Listing& listing, const ListedFile& file,
                  const StoreDocuments& documents) {
  constexpr std::string_view kLocal = ".cache/huggingface";
  if (EndsWithNoCase(root, kLocal)) {
    std::string folder = root.substr(0, root.size() - kLocal.size());
    return documents.Holds(folder + file.path);
  }
  return documents.Holds(root + "/snapshots/" + listing.commit + "/" + file.path) ||
         documents.Holds(root + "/blobs/" + file.git_sha1) ||
         (!file.sha256.empty() && documents.Holds(root + "/blobs/" + file.sha256));
}

// Names the weight files of a repository that were left out of a download.
void NoteMissing(const StoreDocuments& documents, std::vector<Artifact>& artifacts) {
  if (documents.listings.empty()) return;
  std::multimap<std::string, std::size_t> by_revision;
  for (std::size_t i = 0; i < artifacts.size(); ++i) {
    if (!IsModelFile(artifacts[i])) continue;
    for (std::string& revision : artifacts[i].ClaimList("store:revision")) {
      by_revision.emplace(std::move(revision), i);
    }
  }
  for (const auto& [root, listings] : documents.listings) {
    for (const Listing& listing : listings) {
      std::vector<std::string> missing;
      std::size_t weights = 0;
      for (const ListedFile& file : listing.files) {
        if (!IsWeightName(file.path)) continue;
        ++weights;
        if (!IsDownloaded(root, listing, file, documents)) missing.push_back(file.path);
      }
      if (missing.empty()) continue;
      const auto first_here = by_revision.find(listing.commit);
      if (first_here == by_revision.end()) continue;
      const std::size_t count = missing.size();
      if (missing.size() > kMaxMissingNamed) missing.resize(kMaxMissingNamed);
      Artifact& first = artifacts[first_here->second];
      for (const std::string& path : missing) AddStoreClaim(first, "store:not-downloaded", path);
      first.diagnostics.push_back({Severity::kNote, ErrorCode::kNotFound, first.location,
                                   "store: " + std::to_string(count) + " of " +
                                       std::to_string(weights) + " weight files of " +
                                       Quote(first.ClaimOr("store:repository")) + " at " +
                                       Printable(listing.commit) + " are not here"});
    }
  }
}

bool LooksLikeDate(std::string_view digits) {
  if (digits.size() != 8 || digits.find_first_not_of("0123456789") != digits.npos) return false;
  const std::string text(digits);
  return IsIsoDate(text.substr(0, 4) + "-" + text.substr(4, 2) + "-" + text.substr(6));
}

// torch/hub.py, HASH_REGEX: the digits between the last "-" and the extension.
StatedDigest TorchPrefix(std::string_view name) {
  const std::size_t dot = name.rfind('.');
  const std::size_t dash = name.substr(0, dot).rfind('-');
  if (dot == name.npos || dash == name.npos) return {};
  const std::string_view digits = name.substr(dash + 1, dot - dash - 1);
  if (digits.size() < 8 || digits.size() > 64 || !IsLowerHex(digits) || LooksLikeDate(digits)) {
    return {};
  }
  return {digits.size() == 64 ? "sha256" : "sha256-prefix", std::string(digits), "", 0};
}

}  // namespace

StatedDigest DigestOfStorePlace(const Location& location) {
  const Place place(location);
  const std::string_view name = place.FromEnd(0);
  const std::string_view folder = place.FromEnd(1);
  if (folder == "blobs") {
    std::string hex = HexOfDigest(name);
    if (hex.empty() && name.size() == 64 && IsLowerHex(name)) hex = name;
    if (!hex.empty()) return {"sha256", std::move(hex), "", 0};
    const bool hub = place.FromEnd(2).substr(0, 8) == "models--";
    if (hub && name.size() == 40 && IsLowerHex(name)) return {"git-sha1", std::string(name), "", 0};
    return {};
  }
  if (name.size() == 64 && IsLowerHex(name)) {
    const bool layout =
        folder == "sha256" && (place.FromEnd(2) == "blobs" || place.FromEnd(2) == "manifests");
    const bool lfs = folder == name.substr(2, 2) && place.FromEnd(2) == name.substr(0, 2) &&
                     place.FromEnd(3) == "objects" && place.FromEnd(4) == "lfs";
    if (layout || lfs) return {"sha256", std::string(name), "", 0};
  }
  if (folder == "checkpoints" && place.FromEnd(2) == "hub") return TorchPrefix(name);
  return {};
}

void JoinStores(std::vector<Artifact>& artifacts) {
  const StoreDocuments documents = CollectDocuments(artifacts);
  JoinManifests(documents, artifacts);
  for (std::size_t i = 0; i < artifacts.size(); ++i) {
    Artifact& artifact = artifacts[i];
    if (IsStoreDocument(artifact) || artifact.kind == ArtifactKind::kContainer) continue;
    JoinFile(documents, artifacts, i, artifact);
  }
  NoteMissing(documents, artifacts);
}

}  // namespace weighbridge
