#include "scanner/images/place.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string>

#include "scanner/base/text.h"
#include "scanner/images/folder_places.h"
#include "scanner/images/image.h"

namespace weighbridge {
namespace {

using ByPlace = std::map<std::string, std::size_t>;

// "<root>/blobs/sha256/<hex>" -> root; "" when the place is no blob.
std::string RootOfBlob(const std::string& place) {
  const std::size_t slash = place.rfind('/');
  if (slash == place.npos || place.size() - slash - 1 < 64) return {};
  const std::size_t algorithm = place.rfind('/', slash - 1);
  if (algorithm == place.npos || algorithm < 6) return {};
  if (place.compare(algorithm - 6, 6, "/blobs") != 0) return {};
  return place.substr(0, algorithm - 6);
}

// "sha256:<hex>" -> "<root>/blobs/sha256/<hex>".
std::string BlobPlace(const std::string& root, const std::string& digest) {
  const std::size_t colon = digest.find(':');
  if (colon == digest.npos || digest.find('/') != digest.npos) return {};
  return root + "/blobs/" + digest.substr(0, colon) + "/" + digest.substr(colon + 1);
}

std::string DigestOfPlace(const std::string& place) {
  const std::size_t slash = place.rfind('/');
  const std::size_t algorithm = place.rfind('/', slash - 1);
  return place.substr(algorithm + 1, slash - algorithm - 1) + ":" + place.substr(slash + 1);
}

class Joiner {
 public:
  Joiner(const std::vector<LayerLink>& links, std::vector<Artifact>& artifacts)
      : artifacts_(artifacts) {
    for (const LayerLink& link : links) {
      Location target = link.place;
      const std::string& name = link.place.members.back();
      const std::string folder = link.hard ? "" : name.substr(0, name.rfind('/') + 1);
      target.members.back() = PlainPath(folder + link.target);
      linked_[PlainText(link.place)] = target.ToString();
    }
    for (std::size_t i = 0; i < artifacts.size(); ++i) {
      places_.emplace(artifacts[i].location.ToString(), i);
    }
  }

  std::vector<Image> Images(const std::vector<Artifact>& documents) {
    NameByContainerd(documents);
    NameManifests();
    for (const Artifact& artifact : artifacts_) {
      if (artifact.kind != ArtifactKind::kImageManifest) continue;
      const std::string& document = artifact.ClaimOr("oci:document");
      if (document == "manifest") AddManifest(artifact);
      if (document == "docker-manifest") AddDockerManifest(artifact);
    }
    AddSnapshots(documents, room_, images_);
    AddDockerImages(documents, artifacts_, room_, images_);
    AddStorageImages(documents, artifacts_, room_, images_);
    return std::move(images_);
  }

  bool full() const { return room_.full(); }

 private:
  const Artifact* At(const std::string& place) const {
    const auto found = places_.find(place);
    return found == places_.end() ? nullptr : &artifacts_[found->second];
  }

  // What containerd calls the documents in its content store.
  void NameByContainerd(const std::vector<Artifact>& documents) {
    std::map<std::string, std::vector<std::string>> names;
    for (const Artifact& document : documents) {
      if (document.format != "containerd_images") continue;
      const auto place = StorePlace::Of(document.location, 2);
      if (!place) continue;
      const std::string root = place->At("io.containerd.content.v1.content").ToString();
      for (const std::string& line : document.ClaimList("containerd:image")) {
        const std::vector<std::string> fields = Split(line, '\t');
        if (fields.size() == 3) names[BlobPlace(root, fields[2])].push_back(fields[1]);
      }
    }
    for (const auto& [place, all] : names) names_[place] = JoinNames(all);
  }

  // What indexes call the manifests that they list. Those of an index with a name of its
  // own have that name.
  void NameManifests() {
    for (const Artifact& artifact : artifacts_) {
      if (artifact.ClaimOr("oci:document") != "index") continue;
      const std::string place = PlainText(artifact.location);
      std::string root = RootOfBlob(place);
      if (root.empty() && place.find('/') != place.npos) {
        root = place.substr(0, place.rfind('/'));
      }
      for (const std::string& line : artifact.ClaimList("oci:manifest")) {
        const std::vector<std::string> fields = Split(line, '\t');
        if (fields.size() < 4) continue;
        std::string name = fields[3];
        if (const auto own = names_.find(place); own != names_.end()) name = own->second;
        if (!fields[2].empty()) name += (name.empty() ? "" : " ") + ("(" + fields[2] + ")");
        if (!name.empty()) names_.emplace(BlobPlace(root, fields[0]), name);
      }
    }
  }

  std::vector<std::string> DiffIds(const std::string& config_place) const {
    const Artifact* config = At(config_place);
    return config == nullptr ? std::vector<std::string>() : config->ClaimList("oci:diff_id");
  }

  void AddManifest(const Artifact& artifact) {
    const std::string place = artifact.location.ToString();
    const std::string root = RootOfBlob(place);
    if (root.empty()) return;
    Image image;
    image.manifest_digest = DigestOfPlace(place);
    image.manifest_place = place;
    image.name = artifact.ClaimOr("oci:reference");
    if (const auto name = names_.find(PlainText(artifact.location)); name != names_.end()) {
      image.name += (image.name.empty() ? "" : " ") + name->second;
    }
    for (const std::string& line : artifact.ClaimList("oci:layer")) {
      const std::string digest = line.substr(0, line.find('\t'));
      image.layer_digests.push_back(digest);
      image.layer_places.push_back(BlobPlace(root, digest));
    }
    const std::string& config = artifact.ClaimOr("oci:config");
    image.diff_ids = DiffIds(BlobPlace(root, config.substr(0, config.find('\t'))));
    images_.push_back(std::move(image));
  }

  // Where an OCI manifest describes the same layers, it has said more already; only
  // the tags are taken over.
  void AddDockerManifest(const Artifact& artifact) {
    const std::string root = artifact.location.Folder();
    const std::vector<std::string> images = artifact.ClaimList("docker:image");
    for (std::size_t i = 0; i < images.size(); ++i) {
      const std::vector<std::string> fields = Split(images[i], '\t');
      Image image;
      image.name = Join({fields.begin() + 1, fields.end()}, ", ");
      for (const std::string& line : artifact.ClaimList("docker:layer")) {
        const std::size_t tab = line.find('\t');
        if (line.substr(0, tab) != std::to_string(i)) continue;
        std::string place = root + "/" + PlainPath(line.substr(tab + 1));
        if (const auto link = linked_.find(place); link != linked_.end()) place = link->second;
        image.layer_places.push_back(std::move(place));
        const Artifact* layer = At(image.layer_places.back());
        image.layer_digests.push_back(
            layer == nullptr || layer->sha256.empty() ? "" : "sha256:" + layer->sha256);
      }
      image.diff_ids = DiffIds(root + "/" + PlainPath(fields[0]));
      if (!NameDescribed(image)) images_.push_back(std::move(image));
    }
  }

  bool NameDescribed(const Image& image) {
    bool found = false;
    for (Image& other : images_) {
      if (other.manifest_digest.empty() || other.layer_places != image.layer_places) continue;
      if (!image.name.empty()) other.name = image.name;
      found = true;
    }
    return found;
  }

  std::vector<Artifact>& artifacts_;
  ByPlace places_;
  std::map<std::string, std::string> names_;   // document's plain place -> name
  std::map<std::string, std::string> linked_;  // a link's place -> the layer's place
  std::vector<Image> images_;
  LayerRoom room_;
};

ImagePlace::State StateOf(const std::string& path, const Image& image, std::size_t position,
                          const SummaryMap& layers) {
  for (std::size_t i = position + 1; i < image.layer_places.size(); ++i) {
    const auto higher = layers.find(image.layer_places[i]);
    if (higher == layers.end() || !higher->second->complete) return ImagePlace::State::kUnknown;
    if (higher->second->Deletes(path)) return ImagePlace::State::kDeleted;
    if (higher->second->Holds(path)) return ImagePlace::State::kReplaced;
  }
  return ImagePlace::State::kVisible;
}

void Mismatch(Artifact& artifact, const std::string& stated, const std::string& content) {
  artifact.diagnostics.push_back(
      {Severity::kError, ErrorCode::kMalformed, artifact.location,
       "digest mismatch: " + stated + ", its content has sha256:" + content,
       DiagnosticKind::kDigestMismatch});
}

// A blob's name is its digest. Of weights, identity says the same.
void CheckName(Artifact& artifact) {
  if (artifact.sha256.empty()) return;
  if (artifact.kind != ArtifactKind::kContainer && artifact.kind != ArtifactKind::kImageManifest) {
    return;
  }
  const std::string place = artifact.location.ToString();
  if (RootOfBlob(place).empty()) return;
  const std::string stated = DigestOfPlace(place);
  if (stated.rfind("sha256:", 0) != 0 || stated == "sha256:" + artifact.sha256) return;
  Mismatch(artifact, "the name says " + Printable(stated), artifact.sha256);
}

void CheckDiffId(Artifact& artifact, const std::string& diff_id) {
  const bool compressed = !artifact.ClaimOr("archive:compression").empty();
  const std::string& content = compressed ? artifact.content_sha256 : artifact.sha256;
  if (content.empty()) return;
  if (diff_id.rfind("sha256:", 0) != 0 || diff_id == "sha256:" + content) return;
  Mismatch(artifact, "the image's configuration says " + Printable(diff_id), content);
}

}  // namespace

bool IsLiveDocument(const Artifact& artifact) {
  constexpr auto kFormats = std::to_array<std::string_view>(
      {"docker_names", "docker_layer", "docker_diffid", "storage_images", "storage_layers",
       "containerd_images", "containerd_snapshots"});
  return artifact.kind == ArtifactKind::kHubMetadata &&
         std::find(kFormats.begin(), kFormats.end(), artifact.format) != kFormats.end();
}

bool PlaceInImages(const std::vector<LayerSummary>& summaries, const std::vector<LayerLink>& links,
                   std::vector<Artifact>& artifacts, const LiveStores& live) {
  for (Artifact& artifact : artifacts) CheckName(artifact);
  Joiner joiner(links, artifacts);
  const std::vector<Image> images = joiner.Images(live.documents);
  if (images.empty()) return !joiner.full();
  SummaryMap layers;
  for (const LayerSummary& summary : summaries) layers[summary.location.ToString()] = &summary;
  struct Use {
    const Image* image;
    std::size_t position;
  };
  std::map<std::string, std::vector<Use>> uses;
  for (const Image& image : images) {
    for (std::size_t i = 0; i < image.layer_places.size(); ++i) {
      uses[image.layer_places[i]].push_back({&image, i});
    }
  }
  const FolderPlaces folders(images, layers, live.folders, artifacts);
  for (Artifact& artifact : artifacts) {
    if (const auto own = uses.find(artifact.location.ToString()); own != uses.end()) {
      const Use& use = own->second.front();
      if (use.position < use.image->diff_ids.size()) {
        CheckDiffId(artifact, use.image->diff_ids[use.position]);
      }
    }
    Location outer = artifact.location;
    while (!outer.members.empty()) {
      const std::string path = PlainPath(outer.members.back());
      outer.members.pop_back();
      const auto found = uses.find(outer.ToString());
      if (found == uses.end()) continue;
      for (const Use& use : found->second) {
        if (artifact.images.size() >= kMaxPlaces) break;
        artifact.images.push_back({use.image->name, use.image->manifest_digest,
                                   use.image->layer_digests[use.position],
                                   static_cast<std::uint32_t>(use.position + 1),
                                   static_cast<std::uint32_t>(use.image->layer_places.size()),
                                   StateOf(path, *use.image, use.position, layers)});
      }
    }
    folders.AddTo(artifact);
  }
  return !joiner.full();
}

}  // namespace weighbridge
