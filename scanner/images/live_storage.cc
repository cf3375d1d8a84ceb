// containers/storage (podman, buildah, CRI-O; containers/storage images.go, layers.go,
// drivers/overlay, drivers/vfs):
//
//   <driver>-images/images.json, <driver>-layers/layers.json
//   <driver>-images/<id>/manifest          as it was pulled
//   overlay/<layer>/diff, vfs/dir/<layer>  (the latter: full copies)
#include <algorithm>
#include <map>

#include "scanner/base/text.h"
#include "scanner/images/image.h"

namespace weighbridge {
namespace {

constexpr std::size_t kMaxLayers = 4096;

struct Layer {
  std::string parent;
  std::string diff;
  std::string compressed;
};

struct Driver {
  StorePlace place;
  std::string name;
  std::map<std::string, Layer> layers;  // by id
};

// By root and driver.
using Drivers = std::map<std::pair<std::string, std::string>, Driver>;

// "overlay" of "overlay-images".
std::string DriverName(const std::string& folder) { return folder.substr(0, folder.rfind('-')); }

Drivers ReadLayers(const std::vector<Artifact>& documents) {
  Drivers drivers;
  for (const Artifact& document : documents) {
    if (document.format != "storage_layers") continue;
    const auto place = StorePlace::Of(document.location, 2);
    if (!place) continue;
    const std::string name = DriverName(place->parts[0]);
    Driver& driver = drivers[{place->Key(), name}];
    driver.place = *place;
    driver.name = name;
    for (const std::string& line : document.ClaimList("storage:layer")) {
      const std::vector<std::string> fields = Split(line, '\t');
      if (fields.size() == 4) driver.layers[fields[0]] = {fields[1], fields[2], fields[3]};
    }
  }
  return drivers;
}

// The ids from the lowest layer to `top`; nothing when the chain breaks off.
std::vector<std::string> ChainTo(const Driver& driver, const std::string& top) {
  std::vector<std::string> chain;
  for (std::string id = top; !id.empty();) {
    const auto layer = driver.layers.find(id);
    if (layer == driver.layers.end() || chain.size() == kMaxLayers) return {};
    chain.push_back(id);
    id = layer->second.parent;
  }
  std::reverse(chain.begin(), chain.end());
  return chain;
}

// An id becomes the name of a folder.
bool IsPlainId(const std::string& id) {
  return !id.empty() && id[0] != '.' && id.find('/') == id.npos && id.find('\0') == id.npos;
}

std::vector<LayerFolder> FoldersOf(const Driver& driver, const std::string& id) {
  if (!IsPlainId(id)) return {};
  if (driver.name == "overlay") return {{driver.place.At("overlay/" + id + "/diff"), false}};
  if (driver.name == "vfs") return {{driver.place.At("vfs/dir/" + id), true}};
  if (driver.name == "btrfs") return {{driver.place.At("btrfs/subvolumes/" + id), true}};
  return {};
}

using Manifests = std::map<std::string, const Artifact*>;  // by Location text

// What the manifest calls the layers, when it lists as many as there are.
std::vector<std::string> StatedDigests(const Artifact& manifest, std::size_t layers) {
  std::vector<std::string> digests;
  for (const std::string& line : manifest.ClaimList("oci:layer")) {
    digests.push_back(line.substr(0, line.find('\t')));
  }
  return digests.size() == layers ? digests : std::vector<std::string>();
}

Image MakeImage(const std::vector<std::string>& fields, const std::vector<std::string>& chain,
                const Driver& driver, const Manifests& manifests) {
  Image image;
  image.name = JoinNames({fields.begin() + 3, fields.end()});
  if (image.name.empty()) image.name = "sha256:" + fields[0];
  image.manifest_digest = fields[2];
  const auto manifest = manifests.find(
      driver.place.At(driver.name + "-images/" + fields[0] + "/manifest").ToString());
  if (manifest != manifests.end()) {
    image.layer_digests = StatedDigests(*manifest->second, chain.size());
  }
  const bool stated = !image.layer_digests.empty();
  for (const std::string& id : chain) {
    const Layer& layer = driver.layers.at(id);
    if (!stated)
      image.layer_digests.push_back(layer.compressed.empty() ? layer.diff : layer.compressed);
    image.diff_ids.push_back(layer.diff);
    image.layer_folders.push_back(FoldersOf(driver, id));
  }
  return image;
}

}  // namespace

void AddStorageImages(const std::vector<Artifact>& documents,
                      const std::vector<Artifact>& artifacts, LayerRoom& room,
                      std::vector<Image>& images) {
  const Drivers drivers = ReadLayers(documents);
  if (drivers.empty()) return;
  Manifests manifests;
  for (const Artifact& artifact : artifacts) {
    if (artifact.ClaimOr("oci:document") != "manifest") continue;
    if (artifact.location.FileName() == "manifest") {
      manifests.emplace(PlainText(artifact.location), &artifact);
    }
  }
  for (const Artifact& document : documents) {
    if (document.format != "storage_images") continue;
    const auto place = StorePlace::Of(document.location, 2);
    if (!place) continue;
    const auto driver = drivers.find({place->Key(), DriverName(place->parts[0])});
    if (driver == drivers.end()) continue;
    for (const std::string& line : document.ClaimList("storage:image")) {
      const std::vector<std::string> fields = Split(line, '\t');
      if (fields.size() < 3) continue;
      const std::vector<std::string> chain = ChainTo(driver->second, fields[1]);
      if (!room.Take(chain.size())) continue;
      images.push_back(MakeImage(fields, chain, driver->second, manifests));
    }
  }
}

}  // namespace weighbridge
