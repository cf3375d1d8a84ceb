// Origin of an adapter: that of the base that it names.
#include <algorithm>

#include "scanner/base/text.h"
#include "scanner/identity/conclusion.h"

namespace weighbridge {

namespace {
// Each adapter looks at every model of the scan: not in farms beyond this size.
constexpr std::size_t kMaxModelsForBase = 4096;
// "../base" as written in a file of folder "x/adapter": "x/base". "" for other paths.
std::string BesideSpeaker(const StatedName& name) {
  std::string_view path = name.value;
  if (!path.starts_with("../")) return {};
  std::string folder = name.location.Folder();
  while (path.starts_with("../") && !folder.empty()) {
    path.remove_prefix(3);
    const std::size_t slash = folder.rfind('/');
    folder = slash == std::string::npos ? std::string() : folder.substr(0, slash);
  }
  while (path.ends_with("/")) path.remove_suffix(1);
  if (path.empty() || path.starts_with("../")) return {};
  return folder.empty() ? std::string(path) : folder + "/" + std::string(path);
}

}  // namespace

const Model* Conclusion::BaseInThisScan(const CheckedName& base) const {
  if (models_.size() > kMaxModelsForBase) return nullptr;
  for (const Model& other : models_) {
    if (&other == &model_ || other.is_adapter) continue;
    const bool same_id =
        !base.resolved.hub_id.empty() && other.identity.hub_id == base.resolved.hub_id;
    const std::string beside = BesideSpeaker(base.name);
    std::string_view path = base.name.value;
    while (path.starts_with("./")) path.remove_prefix(2);
    while (path.ends_with("/")) path.remove_suffix(1);
    const std::string place = other.location.ToString();
    const std::string folder = other.location.Folder();
    const bool same_path =
        path.find('/') != std::string_view::npos && path.size() > 2 &&
        (place == path || folder == path || EndsWithNoCase(place, "/" + std::string(path)) ||
         EndsWithNoCase(folder, "/" + std::string(path)));
    const bool is_beside = !beside.empty() && (place == beside || folder == beside);
    if (same_id || same_path || is_beside) return &other;
  }
  return nullptr;
}

// The adapter's matrices against the tensors of the base that lies in this scan.
std::string Conclusion::DiffersFromBase(const Model& base) const {
  for (const char* key : {"hidden_size", "attention_width", "key_value_width", "num_layers"}) {
    const auto own = dimensions_.find(key);
    const auto other = base.dimensions.find(key);
    if (own == dimensions_.end() || other == base.dimensions.end()) continue;
    // An adapter may leave out layers.
    const bool layers = std::string_view(key) == "num_layers";
    if (layers && !base.complete) continue;
    if (layers ? own->second <= other->second : own->second == other->second) continue;
    return std::string(key) + " is " + std::to_string(own->second) + " in the adapter, " +
           std::to_string(other->second) + " in " + base.id;
  }
  return {};
}

void Conclusion::BaseInShapes(const CheckedName& base) {
  if (!base.resolved.row) return;
  const Fit fit = CompareShape(*base.resolved.row, dimensions_, true);
  if (!fit.fits || fit.matched == 0) return;
  AddEvidence("binary-analysis", "base", base.resolved.row->hub_id, 0.4, Grade::kInferred,
              model_.location,
              std::to_string(fit.matched) + " dimensions of the adapter's matrices agree with " +
                  base.resolved.row->hub_id);
}

void Conclusion::OriginOfAdapter() {
  CheckedName* base = nullptr;
  for (CheckedName& checked : names_) {
    if (checked.name.role != StatedName::Role::kBase || !Stands(checked)) continue;
    if (base == nullptr || (base->roots.empty() && !checked.roots.empty())) base = &checked;
  }
  if (base != nullptr) {
    BaseInShapes(*base);
    const Model* at_hand = BaseInThisScan(*base);
    const std::string difference = at_hand == nullptr ? "" : DiffersFromBase(*at_hand);
    if (!difference.empty()) {
      base->contradiction = difference;
      model_.conflicts.push_back({kIdentityRule,
                                  "the " + base->name.source + " says " +
                                      Quote(Said(base->name), 120) +
                                      " is the base, the adapter does not fit it: " + difference +
                                      "; no base is concluded",
                                  base->name.location});
    }
  }
  if (base != nullptr && Stands(*base)) {
    if (const Model* there = BaseInThisScan(*base)) {
      AddEvidence("other", "base", there->id, 0.6, Grade::kClaimed, base->name.location,
                  "the base that the " + base->name.source + " names lies in this scan");
      if (!there->identity.origin_publisher.empty()) {
        OriginBy(*base, there->identity.origin_publisher, "that base's origin");
      } else if (there->identity.candidates.size() > 1) {
        SetCandidates({there->identity.candidates.begin(), there->identity.candidates.end()},
                      Grade::kClaimed);
      }
      if (!identity_.origin_publisher.empty()) return;
    }
    if (!base->root.empty())
      return OriginBy(*base, base->root,
                      "the base is not in this scan, its origin is that of the catalogue");
    if (!base->roots.empty()) return SetCandidates(base->roots, Grade::kClaimed);
  }
  AddEvidence("other", "base", "unknown", 0.0, Grade::kUnknown, model_.location,
              "no statement names a base that the catalogue knows");
}

}  // namespace weighbridge
