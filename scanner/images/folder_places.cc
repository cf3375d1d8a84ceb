#include "scanner/images/folder_places.h"

#include <algorithm>

namespace weighbridge {
namespace {

using Answer = LayerFolders::Answer;

ImagePlace At(const Image& image, std::size_t position, ImagePlace::State state) {
  return {image.name,
          image.manifest_digest,
          image.layer_digests[position],
          static_cast<std::uint32_t>(position + 1),
          static_cast<std::uint32_t>(image.layer_digests.size()),
          state};
}

}  // namespace

FolderPlaces::FolderPlaces(const std::vector<Image>& images, const SummaryMap& summaries,
                           const LayerFolders* folders, const std::vector<Artifact>& artifacts)
    : summaries_(summaries), folders_(folders) {
  for (const Image& image : images) {
    if (image.layer_folders.size() != image.layer_digests.size()) continue;
    for (std::size_t i = 0; i < image.layer_folders.size(); ++i) {
      for (const LayerFolder& folder : image.layer_folders[i]) {
        uses_[folder.place.ToString()].push_back({&image, i, &folder});
      }
    }
  }
  if (uses_.empty()) return;
  for (const Artifact& artifact : artifacts) {
    files_.emplace(PlainText(artifact.location), &artifact);
    for (const Location& other : artifact.other_locations) {
      files_.emplace(PlainText(other), &artifact);
    }
  }
}

// A recognised file is there, whoever can be asked.
FolderPlaces::Reply FolderPlaces::Ask(const Image& image, std::size_t layer, bool copies,
                                      const std::string& path) const {
  for (const LayerFolder& folder : image.layer_folders[layer]) {
    if (folder.copies != copies) continue;
    Location place = folder.place;
    (place.members.empty() ? place.path : place.members.back()) += "/" + path;
    const auto file = files_.find(place.ToString());
    if (file != files_.end()) {
      return {Answer::kHolds, file->second->size_bytes, file->second->sha256};
    }
    if (folders_ == nullptr) continue;
    const LayerFolders::Reply reply = folders_->Ask(folder.place, path);
    if (reply.answer != Answer::kUnknown) return {reply.answer, reply.size, {}};
  }
  return {};
}

// Of a layer whose folder does not answer, its archive may have been read.
Answer FolderPlaces::AskLayer(const Image& image, std::size_t layer,
                              const std::string& path) const {
  const Answer answer = Ask(image, layer, false, path).answer;
  if (answer != Answer::kUnknown || layer >= image.layer_places.size()) return answer;
  const auto archive = summaries_.find(image.layer_places[layer]);
  if (archive == summaries_.end() || !archive->second->complete) return Answer::kUnknown;
  if (archive->second->Deletes(path)) return Answer::kDeletes;
  return archive->second->Holds(path) ? Answer::kHolds : Answer::kNeither;
}

ImagePlace FolderPlaces::PlaceOf(const Use& use, const std::string& path) const {
  if (use.folder->copies) return PlaceOfCopy(use, path);
  const Image& image = *use.image;
  for (std::size_t i = use.position + 1; i < image.layer_digests.size(); ++i) {
    switch (AskLayer(image, i, path)) {
      case Answer::kNeither: break;
      case Answer::kHolds: return At(image, use.position, ImagePlace::State::kReplaced);
      case Answer::kDeletes: return At(image, use.position, ImagePlace::State::kDeleted);
      case Answer::kUnknown: return At(image, use.position, ImagePlace::State::kUnknown);
    }
  }
  return At(image, use.position, ImagePlace::State::kVisible);
}

// The folder holds all that lower layers have: the layer that brought the file is the
// lowest one from which on it is the same file. Size and time of change do not tell two
// files apart (reproducible builds set the latter); digests do, when there are any.
ImagePlace FolderPlaces::PlaceOfCopy(const Use& use, const std::string& path) const {
  const Image& image = *use.image;
  enum class Same { kYes, kNo, kUnknown };
  const Reply own = Ask(image, use.position, true, path);
  const auto compare = [&](const Reply& other) {
    if (own.answer != Answer::kHolds || other.answer == Answer::kUnknown) return Same::kUnknown;
    if (other.answer != Answer::kHolds || own.size != other.size) return Same::kNo;
    if (own.sha256.empty() || other.sha256.empty()) return Same::kUnknown;
    return own.sha256 == other.sha256 ? Same::kYes : Same::kNo;
  };
  std::size_t first = use.position;
  while (first > 0 && compare(Ask(image, first - 1, true, path)) == Same::kYes) --first;
  for (std::size_t i = use.position + 1; i < image.layer_digests.size(); ++i) {
    const Reply higher = Ask(image, i, true, path);
    switch (compare(higher)) {
      case Same::kYes: break;
      case Same::kUnknown: return At(image, first, ImagePlace::State::kUnknown);
      case Same::kNo:
        return At(image, first,
                  higher.answer == Answer::kHolds ? ImagePlace::State::kReplaced
                                                  : ImagePlace::State::kDeleted);
    }
  }
  return At(image, first, ImagePlace::State::kVisible);
}

// A folder may be part of any name that leads to the file: of the path on the host, or
// of a member's when the store was packed.
void FolderPlaces::AddLocation(const Location& location, Artifact& artifact) const {
  for (std::size_t level = 0; level <= location.members.size(); ++level) {
    Location folder{
        location.path,
        {location.members.begin(), location.members.begin() + static_cast<std::ptrdiff_t>(level)}};
    const std::string name = level == 0 ? location.path : PlainPath(location.members[level - 1]);
    for (std::size_t slash = name.find('/'); slash != name.npos;
         slash = name.find('/', slash + 1)) {
      (level == 0 ? folder.path : folder.members.back()) = name.substr(0, slash);
      const auto found = uses_.find(folder.ToString());
      if (found == uses_.end()) continue;
      for (const Use& use : found->second) {
        if (artifact.images.size() >= kMaxPlaces) return;
        ImagePlace place = PlaceOf(use, name.substr(slash + 1));
        if (std::find(artifact.images.begin(), artifact.images.end(), place) ==
            artifact.images.end()) {
          artifact.images.push_back(std::move(place));
        }
      }
    }
  }
}

void FolderPlaces::AddTo(Artifact& artifact) const {
  if (uses_.empty()) return;
  AddLocation(artifact.location, artifact);
  for (const Location& other : artifact.other_locations) AddLocation(other, artifact);
}

}  // namespace weighbridge
