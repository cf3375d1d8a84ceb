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
  std::string value;      // as written, or what is looked up in its place
  std::string said;       // as written, where that is something else
  std::string relation;   // kBase: "finetune", "quantized", "adapter", "merge", "" not stated
  std::string technique;  // as in Evidence
  std::string source;     // "base_model of the card": completes "the ... says"
  double confidence = 0.0;
  bool weak = false;     // a path or a free name: never starts a conflict by itself
  bool is_path = false;  // from the path of the file
  // Counts only when its namespace is a known publisher's: a pair of folders, an author.
  bool known_only = false;
  // Names a relative (whose code or architecture it shares), neither the model nor its
  // base: it may pick an origin and says nothing more.
  bool kin = false;
  // The checkpoint that was loaded to make it, perhaps itself: a base, never a developer.
  bool loaded = false;
  Location location;
};

// The words of the file, for a sentence.
inline const std::string& Said(const StatedName& name) {
  return name.said.empty() ? name.value : name.said;
}

// Strongest first: in-file metadata, card and configuration, adapter, path.
std::vector<StatedName> CollectStatedNames(const std::vector<Artifact>& artifacts,
                                           const Model& model);

// The artifacts of the model: its weights, then its side-cars.
std::vector<const Artifact*> FilesOf(const std::vector<Artifact>& artifacts, const Model& model);

}  // namespace weighbridge
