// GroupModels: which weight files are one model, and which side-cars speak for it.
//
// Weight files join by, in this order: the key that a store's manifest gave them (claim
// store:model, see scanner/stores/stores.h), the shard list of an index in their folder,
// "-0000i-of-0000n" names, split numbers in GGUF metadata, external data named by an
// ONNX file. Every other weight file is a model of its own. Side-cars of a folder
// speak for every model in it, except a config whose hidden size occurs in the
// tensors of another model there only.
#include <algorithm>

#include "scanner/base/text.h"
#include "scanner/identity/grouping.h"
#include "scanner/identity/identify.h"

namespace weighbridge {
namespace {

constexpr std::string_view kHubCache = ".cache/huggingface/download";

bool IsWeights(const Artifact& artifact) {
  switch (artifact.kind) {
    case ArtifactKind::kWeights:
    case ArtifactKind::kAdapter:
    case ArtifactKind::kProjector: return true;
    case ArtifactKind::kPointer: return IsWeightFileName(ReadableLocation(artifact).FileName());
    default: return false;
  }
}

bool IsSideCar(ArtifactKind kind) {
  switch (kind) {
    case ArtifactKind::kWeightIndex:
    case ArtifactKind::kConfig:
    case ArtifactKind::kGenerationConfig:
    case ArtifactKind::kTokenizer:
    case ArtifactKind::kTokenizerConfig:
    case ArtifactKind::kModelCard:
    case ArtifactKind::kLicenceText:
    case ArtifactKind::kModelIndex:
    case ArtifactKind::kAdapterConfig:
    case ArtifactKind::kModelfile: return true;
    default: return false;
  }
}

// The subject of a hub metadata file: "<root>/<relative name>".
std::string HubMetadataTarget(const Artifact& artifact) {
  const std::string path = artifact.location.ToString();
  const std::size_t at = path.find(kHubCache);
  constexpr std::string_view kSuffix = ".metadata";
  if (at == std::string::npos || !EndsWithNoCase(path, kSuffix)) return {};
  const std::size_t from = at + kHubCache.size() + 1;
  if (from + kSuffix.size() > path.size()) return {};
  return path.substr(0, at) + path.substr(from, path.size() - from - kSuffix.size());
}

}  // namespace

void Grouping::Sort() {
  for (std::size_t i = 0; i < artifacts_.size(); ++i) {
    const Artifact& artifact = artifacts_[i];
    if (IsWeights(artifact)) {
      loose_.push_back(i);
      weight_files_.emplace(Text(i), i);
    } else if (artifact.kind == ArtifactKind::kHubMetadata) {
      hub_metadata_[HubMetadataTarget(artifact)].push_back(i);
    } else if (IsSideCar(artifact.kind) && !artifact.ClaimOr("store:model").empty()) {
      for (const std::string& key : artifact.ClaimList("store:model")) {
        store_side_cars_[key].push_back(i);
      }
    } else if (IsSideCar(artifact.kind)) {
      side_cars_[FolderOf(i)].push_back(i);
    }
  }
}

// A model of several files is named by its folder when no other such model lies
// there, else a model is named by its first file.
void Grouping::NameModels(std::vector<Model>& models) const {
  // The blobs of a store share one folder, whatever their models.
  const auto named_by_store = [&](const Model& model) {
    return !artifacts_[model.weights.front()].ClaimOr("store:model").empty();
  };
  std::map<std::string, std::size_t> multi_file;
  for (const Model& model : models) {
    if (model.weights.size() > 1 && !named_by_store(model)) {
      ++multi_file[artifacts_[model.weights.front()].location.Folder()];
    }
  }
  std::set<std::string> used;
  for (Model& model : models) {
    const Location& first = artifacts_[model.weights.front()].location;
    model.location = first;
    const std::string folder = first.Folder();
    if (model.weights.size() > 1 && !named_by_store(model) && !folder.empty() &&
        multi_file[folder] == 1) {
      std::string& last =
          model.location.members.empty() ? model.location.path : model.location.members.back();
      const std::size_t slash = last.rfind('/');
      if (slash != std::string::npos && slash != 0) {
        last.resize(slash);
      } else if (!model.location.members.empty()) {
        model.location.members.pop_back();
      }
    }
    model.id = model.location.ToString();
    for (std::size_t copy = 2; !used.insert(model.id).second; ++copy) {
      model.id = model.location.ToString() + "#" + std::to_string(copy);
    }
  }
  std::sort(models.begin(), models.end(),
            [](const Model& a, const Model& b) { return a.id < b.id; });
}

std::vector<Model> GroupModels(const std::vector<Artifact>& artifacts) {
  return Grouping(artifacts).Run();
}

}  // namespace weighbridge
