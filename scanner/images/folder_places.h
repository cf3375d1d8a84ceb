// Places files that lie unpacked in layer folders. Private to this room.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "scanner/images/image.h"
#include "scanner/images/layer_folders.h"
#include "scanner/images/layer_summary.h"
#include "weighbridge/artifact.h"

namespace weighbridge {

inline constexpr std::size_t kMaxPlaces = 64;  // images that one file is said to lie in

using SummaryMap = std::map<std::string, const LayerSummary*>;  // by Location text

class FolderPlaces {
 public:
  // Keeps references. `folders` may be null: then only read archives of layers, and the
  // top of an image, settle whether a file shows.
  FolderPlaces(const std::vector<Image>& images, const SummaryMap& summaries,
               const LayerFolders* folders, const std::vector<Artifact>& artifacts);
  // Adds the places of the file and of its hard links.
  void AddTo(Artifact& artifact) const;

 private:
  struct Use {
    const Image* image;
    std::size_t position;  // 0 = lowest layer
    const LayerFolder* folder;
  };
  void AddLocation(const Location& location, Artifact& artifact) const;
  ImagePlace PlaceOf(const Use& use, const std::string& path) const;
  ImagePlace PlaceOfCopy(const Use& use, const std::string& path) const;
  // What the layer's folder of this kind says, and of what it holds the SHA-256 if known.
  struct Reply {
    LayerFolders::Answer answer = LayerFolders::Answer::kUnknown;
    std::uint64_t size = 0;  // bytes
    std::string sha256;
  };
  Reply Ask(const Image& image, std::size_t layer, bool copies, const std::string& path) const;
  LayerFolders::Answer AskLayer(const Image& image, std::size_t layer,
                                const std::string& path) const;

  std::map<std::string, const Artifact*> files_;  // by Location text, hard links too
  std::map<std::string, std::vector<Use>> uses_;  // by the folder's Location text
  const SummaryMap& summaries_;
  const LayerFolders* folders_;
};

}  // namespace weighbridge
