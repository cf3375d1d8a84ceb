// Stated names: everything in a model's files, side-cars and path that says what the
// model is or what it was made from. All of it is claims.
#pragma once

#include <string>
#include <vector>

#include "weighbridge/artifact.h"
#include "weighbridge/model.h"

namespace weighbridge {

struct StatedName {
  enum class Role { kSelf, kBase };
  Role role = Role::kSelf;
  std::string value;      // as written
  std::string relation;   // kBase: "finetune", "quantized", "adapter", "merge", "" not stated
  std::string technique;  // as in Evidence
  std::string source;     // "base_model of the card": completes "the ... says"
  double confidence = 0.0;
  bool weak = false;     // a path or a free name: never starts a conflict by itself
  bool is_path = false;  // from the path of the file
  Location location;
};

// Strongest first: in-file metadata, card and configuration, adapter, path.
std::vector<StatedName> CollectStatedNames(const std::vector<Artifact>& artifacts,
                                           const Model& model);

// The artifacts of the model: its weights, then its side-cars.
std::vector<const Artifact*> FilesOf(const std::vector<Artifact>& artifacts, const Model& model);

}  // namespace weighbridge
