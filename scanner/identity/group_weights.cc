// Joins weight files into models and names the parts that are not there.
#include <algorithm>

#include "scanner/base/text.h"
#include "scanner/identity/grouping.h"

namespace weighbridge {
namespace {

// A hostile name such as "a-1-of-100000" must not cost memory: so many missing parts
// are named per model and per scan, the rest only counted.
constexpr std::size_t kMaxMissingPerModel = 1000;
constexpr std::size_t kMaxMissingPerScan = 20'000;

}  // namespace

// Blobs of one manifest are one model; its side-cars are named by the same key.
void Grouping::JoinByStore() {
  for (const std::size_t index : loose_) {
    const std::string& key = artifacts_[index].ClaimOr("store:model");
    if (key.empty() || !taken_.insert(index).second) continue;
    Grouped& group = groups_["m|" + key];
    group.weights.push_back(index);
    if (!group.shard) group.shard = ParseShardName(FileName(index));
    const auto count = ParseUint(artifacts_[index].ClaimOr("gguf:split.count"));
    if (count && *count >= 2 && *count <= 100'000) group.split_count = *count;
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

// Only the first split carries the metadata of the model, every one the split's own.
void Grouping::JoinBySplitClaims() {
  std::map<std::string, Indexes> sets;
  for (const std::size_t index : loose_) {
    if (taken_.contains(index)) continue;
    const Artifact& artifact = artifacts_[index];
    const auto count = ParseUint(artifact.ClaimOr("gguf:split.count"));
    if (!count || *count < 2 || *count > 100'000) continue;
    taken_.insert(index);
    sets["s|" + FolderOf(index) + "|" + std::to_string(*count) + "|" +
         artifact.ClaimOr("gguf:split.tensors.count")]
        .push_back(index);
  }
  for (const auto& [key, files] : sets) {
    JoinSplitSet(key, files, *ParseUint(artifacts_[files.front()].ClaimOr("gguf:split.count")));
  }
}

// One model when no split occurs twice; with two second splits in a folder nothing says
// which belongs to which first one, and each file stands for itself.
void Grouping::JoinSplitSet(const std::string& key, const Indexes& files, std::uint64_t count) {
  std::set<std::string> numbers;
  for (const std::size_t index : files) numbers.insert(artifacts_[index].ClaimOr("gguf:split.no"));
  const bool one = numbers.size() == files.size();
  for (const std::size_t index : files) {
    Grouped& group = groups_[one ? key : key + "|" + Text(index)];
    group.weights.push_back(index);
    group.split_count = count;
  }
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

// False, and the part only counted, when enough are named.
bool Grouping::MayNameMissing(Model& model) {
  if (model.missing_files.size() < kMaxMissingPerModel && missing_named_ < kMaxMissingPerScan) {
    ++missing_named_;
    return true;
  }
  ++model.missing_unnamed;
  return false;
}

// The parts that shard or split numbers demand and that are not there.
void Grouping::NameMissingParts(const Grouped& group, Model& model) {
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
  for (std::uint64_t number = first; number < first + total; ++number) {
    if (present.contains(number) || !MayNameMissing(model)) continue;
    model.missing_files.push_back(group.shard ? ShardFileName(*group.shard, number)
                                              : "split " + std::to_string(number + 1) + " of " +
                                                    std::to_string(total));
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
  for (const std::string& name : group.expected) {
    if (MayNameMissing(model)) model.missing_files.push_back(name);
  }
  NameMissingParts(group, model);
  if (model.missing_unnamed != 0) {
    model.missing_files.push_back("and " + std::to_string(model.missing_unnamed) + " more");
  }
  const bool any_pointer =
      std::any_of(group.weights.begin(), group.weights.end(),
                  [&](std::size_t i) { return artifacts_[i].kind == ArtifactKind::kPointer; });
  model.complete = model.missing_files.empty() && inspected && !any_pointer;
  return model;
}

}  // namespace weighbridge
