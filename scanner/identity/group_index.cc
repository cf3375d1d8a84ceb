// An index against its shards (formats reference 3.1): every file that the map names is
// there, every tensor lies in the file that the map says.
#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

#include "scanner/base/text.h"
#include "scanner/identity/file_names.h"
#include "scanner/identity/identify.h"

namespace weighbridge {
namespace {

using ByPlace = std::map<std::string, std::size_t>;

// Things of one kind: how many, and the first of them in words.
struct Tally {
  std::uint64_t count = 0;
  std::string first;
  void Add(const std::string& text) {
    if (count++ == 0) first = text;
  }
};

class IndexCheck {
 public:
  IndexCheck(std::vector<Artifact>& artifacts, std::size_t index, const ByPlace& weights)
      : artifact_(artifacts[index]) {
    const std::string folder = ReadableLocation(artifact_).Folder();
    for (const std::string& name : artifact_.shard_files) {
      const auto found = weights.find(folder.empty() ? name : folder + "/" + name);
      shards_.push_back(found == weights.end() ? nullptr : &artifacts[found->second]);
    }
  }

  // True when every tensor of the map was found or lies in a shard that was not read.
  bool Run() {
    if (std::all_of(shards_.begin(), shards_.end(), [](auto* shard) { return !shard; })) {
      NoShards();
      return true;  // there is no model
    }
    CollectTensors();
    const bool found = CheckMap();
    CheckUnlisted();
    CheckTotal();
    return found;
  }

 private:
  using Place = std::pair<std::string_view, std::uint32_t>;  // tensor, shard

  void Note(Severity severity, DiagnosticKind kind, const std::string& text) {
    artifact_.diagnostics.push_back(
        {severity, ErrorCode::kMalformed, artifact_.location, "weight index: " + text, kind});
  }
  void Say(const Tally& tally, DiagnosticKind kind, const char* one, const char* several) {
    if (tally.count == 0) return;
    Note(Severity::kWarning, kind,
         std::to_string(tally.count) + (tally.count == 1 ? one : several) + tally.first +
             (tally.count == 1 ? "" : ", ..."));
  }

  bool Readable(std::size_t shard) const {
    return shards_[shard] != nullptr && shards_[shard]->kind != ArtifactKind::kPointer &&
           shards_[shard]->inspection == Inspection::kFull;
  }
  bool AllReadable() const {
    for (std::size_t i = 0; i < shards_.size(); ++i) {
      if (!Readable(i)) return false;
    }
    return artifact_.inspection == Inspection::kFull;
  }

  void NoShards() {
    const std::size_t all = artifact_.shard_files.size();
    std::vector<std::string> names = artifact_.shard_files;
    if (all > 6) names.resize(6);
    for (std::string& name : names) name = Printable(name);
    Note(Severity::kWarning, DiagnosticKind::kMissingPart,
         std::to_string(all) + " missing: " + Join(names, ", ") + (all > 6 ? ", ..." : ""));
  }

  void CollectTensors() {
    for (std::size_t i = 0; i < shards_.size(); ++i) {
      if (!Readable(i)) continue;
      for (const Tensor& tensor : shards_[i]->tensors) {
        places_.emplace_back(tensor.name, static_cast<std::uint32_t>(i));
      }
    }
    std::sort(places_.begin(), places_.end());
  }

  bool CheckMap() {
    Tally elsewhere, nowhere;
    for (const auto& [name, shard] : artifact_.weight_map) {
      if (!Readable(shard)) continue;
      if (std::binary_search(places_.begin(), places_.end(), Place{name, shard})) continue;
      const auto other = std::lower_bound(places_.begin(), places_.end(), Place{name, 0});
      const std::string& said = artifact_.shard_files[shard];
      if (other != places_.end() && other->first == name) {
        elsewhere.Add(Quote(name, 100) + " lies in " +
                      Quote(artifact_.shard_files[other->second], 100) + ", not in " +
                      Quote(said, 100));
      } else {
        nowhere.Add(Quote(name, 100) + " of " + Quote(said, 100));
      }
    }
    Say(elsewhere, DiagnosticKind::kIndexMismatch,
        " tensor lies in another shard: ", " tensors lie in other shards: ");
    Say(nowhere, DiagnosticKind::kIndexMismatch,
        " tensor is not in its shard: ", " tensors are not in their shards: ");
    return nowhere.count == 0;
  }

  // Loaders that follow the index pass these by.
  void CheckUnlisted() {
    if (artifact_.inspection != Inspection::kFull) return;
    std::vector<std::string_view> listed;
    listed.reserve(artifact_.weight_map.size());
    for (const auto& entry : artifact_.weight_map) listed.push_back(entry.first);
    std::sort(listed.begin(), listed.end());
    Tally unlisted;
    for (const auto& [name, shard] : places_) {
      if (std::binary_search(listed.begin(), listed.end(), name)) continue;
      unlisted.Add(Quote(name, 100) + " in " + Quote(artifact_.shard_files[shard], 100));
    }
    Say(unlisted, DiagnosticKind::kNone,
        " tensor of its shards is not listed: ", " tensors of its shards are not listed: ");
  }

  // Writers disagree on whether shared tensors count twice: worth a note, no finding.
  void CheckTotal() {
    const auto stated = ParseUint(artifact_.ClaimOr("index:total_size"));
    if (!stated || !AllReadable()) return;
    std::uint64_t total = 0;
    for (const Artifact* shard : shards_) {
      for (const Tensor& tensor : shard->tensors) {
        if (!tensor.has_data) return;
        total += tensor.bytes;
      }
    }
    if (total == *stated) return;
    Note(Severity::kNote, DiagnosticKind::kNone,
         "states total_size " + std::to_string(*stated) + ", its shards hold " +
             std::to_string(total) + " bytes of tensors");
  }

  Artifact& artifact_;
  std::vector<Artifact*> shards_;  // as artifact_.shard_files; nullptr: not there
  std::vector<Place> places_;      // sorted; of the shards that were read
};

bool MayBeShard(ArtifactKind kind) {
  return kind == ArtifactKind::kWeights || kind == ArtifactKind::kAdapter ||
         kind == ArtifactKind::kPointer || kind == ArtifactKind::kProjector;
}

}  // namespace

void CheckIndexes(std::vector<Artifact>& artifacts, std::vector<Model>& models) {
  ByPlace weights;
  for (std::size_t i = 0; i < artifacts.size(); ++i) {
    if (!MayBeShard(artifacts[i].kind)) continue;
    weights.emplace(ReadableLocation(artifacts[i]).ToString(), i);
  }
  std::vector<std::size_t> unfulfilled;
  for (std::size_t i = 0; i < artifacts.size(); ++i) {
    if (artifacts[i].kind != ArtifactKind::kWeightIndex || artifacts[i].shard_files.empty()) {
      continue;
    }
    if (!IndexCheck(artifacts, i, weights).Run()) unfulfilled.push_back(i);
  }
  if (unfulfilled.empty()) return;
  for (Model& model : models) {
    const auto speaks = [&](std::size_t index) {
      return std::binary_search(unfulfilled.begin(), unfulfilled.end(), index);
    };
    if (std::any_of(model.side_cars.begin(), model.side_cars.end(), speaks)) model.complete = false;
  }
}

}  // namespace weighbridge
