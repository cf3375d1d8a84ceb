// Stores of container engines: their documents, set aside before files that are not
// reported go, and the walk's file system as the one who answers for layer folders.
#pragma once

#include <vector>

#include "scanner/images/layer_folders.h"
#include "scanner/pipeline/inspect.h"
#include "scanner/source/walk.h"
#include "weighbridge/artifact.h"

namespace weighbridge {

// Copies of the documents; what is wrong with them is reported.
std::vector<Artifact> LiveDocuments(const std::vector<Artifact>& artifacts, Inspector& inspector);

class WalkedFolders final : public LayerFolders {
 public:
  explicit WalkedFolders(const Walk& walk);
  Reply Ask(const Location& folder, const std::string& path) const override;
  bool exhausted() const { return questions_ >= kMaxQuestions; }

 private:
  // A hostile store may have many layers above many files.
  static constexpr std::uint64_t kMaxQuestions = 1'000'000;
  const Walk& walk_;
  const bool trusted_;
  mutable std::uint64_t questions_ = 0;
};

// PlaceInImages() with the live stores; says which limits were met.
void PlaceFiles(const Walk& walk, std::vector<Artifact> documents, Inspector& inspector,
                std::vector<Artifact>& artifacts);

}  // namespace weighbridge
