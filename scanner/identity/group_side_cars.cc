// Attaches side-cars to the models that they speak for.
#include <algorithm>

#include "scanner/base/text.h"
#include "scanner/identity/grouping.h"

namespace weighbridge {
namespace {

// Side-cars of one folder that are attached to each model in it.
constexpr std::size_t kMaxSharedSideCars = 64;

// A folder whose parent's card, licence and configuration speak for it too.
bool IsVariantFolder(std::string_view folder) {
  const std::string name = ToLower(LastFolders(folder).second);
  return name == "onnx" || name == "original" || name == "gguf" || name == "openvino" ||
         name == "metal" || name == "ggml";
}

}  // namespace

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
    const auto named =
        store_side_cars_.find(artifacts_[model.weights.front()].ClaimOr("store:model"));
    if (named != store_side_cars_.end()) {
      model.side_cars.insert(model.side_cars.end(), named->second.begin(), named->second.end());
    }
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

}  // namespace weighbridge
