// What a layer says about paths, kept as hashes: enough to tell whether a file of a
// lower layer is visible in the final image, at eight bytes a path.
//
// Whiteouts (OCI image-spec, layer.md): a file ".wh.NAME" hides NAME of lower layers,
// ".wh..wh..opq" hides all that lower layers have in its folder.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "weighbridge/location.h"

namespace weighbridge {

class LayerSummary {
 public:
  // Names as the layer's tar spells them.
  void AddFile(std::string_view name);  // also links and devices
  // Sorts; needed before the questions.
  void Finish();

  bool Holds(std::string_view path) const;  // the path itself, or a file in place of its folder
  bool Deletes(std::string_view path) const;
  bool has_whiteouts() const { return !whiteouts_.empty() || !opaque_.empty(); }
  std::size_t size() const { return files_.size() + whiteouts_.size() + opaque_.size(); }

  Location location;      // of the layer's archive
  bool complete = false;  // all of it was read

 private:
  std::vector<std::uint64_t> files_;
  std::vector<std::uint64_t> whiteouts_;
  std::vector<std::uint64_t> opaque_;  // folders
};

// A link in a `docker save` archive that stands for a layer.
struct LayerLink {
  Location place;
  std::string target;  // relative to the place's folder; of a hard link, to the archive
  bool hard = false;
};

// "./a//b/../c/" -> "a/c"; ".." above the root is dropped.
std::string PlainPath(std::string_view name);

}  // namespace weighbridge
