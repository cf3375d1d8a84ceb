// The question that an upper layer's folder answers about a file of a lower one. The
// pipeline puts it to the file system; this room knows no system.
#pragma once

#include <cstdint>
#include <string>

#include "weighbridge/location.h"

namespace weighbridge {

class LayerFolders {
 public:
  enum class Answer {
    kNeither,  // nothing at this path, and nothing that hides it
    kHolds,    // the path itself, or a file in place of its folder
    kDeletes,  // a whiteout, or an opaque folder above it
    kUnknown,  // cannot be told: the folder is in an archive or may not be read
  };
  struct Reply {
    Answer answer = Answer::kUnknown;
    std::uint64_t size = 0;  // bytes, of what it holds
  };

  virtual ~LayerFolders() = default;
  // `path` has no "." or ".." and begins below the folder.
  virtual Reply Ask(const Location& folder, const std::string& path) const = 0;
};

}  // namespace weighbridge
