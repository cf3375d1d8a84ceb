// Lineage: the chain of ancestors and the publishers in it.
#include <algorithm>
#include <set>

#include "scanner/base/text.h"
#include "scanner/identity/conclusion.h"
#include "scanner/identity/publishers.h"

namespace weighbridge {

void Conclusion::AddAncestor(Ancestor ancestor) {
  if (ancestor.name.empty() || identity_.ancestors.size() >= 16) return;
  const std::string self = identity_.hub_id;
  if (!self.empty() && ToLower(ancestor.name) == ToLower(self) && ancestor.relation != "quantized")
    return;
  const bool known =
      std::any_of(identity_.ancestors.begin(), identity_.ancestors.end(),
                  [&](const Ancestor& a) { return ToLower(a.name) == ToLower(ancestor.name); });
  if (!known) identity_.ancestors.push_back(std::move(ancestor));
}

void Conclusion::Ancestors() {
  const Grade grade = identity_.grade == Grade::kVerified ? Grade::kVerified : Grade::kClaimed;
  const auto add_chain = [&](const Resolved& resolved, const std::string& relation, Grade at) {
    Ancestor nearest;
    nearest.name = resolved.hub_id.empty() ? resolved.text : resolved.hub_id;
    nearest.publisher = resolved.publisher;
    nearest.relation = relation;
    nearest.grade = at;
    AddAncestor(nearest);
    for (Ancestor base : resolved.bases) {
      base.grade = Grade::kClaimed;
      AddAncestor(base);
    }
  };
  if (!identity_.uploader.empty() && !identity_.hub_id.empty()) {
    add_chain(ResolveName(catalog_, identity_.hub_id), "quantized", grade);
  } else if (!identity_.hub_id.empty()) {
    if (const auto row = catalog_.ModelByHubId(identity_.hub_id)) {
      for (Ancestor base : BasesOf(catalog_, *row)) AddAncestor(base);
    }
  }
  if (digest_ && digest_->row.origin_basis != "name-derivative" &&
      !digest_->row.base_model.empty() && digest_->row.base_model.find('/') != std::string::npos &&
      digest_->row.base_model != digest_->row.hub_repo) {
    add_chain(ResolveName(catalog_, digest_->row.base_model),
              identity_.uploader.empty() ? "base" : "quantized", grade);
  }
  for (const CheckedName& checked : names_) {
    if (checked.name.role != StatedName::Role::kBase || !Stands(checked)) continue;
    const bool known = checked.resolved.row.has_value() || !checked.roots.empty() ||
                       checked.resolved.text.find('/') != std::string::npos ||
                       (!checked.name.weak && !checked.name.loaded);
    if (!known) continue;
    std::string relation = checked.name.relation;
    if (relation.empty()) {
      relation = ToLower(identity_.hub_id + model_.location.ToString()).find("distill") !=
                         std::string::npos
                     ? "distillation"
                     : "finetune";
    }
    add_chain(checked.resolved, relation, Grade::kClaimed);
  }
  if (identity_.ancestors.empty() && !identity_.developer.empty() &&
      !identity_.origin_publisher.empty() &&
      !SamePublisher(catalog_, identity_.developer, identity_.origin_publisher) &&
      tokenizer_.publisher == identity_.developer) {
    AddAncestor(
        {identity_.origin_publisher, identity_.origin_publisher, "distillation", Grade::kInferred});
  }
}

void Conclusion::Lineage() {
  std::set<std::string> lineage;
  const auto add = [&](const std::string& ns) {
    if (!ns.empty() && !IsRepackager(catalog_, ns)) lineage.insert(ReportNamespace(catalog_, ns));
  };
  add(identity_.developer);
  add(identity_.origin_publisher);
  for (const Ancestor& ancestor : identity_.ancestors) add(ancestor.publisher);
  if (digest_ && (identity_.grade == Grade::kVerified || !identity_.origin_publisher.empty() ||
                  digest_->row.origin_publisher.empty())) {
    for (const std::string& ns : digest_->row.lineage_publishers) {
      const std::vector<std::string> known(lineage.begin(), lineage.end());
      if (FindPublisher(catalog_, known, ns).empty()) add(ns);
    }
  }
  identity_.lineage_publishers.assign(lineage.begin(), lineage.end());
  identity_.developer_name = DisplayName(identity_.developer);
  identity_.origin_name = DisplayName(identity_.origin_publisher);
  if (const auto row = catalog_.PublisherByNamespace(identity_.origin_publisher);
      row && !identity_.origin_publisher.empty()) {
    identity_.origin_country = row->country;
  }
}

}  // namespace weighbridge
