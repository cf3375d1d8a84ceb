// Developer, uploader and hub id of the model as published.
#include <algorithm>

#include "scanner/base/text.h"
#include "scanner/identity/conclusion.h"
#include "scanner/identity/publishers.h"

namespace weighbridge {

bool Conclusion::IsStatedBase(const Resolved& resolved) const {
  return std::any_of(names_.begin(), names_.end(), [&](const CheckedName& other) {
    return other.name.role == StatedName::Role::kBase && other.name.relation != "quantized" &&
           !other.name.loaded && Stands(other) && !resolved.hub_id.empty() &&
           other.resolved.hub_id == resolved.hub_id;
  });
}

void Conclusion::SetDeveloper(const std::string& ns, Evidence seen) {
  if (!identity_.developer.empty() || ns.empty()) return;
  identity_.developer = ns;
  seen.field = "developer";
  seen.value = Printable(ns);
  identity_.evidence.push_back(std::move(seen));
}

void Conclusion::SetUploader(const std::string& ns, Evidence seen) {
  if (!identity_.uploader.empty() || ns.empty()) return;
  identity_.uploader = ns;
  seen.field = "uploader";
  seen.value = Printable(ns);
  identity_.evidence.push_back(std::move(seen));
}

// A name as ground for who developed or uploaded the model.
Evidence Conclusion::Seen(const CheckedName& checked, std::string note) const {
  Evidence seen;
  seen.technique = checked.name.technique;
  seen.confidence = checked.name.confidence;
  seen.grade = Grade::kClaimed;
  seen.location = checked.name.location;
  seen.note = "the " + checked.name.source + " says " + Quote(Said(checked.name), 120) +
              (note.empty() ? "" : "; " + note);
  return seen;
}

Evidence Conclusion::SeenByDigest(bool sure, std::string note) const {
  Evidence seen;
  seen.technique = "hash-comparison";
  seen.grade = digest_->computed && sure ? Grade::kVerified : Grade::kClaimed;
  seen.confidence = digest_->computed ? (sure ? 0.95 : 0.7) : 0.6;
  seen.location = digest_->location;
  seen.note = "the digest is that of a file in " + digest_->row.hub_repo + "; " + note;
  return seen;
}

std::string Conclusion::DeveloperOf(const Resolved& base) const {
  if (!base.publisher.empty() || !base.uploader.empty()) return base.publisher;
  return ReportNamespace(catalog_, NamespaceOf(base.text));
}

// What was quantised, when that is stated.
const CheckedName* Conclusion::QuantisedBase() const {
  for (const CheckedName& checked : names_) {
    if (checked.name.role == StatedName::Role::kBase && checked.name.relation == "quantized" &&
        Stands(checked) && !DeveloperOf(checked.resolved).empty())
      return &checked;
  }
  return nullptr;
}

void Conclusion::DeveloperFromDigest() {
  const HashRow& row = digest_->row;
  const std::string ns = row.uploader.empty() ? NamespaceOf(row.hub_repo) : row.uploader;
  const Resolved base = ResolveName(catalog_, row.base_model);
  const bool repackager = IsRepackager(catalog_, ns) || row.hub_repo.starts_with("ollama.com/") ||
                          LooksRequantised(ns, NameOf(row.hub_repo));
  if (repackager) {
    SetUploader(ns, SeenByDigest(true, ns + " packs the models of others"));
    // A bare family name says nothing of who developed it.
    if (row.origin_basis == "name-derivative" && row.base_model.find('/') == std::string::npos)
      return;
    identity_.hub_id = base.row ? base.row->hub_id : "";
    SetDeveloper(DeveloperOf(base),
                 SeenByDigest(digest_->origin_sure, "re-packed from " + row.base_model));
    return;
  }
  if (ns.empty()) return;
  SetDeveloper(ReportNamespace(catalog_, ns), SeenByDigest(true, "published there"));
  if (row.hub_repo.find('/') != std::string::npos) identity_.hub_id = row.hub_repo;
  if (const auto known = catalog_.ModelByHubId(row.hub_repo)) identity_.hub_id = known->hub_id;
}

// Who says to have quantised the file.
void Conclusion::StatedPacker() {
  for (const Artifact* file : files_) {
    for (const char* key : {"gguf:general.quantized_by", "card:quantized_by"}) {
      const std::string& by = file->ClaimOr(key);
      if (by.empty() || by.size() > 96) continue;
      Evidence seen;
      seen.technique =
          file->kind == ArtifactKind::kModelCard ? "manifest-analysis" : "binary-analysis";
      seen.confidence = 0.5;
      seen.grade = Grade::kClaimed;
      seen.location = file->location;
      seen.note = "quantized_by as stated";
      SetUploader(Printable(by), std::move(seen));
    }
  }
}

void Conclusion::HubIdAndDeveloper() {
  if (digest_) DeveloperFromDigest();
  const CheckedName* quantised = QuantisedBase();
  for (const CheckedName& checked : names_) {
    if (!Stands(checked) || checked.name.role != StatedName::Role::kSelf || checked.name.kin)
      continue;
    const Resolved& resolved = checked.resolved;
    // A configuration keeps the name of the checkpoint that was loaded: the base.
    // Neither that nor a folder says what an adapter is.
    if (IsStatedBase(resolved) || (model_.is_adapter && checked.name.weak)) continue;
    // A lower-graded name must lead where the origin is.
    if (!identity_.origin_publisher.empty() && !checked.roots.empty() && !FindsOrigin(checked)) {
      continue;
    }
    const std::string ns = resolved.uploader.empty() ? NamespaceOf(resolved.text) : "";
    if (quantised != nullptr && !ns.empty() && checked.name.is_path &&
        !SamePublisher(catalog_, ns, DeveloperOf(quantised->resolved))) {
      SetUploader(ns, Seen(checked, "its card says that it was quantised from another's"));
      continue;
    }
    SetUploader(resolved.uploader,
                Seen(checked, resolved.uploader + " packs the models of others"));
    // A folder that bears a publisher's name is no statement of that publisher.
    const bool has_rows = resolved.row.has_value() || !resolved.rows.empty();
    if (checked.name.is_path && checked.name.weak && !has_rows) continue;
    SetDeveloper(resolved.publisher,
                 Seen(checked, resolved.uploader.empty() ? "" : "named after " + resolved.hub_id));
    if (identity_.hub_id.empty() && resolved.row &&
        !IsRepackager(catalog_, resolved.row->publisher)) {
      identity_.hub_id = resolved.row->hub_id;
    } else if (identity_.hub_id.empty() && !checked.name.weak && resolved.uploader.empty() &&
               resolved.hub_id.find('/') != std::string::npos &&
               checked.name.source == "folder of the model store") {
      identity_.hub_id = resolved.hub_id;
    }
    // A hub folder of a namespace that no table knows still names a developer.
    if (checked.name.source == "folder of the model store" && resolved.uploader.empty()) {
      SetDeveloper(NamespaceOf(resolved.text), Seen(checked, "no table knows that namespace"));
    }
  }
  StatedPacker();
  if (identity_.developer.empty() && quantised != nullptr) {
    SetDeveloper(DeveloperOf(quantised->resolved),
                 Seen(*quantised, "the developer of what was quantised"));
    if (identity_.hub_id.empty() && quantised->resolved.row)
      identity_.hub_id = quantised->resolved.row->hub_id;
  }
  // The tokens of one publisher on the layers of another: a distillation.
  if (identity_.developer.empty() && !tokenizer_.publisher.empty() &&
      !identity_.origin_publisher.empty() &&
      !SamePublisher(catalog_, tokenizer_.publisher, identity_.origin_publisher) &&
      ToLower(tokenizer_.family).find("distill") != std::string::npos) {
    Evidence seen;
    seen.technique = "manifest-analysis";
    seen.confidence = 0.6;
    seen.grade = Grade::kInferred;
    seen.location = tokenizer_.location;
    seen.note =
        "layers of " + identity_.origin_publisher + " with the tokens of " + tokenizer_.family;
    SetDeveloper(tokenizer_.publisher, std::move(seen));
  }
}

}  // namespace weighbridge
