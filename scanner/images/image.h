// What the documents of images and stores say, before files are placed in it. Private
// to this room.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "weighbridge/artifact.h"
#include "weighbridge/location.h"

namespace weighbridge {

// A layer unpacked to a folder by a container engine.
struct LayerFolder {
  Location place;
  bool copies = false;  // holds all that lies in lower layers too (vfs, native snapshots)
  friend auto operator<=>(const LayerFolder&, const LayerFolder&) = default;
};

// One image: the layers from the lowest to the highest. The lists of layers are as long
// as the image has layers, or empty.
struct Image {
  std::string name;
  std::string manifest_digest;
  std::string manifest_place;                           // Location text, "" when a store keeps none
  std::vector<std::string> layer_digests;               // as stated
  std::vector<std::string> layer_places;                // of their archives, Location text
  std::vector<std::string> diff_ids;                    // as the configuration states
  std::vector<std::vector<LayerFolder>> layer_folders;  // none where it is not unpacked
};

// A document's place in its store: the last components of its path, and what is before.
struct StorePlace {
  Location root;                   // its innermost name is a prefix: "" or ends with '/'
  std::vector<std::string> parts;  // the last `count` components

  static std::optional<StorePlace> Of(const Location& document, std::size_t count);
  Location At(std::string_view name) const;  // below the root
  std::string Key() const { return root.ToString(); }
};

// Location text with the innermost member's name plain, as StorePlace has it.
std::string PlainText(const Location& location);

// The chain ids of layers, "sha256:<hex>" (OCI image-spec, config.md): of the lowest its
// diff id, of each further one the digest of "<chain id below> <diff id>".
std::vector<std::string> ChainIds(const std::vector<std::string>& diff_ids);

// The text without a leading "sha256:".
std::string_view HexOfDigest(std::string_view digest);

// "a, b" of the names; those that only repeat a digest count when there is no other.
std::string JoinNames(const std::vector<std::string>& names);

// Layers of live stores that one scan keeps; many images may share a long chain.
class LayerRoom {
 public:
  // False, and nothing taken, when they do not fit.
  bool Take(std::size_t layers) {
    full_ |= layers > left_;
    if (layers > left_) return false;
    left_ -= layers;
    return true;
  }
  bool full() const { return full_; }

 private:
  std::size_t left_ = 262'144;
  bool full_ = false;
};

// Images of engines that keep their layers unpacked. `documents` are the stores' own.
void AddDockerImages(const std::vector<Artifact>& documents, const std::vector<Artifact>& artifacts,
                     LayerRoom& room, std::vector<Image>& images);
void AddStorageImages(const std::vector<Artifact>& documents,
                      const std::vector<Artifact>& artifacts, LayerRoom& room,
                      std::vector<Image>& images);
// containerd: the manifests are images already; here they find their snapshots.
void AddSnapshots(const std::vector<Artifact>& documents, LayerRoom& room,
                  std::vector<Image>& images);

}  // namespace weighbridge
