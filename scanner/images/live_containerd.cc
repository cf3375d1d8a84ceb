// containerd's snapshots (containerd plugins/snapshots, core/metadata/snapshot.go):
//
//   io.containerd.content.v1.content/blobs/<algorithm>/<hex>   manifests, configurations
//   io.containerd.snapshotter.v1.overlayfs/snapshots/<n>/fs
//   io.containerd.snapshotter.v1.native/snapshots/<n>          (full copies)
//
// A committed snapshot is named by the chain id of its layers; namespaces that do not
// share content have one each.
#include <map>

#include "scanner/base/text.h"
#include "scanner/images/image.h"

namespace weighbridge {
namespace {

constexpr std::string_view kSnapshotter = "io.containerd.snapshotter.v1.";
constexpr std::size_t kMaxFolders = 4;  // of one layer

using Folders = std::map<std::string, std::vector<LayerFolder>>;  // by chain id

// "sha256:<hex>" of "<namespace>/<number>/sha256:<hex>"; "" of a container's own.
std::string ChainOfKey(const std::string& key) {
  const std::size_t first = key.find('/');
  const std::size_t second = first == key.npos ? first : key.find('/', first + 1);
  if (second == key.npos || key.compare(second + 1, 7, "sha256:") != 0) return {};
  return key.substr(second + 1);
}

std::map<std::string, Folders> ReadSnapshots(const std::vector<Artifact>& documents) {
  std::map<std::string, Folders> stores;  // by root
  for (const Artifact& document : documents) {
    if (document.format != "containerd_snapshots") continue;
    const auto place = StorePlace::Of(document.location, 2);
    if (!place) continue;
    const std::string kind = place->parts[0].substr(kSnapshotter.size());
    if (kind != "overlayfs" && kind != "native") continue;
    Folders& folders = stores[place->Key()];
    for (const std::string& line : document.ClaimList("containerd:snapshot")) {
      const std::size_t tab = line.find('\t');
      if (tab == line.npos) continue;
      const std::string chain = ChainOfKey(line.substr(tab + 1));
      if (chain.empty() || folders[chain].size() >= kMaxFolders) continue;
      const std::string folder = place->parts[0] + "/snapshots/" + line.substr(0, tab);
      folders[chain].push_back(kind == "native" ? LayerFolder{place->At(folder), true}
                                                : LayerFolder{place->At(folder + "/fs"), false});
    }
  }
  return stores;
}

}  // namespace

void AddSnapshots(const std::vector<Artifact>& documents, LayerRoom& room,
                  std::vector<Image>& images) {
  const std::map<std::string, Folders> stores = ReadSnapshots(documents);
  if (stores.empty()) return;
  for (Image& image : images) {
    const auto place = StorePlace::Of(Location::Parse(image.manifest_place), 4);
    if (!place || place->parts[0] != "io.containerd.content.v1.content") continue;
    const auto store = stores.find(place->Key());
    if (store == stores.end()) continue;
    const std::vector<std::string> chain = ChainIds(image.diff_ids);
    if (chain.size() != image.layer_digests.size() || !room.Take(chain.size())) continue;
    for (const std::string& id : chain) {
      const auto folders = store->second.find(id);
      image.layer_folders.push_back(folders == store->second.end() ? std::vector<LayerFolder>()
                                                                   : folders->second);
    }
  }
}

}  // namespace weighbridge
