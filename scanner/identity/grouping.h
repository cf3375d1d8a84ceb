// Grouping: weight files and side-cars while they are joined into models. group.cc
// sorts and orders the steps, group_weights.cc joins weight files, group_side_cars.cc
// attaches what lies beside them.
#pragma once

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "scanner/identity/file_names.h"
#include "weighbridge/artifact.h"
#include "weighbridge/model.h"

namespace weighbridge {

using Indexes = std::vector<std::size_t>;

struct Grouped {
  Indexes weights;
  std::set<std::string> expected;  // file names that an index or an ONNX file demands
  std::optional<ShardName> shard;  // joined by name: the first part's name
  std::uint64_t split_count = 0;   // joined by GGUF split numbers
};

class Grouping {
 public:
  explicit Grouping(const std::vector<Artifact>& artifacts) : artifacts_(artifacts) { Sort(); }

  std::vector<Model> Run() {
    JoinByStore();
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
  void JoinByStore();
  void JoinByIndex();
  void JoinByName();
  void JoinBySplitClaims();
  void JoinSplitSet(const std::string& key, const Indexes& files, std::uint64_t count);
  void AttachExternalData();
  Model Build(Grouped& group);
  void NameMissingParts(const Grouped& group, Model& model);
  bool MayNameMissing(Model& model);
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
  std::map<std::string, Indexes> store_side_cars_;   // by the model's key in its store
  std::map<std::string, Indexes> hub_metadata_;      // by the file they speak of
  std::set<std::size_t> taken_;
  std::map<std::string, Grouped> groups_;  // by a key that sorts stably
  std::size_t missing_named_ = 0;
};

}  // namespace weighbridge
