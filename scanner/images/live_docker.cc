// Docker's graph drivers (moby layer/filestore.go, image/store.go, daemon/graphdriver):
//
//   image/<driver>/imagedb/content/sha256/<image id>    the configuration
//   image/<driver>/layerdb/sha256/<chain id>/cache-id   names the layer's folder
//   overlay2/<cache id>/diff, fuse-overlayfs/<cache id>/diff, aufs/diff/<cache id>,
//   vfs/dir/<cache id>, btrfs/subvolumes/<cache id>     (the last two: full copies)
#include <map>
#include <set>

#include "scanner/base/text.h"
#include "scanner/images/image.h"

namespace weighbridge {
namespace {

struct Layer {
  std::string cache_id;
  std::string diff;
  std::string parent;
};

struct DockerStore {
  std::map<std::string, Layer> layers;                      // by the hex of their chain id
  std::map<std::string, std::vector<std::string>> names;    // by image id
  std::map<std::string, std::set<std::string>> compressed;  // digests, by diff id
};

// By root and driver.
using Stores = std::map<std::pair<std::string, std::string>, DockerStore>;

std::pair<std::string, std::string> KeyOf(const StorePlace& place) {
  return {place.Key(), place.parts[1]};
}

Stores ReadStores(const std::vector<Artifact>& documents) {
  Stores stores;
  for (const Artifact& document : documents) {
    if (document.format == "docker_layer") {
      const auto place = StorePlace::Of(document.location, 6);
      if (!place || place->parts[0] != "image") continue;
      Layer& layer = stores[KeyOf(*place)].layers[place->parts[4]];
      for (const Claim& claim : document.claims) {
        if (claim.key == "dockerlayer:cache-id") layer.cache_id = claim.value;
        if (claim.key == "dockerlayer:diff") layer.diff = claim.value;
        if (claim.key == "dockerlayer:parent") layer.parent = claim.value;
      }
    } else if (document.format == "docker_names") {
      const auto place = StorePlace::Of(document.location, 3);
      if (!place) continue;
      for (const std::string& line : document.ClaimList("docker:name")) {
        const std::size_t tab = line.find('\t');
        if (tab == line.npos) continue;
        stores[KeyOf(*place)].names[line.substr(tab + 1)].push_back(line.substr(0, tab));
      }
    } else if (document.format == "docker_diffid") {
      const auto place = StorePlace::Of(document.location, 6);
      if (!place || place->parts[0] != "image") continue;
      stores[KeyOf(*place)].compressed[document.ClaimOr("dockerlayer:diff_id")].insert(
          "sha256:" + place->parts[5]);
    }
  }
  return stores;
}

std::optional<LayerFolder> FolderOf(const StorePlace& place, const std::string& cache_id) {
  const std::string& driver = place.parts[1];
  if (driver == "overlay2" || driver == "fuse-overlayfs") {
    return LayerFolder{place.At(driver + "/" + cache_id + "/diff"), false};
  }
  if (driver == "aufs") return LayerFolder{place.At("aufs/diff/" + cache_id), false};
  if (driver == "vfs") return LayerFolder{place.At("vfs/dir/" + cache_id), true};
  if (driver == "btrfs") return LayerFolder{place.At("btrfs/subvolumes/" + cache_id), true};
  return std::nullopt;
}

// The manifest's digest, when a name states one and all that do agree.
std::string ManifestDigest(const std::vector<std::string>& names) {
  std::set<std::string> digests;
  for (const std::string& name : names) {
    const std::size_t at = name.find('@');
    if (at != name.npos) digests.insert(name.substr(at + 1));
  }
  return digests.size() == 1 ? *digests.begin() : std::string();
}

Image MakeImage(const Artifact& config, const StorePlace& place, const DockerStore& store) {
  Image image;
  const std::string id = "sha256:" + place.parts[5];
  if (const auto names = store.names.find(id); names != store.names.end()) {
    image.name = JoinNames(names->second);
    image.manifest_digest = ManifestDigest(names->second);
  }
  if (image.name.empty()) image.name = id;
  image.diff_ids = config.ClaimList("oci:diff_id");
  const std::vector<std::string> chain = ChainIds(image.diff_ids);
  for (std::size_t i = 0; i < chain.size(); ++i) {
    const std::string& diff_id = image.diff_ids[i];
    const auto digests = store.compressed.find(diff_id);
    const bool known = digests != store.compressed.end() && digests->second.size() == 1;
    image.layer_digests.push_back(known ? *digests->second.begin() : diff_id);
    image.layer_folders.emplace_back();
    const auto layer = store.layers.find(std::string(HexOfDigest(chain[i])));
    if (layer == store.layers.end() || layer->second.cache_id.empty()) continue;
    // Files that contradict their place say nothing.
    const Layer& stated = layer->second;
    if (!stated.diff.empty() && stated.diff != diff_id) continue;
    if (!stated.parent.empty() && (i == 0 || stated.parent != chain[i - 1])) continue;
    if (const auto folder = FolderOf(place, stated.cache_id)) {
      image.layer_folders.back().push_back(*folder);
    }
  }
  return image;
}

}  // namespace

void AddDockerImages(const std::vector<Artifact>& documents, const std::vector<Artifact>& artifacts,
                     LayerRoom& room, std::vector<Image>& images) {
  const Stores stores = ReadStores(documents);
  if (stores.empty()) return;
  for (const Artifact& artifact : artifacts) {
    if (artifact.ClaimOr("oci:document") != "config") continue;
    const auto place = StorePlace::Of(artifact.location, 6);
    if (!place || place->parts[0] != "image" || place->parts[2] != "imagedb") continue;
    if (place->parts[3] != "content" || place->parts[4] != "sha256") continue;
    const auto store = stores.find(KeyOf(*place));
    if (store == stores.end() || !room.Take(artifact.claims.size())) continue;
    images.push_back(MakeImage(artifact, *place, store->second));
  }
}

}  // namespace weighbridge
