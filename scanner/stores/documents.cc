// Collects what the book-keeping files of stores say, by the place that they speak of.
#include <algorithm>
#include <array>

#include "scanner/base/text.h"
#include "scanner/stores/entry.h"

namespace weighbridge {
namespace {

void TakeRef(const Artifact& artifact, const Place& place, StoreDocuments& documents) {
  const std::size_t folder = place.LastPrefix("models--");
  if (folder == Place::kNone) return;
  documents.refs[place.Upto(folder + 1)][artifact.ClaimOr("hubref:name")] =
      artifact.ClaimOr("hubref:commit");
}

void TakeTree(const Artifact& artifact, const Place& place, StoreDocuments& documents) {
  Listing listing;
  listing.commit = artifact.ClaimOr("hubtree:commit");
  for (const std::string& line : artifact.ClaimList("hubtree:file")) {
    std::vector<std::string> fields = Split(line, '\t');
    if (fields.size() < 4) continue;
    listing.files.push_back({std::move(fields[0]), ParseUint(fields[1]).value_or(0),
                             ToLower(fields[2]), ToLower(fields[3])});
  }
  if (place.size() < 3) return;
  documents.listings[place.Upto(place.size() - 2)].push_back(std::move(listing));
}

void State(const std::string& place, std::size_t speaker, StatedDigest digest,
           StoreDocuments& documents) {
  documents.statements[Place(place).text()].push_back({speaker, std::move(digest)});
}

// "<root>/.cache/huggingface/download/<file>.metadata" speaks of "<root>/<file>".
void TakeLocalDir(std::size_t index, const Place& place, StoreDocuments& documents) {
  const std::size_t cache = place.Last("download");
  if (cache == Place::kNone || cache < 2 || place[cache - 1] != "huggingface" ||
      place[cache - 2] != ".cache") {
    return;
  }
  std::string file = place.From(cache + 1);
  if (!EndsWithNoCase(file, ".metadata")) return;
  file.resize(file.size() - 9);
  // The hub metadata states its digest itself.
  State(Below(place.Upto(cache - 2), file), index, {}, documents);
}

void TakeLlamaCpp(std::size_t index, const Artifact& artifact, const Place& place,
                  StoreDocuments& documents) {
  if (artifact.format == "llamacpp_origin") {
    std::string hex = ToLower(artifact.ClaimOr("llamacpp:etag"));
    hex.erase(std::remove(hex.begin(), hex.end(), '"'), hex.end());
    const std::string& text = place.text();
    StatedDigest digest;
    if (hex.size() == 64 && IsLowerHex(hex)) digest = {"sha256", hex, "", 0};
    State(text.substr(0, text.size() - 5), index, std::move(digest), documents);
    return;
  }
  std::string prefix = artifact.ClaimOr("llamacpp:repository");
  std::replace(prefix.begin(), prefix.end(), '/', '_');
  for (const std::string& line : artifact.ClaimList("llamacpp:file")) {
    const std::vector<std::string> fields = Split(line, '\t');
    if (fields.size() < 3 || fields[0].empty()) continue;
    StatedDigest digest;
    if (IsLowerHex(fields[2])) digest = {"sha256", fields[2], "", ParseUint(fields[1]).value_or(0)};
    State(Below(place.Folder(), prefix + "_" + fields[0]), index, std::move(digest), documents);
  }
}

// Names files beside itself, or below the folder two up (Jan names them from its root).
void TakeBeside(std::size_t index, const Artifact& artifact, const Place& place,
                StoreDocuments& documents) {
  for (const char* key : {"jan:model_path", "jan:mmproj_path", "localai:model", "localai:mmproj"}) {
    const std::string& path = artifact.ClaimOr(key);
    if (path.empty() || LeavesFolder(path)) continue;
    const std::string name =
        artifact.format == "jan_model" ? path.substr(path.rfind('/') + 1) : path;
    StatedDigest digest;
    for (const StatedDigest& stated : artifact.stated_digests) {
      if (stated.file_name == name) digest = stated;
    }
    State(Below(place.Folder(), name), index, std::move(digest), documents);
  }
}

// Paths in RECORD start at the folder that holds the *.dist-info folder.
void TakeRecord(std::size_t index, const Artifact& artifact, const Place& place,
                StoreDocuments& documents) {
  if (place.size() < 3) return;
  for (const StatedDigest& stated : artifact.stated_digests) {
    if (LeavesFolder(stated.file_name)) continue;
    State(Below(place.Upto(place.size() - 2), stated.file_name), index, stated, documents);
  }
}

// ComfyUI and AUTOMATIC1111 keep models in ".../models/<sort>/"; some sorts only they have.
void TakePictureRoot(const Place& place, StoreDocuments& documents) {
  constexpr auto kComfy = std::to_array<std::string_view>(
      {"diffusion_models", "text_encoders", "clip_vision", "style_models", "photomaker", "gligen",
       "vae_approx", "upscale_models", "t2i_adapter"});
  constexpr auto kWebUi = std::to_array<std::string_view>({"Stable-diffusion"});
  const std::size_t models = place.Last("models");
  if (models == Place::kNone || models + 2 >= place.size()) return;
  const std::string_view sort = place[models + 1];
  const auto is = [&](const auto& list) {
    return std::find(list.begin(), list.end(), sort) != list.end();
  };
  const std::string parent = models == 0 ? "" : ToLower(place[models - 1]);
  if (is(kComfy) || parent.find("comfyui") != std::string::npos) {
    documents.picture_roots.emplace(place.Upto(models + 1), "comfyui");
  } else if (is(kWebUi)) {
    documents.picture_roots.emplace(place.Upto(models + 1), "a1111");
  }
}

void TakeWebUi(const Artifact& artifact, const Place& place, StoreDocuments& documents) {
  for (const std::string& line : artifact.ClaimList("webui:hash")) {
    const std::size_t tab = line.rfind('\t');
    if (tab == std::string::npos) continue;
    documents.web_ui_hashes[Below(place.Folder(), "models") + "\t" + line.substr(0, tab)] =
        line.substr(tab + 1);
  }
}

}  // namespace

void AddStoreClaim(Artifact& artifact, const char* key, const std::string& value) {
  constexpr std::size_t kMaxClaim = 4096;
  constexpr std::size_t kMaxClaims = 4200;  // a little above what readers may add
  if (value.empty() || value.size() > kMaxClaim || artifact.claims.size() >= kMaxClaims) return;
  const Claim claim{key, value};
  if (std::find(artifact.claims.begin(), artifact.claims.end(), claim) != artifact.claims.end()) {
    return;
  }
  artifact.claims.push_back(claim);
}

bool IsModelFile(const Artifact& artifact) {
  return artifact.kind == ArtifactKind::kWeights || artifact.kind == ArtifactKind::kAdapter ||
         artifact.kind == ArtifactKind::kProjector || artifact.kind == ArtifactKind::kPointer;
}

bool IsStoreDocument(const Artifact& artifact) {
  return artifact.kind == ArtifactKind::kHubMetadata ||
         artifact.kind == ArtifactKind::kImageManifest;
}

StoreDocuments CollectDocuments(const std::vector<Artifact>& artifacts) {
  StoreDocuments documents;
  for (std::size_t i = 0; i < artifacts.size(); ++i) {
    const Artifact& artifact = artifacts[i];
    const Place place(artifact.location);
    documents.places.emplace(place.text(), i);
    for (const Location& other : artifact.other_locations) {
      documents.places.emplace(Place(other).text(), i);
    }
    if (IsModelFile(artifact)) TakePictureRoot(place, documents);
    if (!IsStoreDocument(artifact)) continue;
    const std::string& format = artifact.format;
    if (format == "hub_ref") TakeRef(artifact, place, documents);
    if (format == "hub_tree") TakeTree(artifact, place, documents);
    if (format == "hub_metadata") TakeLocalDir(i, place, documents);
    if (format.rfind("llamacpp_", 0) == 0) TakeLlamaCpp(i, artifact, place, documents);
    if (format == "jan_model" || format == "localai_model") {
      TakeBeside(i, artifact, place, documents);
    }
    if (format == "wheel_record") TakeRecord(i, artifact, place, documents);
    if (format == "webui_hashes") TakeWebUi(artifact, place, documents);
  }
  return documents;
}

}  // namespace weighbridge
