// Family, architecture and modality.
#include <algorithm>
#include <set>

#include "scanner/base/text.h"
#include "scanner/identity/conclusion.h"

namespace weighbridge {

void Conclusion::Family() {
  if (!identity_.hub_id.empty()) {
    if (const auto row = catalog_.ModelByHubId(identity_.hub_id)) {
      identity_.family = row->family;
      identity_.modality = row->modality;
      identity_.training_flops = row->training_flops;
      identity_.catalogue_licence = row->license_id;
    }
  }
  // A merge of several families, or one of several origins, is of none.
  const bool settled = !identity_.origin_publisher.empty();
  for (const Ancestor& ancestor : identity_.ancestors) {
    if (!identity_.family.empty() || !settled) break;
    if (const auto row = catalog_.ModelByHubId(ancestor.name)) identity_.family = row->family;
  }
  // Else the base families that the structure allows; several are none: candidate_models tell them.
  std::set<std::string> families;
  std::set<std::string> types;
  std::set<std::string> modalities;
  for (const ModelRow& row : structure_.rows) {
    types.insert(ModelTypeOf(row));
    modalities.insert(row.modality);
    const bool wanted = identity_.origin_publisher.empty() ||
                        RootPublisher(catalog_, row) == identity_.origin_publisher;
    if (row.base_hub_id.empty() && wanted && !row.family.empty()) families.insert(row.family);
  }
  if (identity_.family.empty()) {
    std::vector<std::string> left;
    for (const std::string& family : families) {
      // "Qwen2.5-Coder" is told by "Qwen2.5".
      const bool special =
          std::any_of(families.begin(), families.end(), [&](const std::string& other) {
            return family != other && family.starts_with(other + "-");
          });
      if (!special) left.push_back(family);
    }
    // A standing name may say which of them it is.
    for (const CheckedName& checked : names_) {
      if (left.size() < 2 || !Stands(checked)) continue;
      for (const ModelRow& row : checked.resolved.rows) {
        if (std::find(left.begin(), left.end(), row.family) == left.end()) continue;
        left = {row.family};
        break;
      }
    }
    if (left.size() == 1 && settled && !structure_.only_low_confidence)
      identity_.family = left.front();
  }
  identity_.architecture = config_.architecture;
  types.erase("");
  if (identity_.architecture.empty() && !types.empty()) {
    // The architecture of the first base row; wrappers share the tensors of their base.
    for (const ModelRow& row : structure_.rows) {
      if (!row.base_hub_id.empty() || ModelTypeOf(row).empty()) continue;
      identity_.architecture = ModelTypeOf(row);
      break;
    }
    if (identity_.architecture.empty()) identity_.architecture = *types.begin();
  }
  if (identity_.modality.empty() && modalities.size() == 1)
    identity_.modality = *modalities.begin();
  for (const Artifact* file : files_) {
    if (file->ClaimOr("config:has_vision") == "true") identity_.modality = "multimodal";
  }
}

}  // namespace weighbridge
