// GroupModels: which weight files are one model, and which side-cars speak for it.
//
// Weight files join by, in this order: the shard list of an index in their folder,
// "-0000i-of-0000n" names, split numbers in GGUF metadata, external data named by an
// ONNX file. Every other weight file is a model of its own. Side-cars of a folder
// speak for every model in it, except a config whose hidden size occurs in the
// tensors of another model there only.
#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "scanner/base/text.h"
#include "scanner/identity/file_names.h"
#include "scanner/identity/identify.h"

namespace weighbridge {
namespace {

using Indexes = std::vector<std::size_t>;

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

// A hostile name such as "a-1-of-100000" must not cost memory: so many missing parts
// are named per model and per scan, the rest only counted.
constexpr std::size_t kMaxMissingPerModel = 1000;
constexpr std::size_t kMaxMissingPerScan = 20'000;
// Side-cars of one folder that are attached to each model in it.
constexpr std::size_t kMaxSharedSideCars = 64;

struct Grouped {
  Indexes weights;
  std::set<std::string> expected;  // file names that an index or an ONNX file demands
  std::optional<ShardName> shard;  // joined by name: the first part's name
  std::uint64_t split_count = 0;   // joined by GGUF split numbers
};

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

// A folder whose parent's card, licence and configuration speak for it too.
bool IsVariantFolder(std::string_view folder) {
  const std::string name = ToLower(LastFolders(folder).second);
  return name == "onnx" || name == "original" || name == "gguf" || name == "openvino" ||
         name == "metal" || name == "ggml";
}

class Grouping {
 public:
  explicit Grouping(const std::vector<Artifact>& artifacts) : artifacts_(artifacts) { Sort(); }

  std::vector<Model> Run() {
    JoinByIndex();
    JoinByName();
    JoinBySplitClaims();
    for (const std::size_t index : loose_) {
      if (!taken_.contains(index)) groups_["f|" + Text(index)].weights.push_back(index);
    }
    AttachExternalData();
    std::vector<Model> models;
    for (auto& [key, group] : groups_) models.push_back(Build(group));
    AttachSideCars(models);
    NameModels(models);
    return models;
  }

 private:
  std::string Text(std::size_t index) const {
    return ReadableLocation(artifacts_[index]).ToString();
  }
  std::string FolderOf(std::size_t index) const {
    return ReadableLocation(artifacts_[index]).Folder();
  }
  std::string_view FileName(std::size_t index) const {
    return ReadableLocation(artifacts_[index]).FileName();
  }

  void Sort();
  void JoinByIndex();
  void JoinByName();
  void JoinBySplitClaims();
  void AttachExternalData();
  Model Build(Grouped& group);
  void NameMissingParts(const Grouped& group, std::vector<std::string>& missing);
  void AttachSideCars(std::vector<Model>& models) const;
  void NameModels(std::vector<Model>& models) const;
  bool HasDimension(const Model& model, std::uint64_t size) const;
  Indexes SideCarsIn(const std::string& folder) const {
    const auto found = side_cars_.find(folder);
    return found == side_cars_.end() ? Indexes() : found->second;
  }
  bool HasModelIndex(const std::string& folder) const {
    const Indexes there = SideCarsIn(folder);
    return std::any_of(there.begin(), there.end(), [&](std::size_t i) {
      return artifacts_[i].kind == ArtifactKind::kModelIndex;
    });
  }

  const std::vector<Artifact>& artifacts_;
  Indexes loose_;                                    // weight files, by location
  std::map<std::string, Indexes> side_cars_;         // by folder
  std::map<std::string, std::size_t> weight_files_;  // by location text
  std::map<std::string, Indexes> hub_metadata_;      // by the file they speak of
  std::set<std::size_t> taken_;
  std::map<std::string, Grouped> groups_;  // by a key that sorts stably
  std::size_t missing_named_ = 0;
};

void Grouping::Sort() {
  for (std::size_t i = 0; i < artifacts_.size(); ++i) {
    const Artifact& artifact = artifacts_[i];
    if (IsWeights(artifact)) {
      loose_.push_back(i);
      weight_files_.emplace(Text(i), i);
    } else if (artifact.kind == ArtifactKind::kHubMetadata) {
      hub_metadata_[HubMetadataTarget(artifact)].push_back(i);
    } else if (IsSideCar(artifact.kind)) {
      side_cars_[FolderOf(i)].push_back(i);
    }
  }
}

void Grouping::JoinByIndex() {
  for (const auto& [folder, side_cars] : side_cars_) {
    for (const std::size_t index : side_cars) {
      const Artifact& artifact = artifacts_[index];
      if (artifact.kind != ArtifactKind::kWeightIndex || artifact.shard_files.empty()) continue;
      Grouped group;
      for (const std::string& name : artifact.shard_files) {
        const std::string path = folder.empty() ? name : folder + "/" + name;
        group.expected.insert(name);
        const auto found = weight_files_.find(path);
        if (found == weight_files_.end() || !taken_.insert(found->second).second) continue;
        group.weights.push_back(found->second);
      }
      if (!group.weights.empty()) groups_["i|" + Text(index)] = std::move(group);
    }
  }
}

void Grouping::JoinByName() {
  for (const std::size_t index : loose_) {
    if (taken_.contains(index)) continue;
    const auto shard = ParseShardName(FileName(index));
    if (!shard) continue;
    taken_.insert(index);
    Grouped& group = groups_["n|" + FolderOf(index) + "/" + shard->stem + "|" +
                             std::to_string(shard->total) + "|" + shard->extension];
    group.weights.push_back(index);
    if (!group.shard) group.shard = shard;
  }
}

void Grouping::JoinBySplitClaims() {
  for (const std::size_t index : loose_) {
    if (taken_.contains(index)) continue;
    const Artifact& artifact = artifacts_[index];
    const auto count = ParseUint(artifact.ClaimOr("gguf:split.count"));
    if (!count || *count < 2 || *count > 100'000) continue;
    taken_.insert(index);
    Grouped& group = groups_["s|" + FolderOf(index) + "|" + std::to_string(*count) + "|" +
                             artifact.ClaimOr("gguf:split.tensors.count") + "|" +
                             artifact.ClaimOr("gguf:general.architecture")];
    group.weights.push_back(index);
    group.split_count = *count;
  }
}

// The parts that shard or split numbers demand and that are not there.
void Grouping::NameMissingParts(const Grouped& group, std::vector<std::string>& missing) {
  if (!group.shard && group.split_count == 0) return;
  std::set<std::uint64_t> present;
  for (const std::size_t index : group.weights) {
    if (group.shard) {
      if (const auto shard = ParseShardName(FileName(index))) present.insert(shard->number);
    } else if (const auto number = ParseUint(artifacts_[index].ClaimOr("gguf:split.no"))) {
      present.insert(*number);
    }
  }
  const std::uint64_t total = group.shard ? group.shard->total : group.split_count;
  // Hugging Face and llama.cpp number files from one, split.no and some writers from zero.
  const std::uint64_t first = group.shard && !present.contains(0) ? 1 : 0;
  std::uint64_t unnamed = 0;
  for (std::uint64_t number = first; number < first + total; ++number) {
    if (present.contains(number)) continue;
    if (missing.size() >= kMaxMissingPerModel || missing_named_ >= kMaxMissingPerScan) {
      ++unnamed;
      continue;
    }
    ++missing_named_;
    missing.push_back(group.shard
                          ? ShardFileName(*group.shard, number)
                          : "split " + std::to_string(number + 1) + " of " + std::to_string(total));
  }
  if (unnamed != 0) missing.push_back("and " + std::to_string(unnamed) + " more");
}

void Grouping::AttachExternalData() {
  std::map<std::string, std::size_t> data;
  for (std::size_t i = 0; i < artifacts_.size(); ++i) {
    if (artifacts_[i].kind == ArtifactKind::kExternalData) data.emplace(Text(i), i);
  }
  for (auto& [key, group] : groups_) {
    const Indexes files = group.weights;
    for (const std::size_t index : files) {
      const std::string folder = FolderOf(index);
      for (const std::string& name : artifacts_[index].external_files) {
        group.expected.insert(name);
        const auto found = data.find(folder.empty() ? name : folder + "/" + name);
        if (found == data.end()) continue;
        if (std::find(group.weights.begin(), group.weights.end(), found->second) ==
            group.weights.end()) {
          group.weights.push_back(found->second);
        }
      }
    }
  }
}

Model Grouping::Build(Grouped& group) {
  std::sort(group.weights.begin(), group.weights.end());
  Model model;
  model.weights = group.weights;
  const Artifact& first = artifacts_[group.weights.front()];
  model.format = first.format;
  model.pointer_only = true;
  model.is_adapter = true;
  bool inspected = true;
  for (const std::size_t index : group.weights) {
    const Artifact& artifact = artifacts_[index];
    if (artifact.kind == ArtifactKind::kExternalData) continue;
    if (artifact.kind != ArtifactKind::kPointer) {
      model.pointer_only = false;
      model.format = artifact.format;
    }
    if (artifact.kind != ArtifactKind::kAdapter) model.is_adapter = false;
    if (artifact.inspection != Inspection::kFull) inspected = false;
    group.expected.erase(std::string(FileName(index)));
  }
  for (const std::size_t index : group.weights) {
    if (artifacts_[index].kind != ArtifactKind::kExternalData) continue;
    const std::string path = Text(index);
    // An external file may lie below the folder of its ONNX file.
    for (auto it = group.expected.begin(); it != group.expected.end();) {
      it =
          path == *it || EndsWithNoCase(path, "/" + *it) ? group.expected.erase(it) : std::next(it);
    }
  }
  model.missing_files.assign(group.expected.begin(), group.expected.end());
  NameMissingParts(group, model.missing_files);
  const bool any_pointer =
      std::any_of(group.weights.begin(), group.weights.end(),
                  [&](std::size_t i) { return artifacts_[i].kind == ArtifactKind::kPointer; });
  model.complete = model.missing_files.empty() && inspected && !any_pointer;
  return model;
}

bool Grouping::HasDimension(const Model& model, std::uint64_t size) const {
  for (const std::size_t index : model.weights) {
    for (const Tensor& tensor : artifacts_[index].tensors) {
      if (std::find(tensor.shape.begin(), tensor.shape.end(), size) != tensor.shape.end())
        return true;
    }
  }
  return false;
}

void Grouping::AttachSideCars(std::vector<Model>& models) const {
  std::map<std::string, std::vector<Model*>> by_folder;
  for (Model& model : models) by_folder[FolderOf(model.weights.front())].push_back(&model);
  for (auto& [folder, inside] : by_folder) {
    Indexes shared = SideCarsIn(folder);
    const std::string parent = Location{folder, {}}.Folder();
    if (!folder.empty() && parent != folder && (HasModelIndex(parent) || IsVariantFolder(folder))) {
      for (const std::size_t index : SideCarsIn(parent)) {
        const ArtifactKind kind = artifacts_[index].kind;
        const bool about_whole = kind == ArtifactKind::kModelCard ||
                                 kind == ArtifactKind::kLicenceText ||
                                 kind == ArtifactKind::kModelIndex;
        if (about_whole || (IsVariantFolder(folder) && kind != ArtifactKind::kWeightIndex)) {
          shared.push_back(index);
        }
      }
    }
    if (shared.size() > kMaxSharedSideCars) shared.resize(kMaxSharedSideCars);
    for (const std::size_t index : shared) {
      const Artifact& side_car = artifacts_[index];
      std::vector<Model*> fitting = inside;
      if (side_car.kind == ArtifactKind::kConfig && inside.size() > 1) {
        const auto hidden = ParseUint(side_car.ClaimOr("config:hidden_size"));
        std::vector<Model*> some;
        for (Model* model : inside) {
          if (hidden && HasDimension(*model, *hidden)) some.push_back(model);
        }
        if (!some.empty()) fitting = some;
      }
      for (Model* model : fitting) {
        if (side_car.kind == ArtifactKind::kWeightIndex) {
          const std::string file(FileName(model->weights.front()));
          const auto& shards = side_car.shard_files;
          if (std::find(shards.begin(), shards.end(), file) == shards.end()) continue;
        }
        if (side_car.kind == ArtifactKind::kAdapterConfig && !model->is_adapter) continue;
        model->side_cars.push_back(index);
      }
    }
  }
  for (Model& model : models) {
    for (const std::size_t index : model.weights) {
      const auto found = hub_metadata_.find(Text(index));
      if (found == hub_metadata_.end()) continue;
      model.side_cars.insert(model.side_cars.end(), found->second.begin(), found->second.end());
    }
    std::sort(model.side_cars.begin(), model.side_cars.end());
    model.side_cars.erase(std::unique(model.side_cars.begin(), model.side_cars.end()),
                          model.side_cars.end());
  }
}

// A model of several files is named by its folder when no other such model lies
// there, else a model is named by its first file.
void Grouping::NameModels(std::vector<Model>& models) const {
  std::map<std::string, std::size_t> multi_file;
  for (const Model& model : models) {
    if (model.weights.size() > 1) ++multi_file[artifacts_[model.weights.front()].location.Folder()];
  }
  std::set<std::string> used;
  for (Model& model : models) {
    const Location& first = artifacts_[model.weights.front()].location;
    model.location = first;
    const std::string folder = first.Folder();
    if (model.weights.size() > 1 && !folder.empty() && multi_file[folder] == 1) {
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

}  // namespace

std::vector<Model> GroupModels(const std::vector<Artifact>& artifacts) {
  return Grouping(artifacts).Run();
}

}  // namespace weighbridge
