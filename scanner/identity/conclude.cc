// How the layers are weighed, strongest first:
//
//   digest of the bytes, computed   names the published file; its origin is verified
//   structure with one origin       inferred; claimed when a claim agrees
//   structure with several origins  a claim or the tokenizer may pick one (claimed),
//                                   else they are the candidates
//   claims alone                    claimed
//
// A claim that contradicts the tensors is a conflict and feeds nothing.
#include "scanner/identity/conclude.h"

#include <algorithm>
#include <set>

#include "scanner/base/text.h"
#include "scanner/identity/config_check.h"
#include "scanner/identity/digest_match.h"
#include "scanner/identity/file_names.h"
#include "scanner/identity/licence_claims.h"
#include "scanner/identity/publishers.h"
#include "scanner/identity/tokenizer_match.h"

namespace weighbridge {
namespace {

constexpr std::size_t kMaxCandidateModels = 16;
constexpr std::size_t kMaxFamilies = 4;
// Each adapter looks at every model of the scan: not in farms beyond this size.
constexpr std::size_t kMaxModelsForBase = 4096;
constexpr const char* kIdentityRule = "WB-CONFLICT-IDENTITY";

class Conclusion {
 public:
  Conclusion(const std::vector<Artifact>& artifacts, ModelTable& table,
             const std::vector<Model>& models, Model& model)
      : artifacts_(artifacts),
        table_(table),
        catalog_(table.catalog()),
        models_(models),
        model_(model),
        identity_(model.identity),
        files_(FilesOf(artifacts, model)) {}

  void Run() {
    Observe();
    ReportNames();
    Origin();
    HubIdAndDeveloper();
    Ancestors();
    Family();
    Lineage();
    Licences();
    Remaining();
    Finish();
  }

 private:
  void Observe();
  void ReportNames();
  void Origin();
  bool OriginFromDigest();
  void OriginFromStructure();
  void OriginFromClaims();
  void OriginOfAdapter();
  void SetOrigin(const std::string& publisher, Grade grade);
  void SetCandidates(const std::set<std::string>& publishers);
  std::set<std::string> MergeRoots() const;
  const CheckedName* FirstStanding(StatedName::Role role) const;
  const CheckedName* Picking(const std::vector<std::string>& origins) const;
  void HubIdAndDeveloper();
  void DeveloperFromDigest();
  bool IsStatedBase(const Resolved& resolved) const;
  void Ancestors();
  void AddAncestor(Ancestor ancestor);
  void Family();
  void Lineage();
  void Licences();
  void Remaining();
  void Name();
  void Finish();
  const Model* BaseInThisScan(const CheckedName& base) const;

  void AddEvidence(const char* technique, const char* field, const std::string& value,
                   double confidence, Grade grade, const Location& location, std::string note) {
    identity_.evidence.push_back(
        {technique, field, Printable(value), confidence, grade, location, std::move(note)});
  }
  bool Stands(const CheckedName& checked) const { return checked.contradiction.empty(); }
  std::string DisplayName(const std::string& ns) const {
    const auto row = catalog_.PublisherByNamespace(ns);
    return row ? row->name : std::string();
  }
  bool HasSideCar(ArtifactKind kind) const {
    return std::any_of(files_.begin(), files_.end(),
                       [&](const Artifact* f) { return f->kind == kind; });
  }

  const std::vector<Artifact>& artifacts_;
  ModelTable& table_;
  const Catalog& catalog_;
  const std::vector<Model>& models_;
  Model& model_;
  Identity& identity_;
  std::vector<const Artifact*> files_;
  Dimensions dimensions_;
  bool partial_ = false;
  StructureMatch structure_;
  ConfigCheck config_;
  TokenizerMatch tokenizer_;
  std::optional<DigestMatch> digest_;
  std::vector<CheckedName> names_;
};

void Conclusion::Observe() {
  dimensions_ = model_.dimensions;
  if (model_.format == "gguf") dimensions_["gguf"] = 1;
  if (model_.is_adapter) dimensions_["adapter"] = 1;
  partial_ = !model_.complete || model_.is_adapter;
  digest_ = MatchDigests(artifacts_, catalog_, model_);
  if (!model_.is_adapter) {
    static const std::vector<ModelRow> kNone;
    structure_ = MatchStructure(catalog_, partial_ ? table_.Rows() : kNone, dimensions_, partial_);
  }
  const bool component = HasSideCar(ArtifactKind::kModelIndex);
  if (!model_.is_adapter) config_ = CheckConfiguration(files_, dimensions_, structure_, partial_);
  const auto vocab = dimensions_.find("vocab_size");
  tokenizer_ = MatchTokenizer(catalog_, files_, vocab == dimensions_.end() ? 0 : vocab->second);
  // The names of a pipeline are not those of its parts: no comparison of shapes.
  names_ = CheckNames(table_, CollectStatedNames(artifacts_, model_),
                      component ? Dimensions() : dimensions_,
                      component ? StructureMatch() : structure_, partial_);
  model_.conflicts = config_.conflicts;
  if (!structure_.rows.empty()) {
    std::vector<std::string> ids;
    for (const ModelRow& row : structure_.rows) {
      if (ids.size() < kMaxCandidateModels) ids.push_back(row.hub_id);
    }
    identity_.candidate_models = ids;
    AddEvidence(
        "binary-analysis", "origin", Join(structure_.origins, ", "),
        structure_.origins.size() == 1 ? 0.7 : 0.3, Grade::kInferred, model_.location,
        std::to_string(structure_.matched) +
            " dimensions recovered from tensor shapes agree with " +
            std::to_string(structure_.rows.size()) + " published models of " +
            std::to_string(structure_.origins.size()) + " origin" +
            (structure_.origins.size() == 1 ? "" : "s") +
            (structure_.only_low_confidence ? "; the rows are of low confidence, a hint only"
                                            : ""));
  }
  if (!tokenizer_.family.empty()) {
    AddEvidence("manifest-analysis", "tokenizer", tokenizer_.family, 0.5, Grade::kClaimed,
                tokenizer_.location, "recognised by " + tokenizer_.shown_by);
  }
  if (!config_.architecture.empty()) {
    AddEvidence("manifest-analysis", "family", config_.architecture, 0.5, Grade::kClaimed,
                config_.location, "architecture as stated; nothing in the tensors contradicts it");
  }
}

void Conclusion::ReportNames() {
  std::set<std::string> reported;
  for (const CheckedName& checked : names_) {
    const bool base = checked.name.role == StatedName::Role::kBase;
    if (Stands(checked)) {
      if (checked.name.weak && checked.roots.empty() && checked.resolved.publisher.empty() &&
          checked.resolved.uploader.empty()) {
        continue;  // a folder that says nothing
      }
      std::string note = "the " + checked.name.source + " says " + Quote(checked.name.value, 120);
      if (checked.resolved.named_after)
        note += "; found by name only, so named after " + checked.resolved.hub_id;
      AddEvidence(checked.name.technique.c_str(), base ? "base" : "name", checked.resolved.text,
                  checked.name.confidence, Grade::kClaimed, checked.name.location, note);
      continue;
    }
    // One conflict per place and subject, however many names repeat it.
    const std::string subject =
        checked.resolved.hub_id.empty() ? checked.resolved.text : checked.resolved.hub_id;
    const std::string place = checked.name.is_path ? "path" : checked.name.source;
    if (!reported.insert(place + "|" + (checked.name.is_path ? "" : subject)).second) continue;
    model_.conflicts.push_back({kIdentityRule,
                                "the " + checked.name.source + " says " +
                                    Quote(checked.name.value, 120) + (base ? " is the base" : "") +
                                    ", the tensors are not that model: " + checked.contradiction +
                                    "; the tensors stand",
                                checked.name.location});
  }
}

void Conclusion::SetOrigin(const std::string& publisher, Grade grade) {
  identity_.origin_publisher = publisher;
  identity_.grade = grade;
  identity_.candidates.clear();
}

void Conclusion::SetCandidates(const std::set<std::string>& publishers) {
  if (publishers.size() < 2) return;
  identity_.candidates.assign(publishers.begin(), publishers.end());
  identity_.grade = Grade::kUnknown;
}

void Conclusion::Origin() {
  if (OriginFromDigest()) return;
  if (model_.is_adapter) return OriginOfAdapter();
  if (!structure_.origins.empty() && !structure_.only_low_confidence) return OriginFromStructure();
  OriginFromClaims();
}

bool Conclusion::OriginFromDigest() {
  if (!digest_) return false;
  const HashRow& row = digest_->row;
  const bool derivative = row.origin_basis == "name-derivative";
  std::string note = std::string("the file's digest, ") +
                     (digest_->computed ? "computed now" : "as stated") + ", is that of " +
                     row.file_name + " in " + row.hub_repo;
  if (!digest_->origin_sure && !row.origin_publisher.empty())
    note += "; its origin is known by name only";
  Grade grade = digest_->computed && digest_->origin_sure ? Grade::kVerified : Grade::kClaimed;
  if (row.origin_publisher.empty()) {
    AddEvidence("hash-comparison", "name", row.hub_repo, digest_->computed ? 0.95 : 0.6,
                digest_->computed ? Grade::kVerified : Grade::kClaimed, digest_->location, note);
    return false;
  }
  const std::string origin = PublisherKey(catalog_, row.origin_publisher);
  AddEvidence("hash-comparison", "origin", origin,
              digest_->computed ? (digest_->origin_sure ? 1.0 : 0.7) : 0.6, grade,
              digest_->location, note);
  // Which published file this is; what a package URL may be made from.
  if (digest_->computed && !row.hub_repo.empty()) {
    AddEvidence("hash-comparison", "name", row.hub_repo, 0.95, Grade::kVerified, digest_->location,
                note);
  }
  // A name shown by a catalogue does not overrule what the tensors are.
  const auto& origins = structure_.origins;
  if (grade != Grade::kVerified && !origins.empty() && !structure_.only_low_confidence &&
      std::find(origins.begin(), origins.end(), origin) == origins.end()) {
    model_.conflicts.push_back({kIdentityRule,
                                "the digest is listed under " + origin +
                                    (derivative ? " by family name" : " by name") +
                                    ", the tensors are not: their shapes are those of models by " +
                                    Join(origins, ", ") + "; the tensors stand",
                                digest_->location});
    return false;
  }
  SetOrigin(origin, grade);
  return true;
}

const CheckedName* Conclusion::FirstStanding(StatedName::Role role) const {
  for (const CheckedName& checked : names_) {
    if (checked.name.role == role && Stands(checked)) return &checked;
  }
  return nullptr;
}

// The strongest standing name that leads to exactly one of the origins.
const CheckedName* Conclusion::Picking(const std::vector<std::string>& origins) const {
  for (const CheckedName& checked : names_) {
    if (!Stands(checked) || checked.roots.size() != 1) continue;
    if (std::find(origins.begin(), origins.end(), *checked.roots.begin()) != origins.end())
      return &checked;
  }
  return nullptr;
}

void Conclusion::OriginFromStructure() {
  const std::vector<std::string>& origins = structure_.origins;
  const CheckedName* pick = Picking(origins);
  if (origins.size() == 1)
    return SetOrigin(origins.front(), pick != nullptr ? Grade::kClaimed : Grade::kInferred);
  const std::set<std::string> merged = MergeRoots();
  if (merged.size() > 1) return SetCandidates(merged);
  if (pick != nullptr) return SetOrigin(*pick->roots.begin(), Grade::kClaimed);
  if (!tokenizer_.publisher.empty() &&
      std::find(origins.begin(), origins.end(), tokenizer_.publisher) != origins.end()) {
    return SetOrigin(tokenizer_.publisher, Grade::kClaimed);
  }
  // A stated architecture may leave the rows of one origin.
  std::set<std::string> by_architecture;
  for (const ModelRow& row : structure_.rows) {
    if (!config_.architecture.empty() && ModelTypeOf(row) == config_.architecture) {
      by_architecture.insert(RootPublisher(catalog_, row));
    }
  }
  const bool several_types = config_.architecture == "llama" || config_.architecture == "mistral";
  if (by_architecture.size() == 1 && !several_types)
    return SetOrigin(*by_architecture.begin(), Grade::kClaimed);
  SetCandidates(std::set<std::string>(origins.begin(), origins.end()));
}

std::set<std::string> Conclusion::MergeRoots() const {
  std::set<std::string> roots;
  for (const CheckedName& checked : names_) {
    if (checked.name.role != StatedName::Role::kBase || checked.name.relation != "merge" ||
        !Stands(checked))
      continue;
    roots.insert(checked.roots.begin(), checked.roots.end());
  }
  return roots;
}

void Conclusion::OriginFromClaims() {
  const std::set<std::string> merged = MergeRoots();
  if (merged.size() == 1) return SetOrigin(*merged.begin(), Grade::kClaimed);
  if (merged.size() > 1) return SetCandidates(merged);
  const CheckedName* first = nullptr;
  for (const CheckedName& checked : names_) {
    if (!Stands(checked) || checked.roots.empty()) continue;
    if (first == nullptr) {
      first = &checked;
      continue;
    }
    // A free name or path never argues with a stronger statement.
    const bool differ =
        std::none_of(checked.roots.begin(), checked.roots.end(),
                     [&](const std::string& root) { return first->roots.contains(root); });
    if (!differ || checked.name.weak) continue;
    model_.conflicts.push_back({kIdentityRule,
                                "the " + checked.name.source + " says " +
                                    Quote(checked.name.value, 120) + ", the " + first->name.source +
                                    " says " + Quote(first->name.value, 120) +
                                    "; the latter stands, nothing in the tensors decides",
                                checked.name.location});
  }
  if (first == nullptr) return;
  if (first->roots.size() == 1) return SetOrigin(*first->roots.begin(), Grade::kClaimed);
  SetCandidates(first->roots);
}

const Model* Conclusion::BaseInThisScan(const CheckedName& base) const {
  if (models_.size() > kMaxModelsForBase) return nullptr;
  for (const Model& other : models_) {
    if (&other == &model_ || other.is_adapter) continue;
    const bool same_id =
        !base.resolved.hub_id.empty() && other.identity.hub_id == base.resolved.hub_id;
    std::string_view path = base.name.value;
    while (path.starts_with("./")) path.remove_prefix(2);
    while (path.ends_with("/")) path.remove_suffix(1);
    const std::string place = other.location.ToString();
    const std::string folder = other.location.Folder();
    const bool same_path =
        path.find('/') != std::string_view::npos && path.size() > 2 &&
        (place == path || folder == path || EndsWithNoCase(place, "/" + std::string(path)) ||
         EndsWithNoCase(folder, "/" + std::string(path)));
    if (same_id || same_path) return &other;
  }
  return nullptr;
}

void Conclusion::OriginOfAdapter() {
  const CheckedName* base = nullptr;
  for (const CheckedName& checked : names_) {
    if (checked.name.role != StatedName::Role::kBase || !Stands(checked)) continue;
    if (base == nullptr || (base->roots.empty() && !checked.roots.empty())) base = &checked;
  }
  if (base != nullptr) {
    if (const Model* there = BaseInThisScan(*base)) {
      AddEvidence("other", "base", there->id, 0.6, Grade::kClaimed, base->name.location,
                  "the base that the " + base->name.source + " names lies in this scan");
      if (!there->identity.origin_publisher.empty()) {
        SetOrigin(there->identity.origin_publisher, Grade::kClaimed);
      } else if (there->identity.candidates.size() > 1) {
        SetCandidates({there->identity.candidates.begin(), there->identity.candidates.end()});
      }
      if (!identity_.origin_publisher.empty()) return;
    }
    if (base->roots.size() == 1) return SetOrigin(*base->roots.begin(), Grade::kClaimed);
    if (base->roots.size() > 1) return SetCandidates(base->roots);
  }
  AddEvidence("other", "base", "base unknown", 0.0, Grade::kUnknown, model_.location,
              "no statement names a base that the catalogue knows");
}

bool Conclusion::IsStatedBase(const Resolved& resolved) const {
  return std::any_of(names_.begin(), names_.end(), [&](const CheckedName& other) {
    return other.name.role == StatedName::Role::kBase && other.name.relation != "quantized" &&
           Stands(other) && !resolved.hub_id.empty() && other.resolved.hub_id == resolved.hub_id;
  });
}

void Conclusion::DeveloperFromDigest() {
  const HashRow& row = digest_->row;
  const std::string ns = row.uploader.empty() ? NamespaceOf(row.hub_repo) : row.uploader;
  const Resolved base = ResolveName(catalog_, row.base_model);
  const bool repackager = IsRepackager(catalog_, ns) || row.hub_repo.starts_with("ollama.com/") ||
                          LooksRequantised(ns, NameOf(row.hub_repo));
  if (repackager) {
    identity_.uploader = ns;
    if (row.origin_basis == "name-derivative") return;
    identity_.hub_id = base.row ? base.row->hub_id : "";
    identity_.developer = base.publisher;
    return;
  }
  if (ns.empty()) return;
  identity_.developer = PublisherKey(catalog_, ns);
  if (row.hub_repo.find('/') != std::string::npos) identity_.hub_id = row.hub_repo;
  if (const auto known = catalog_.ModelByHubId(row.hub_repo)) identity_.hub_id = known->hub_id;
}

void Conclusion::HubIdAndDeveloper() {
  if (digest_) DeveloperFromDigest();
  for (const CheckedName& checked : names_) {
    if (!Stands(checked) || checked.name.role != StatedName::Role::kSelf) continue;
    const Resolved& resolved = checked.resolved;
    // A configuration keeps the name of the checkpoint that was loaded: the base.
    // Neither that nor a folder says what an adapter is.
    if (IsStatedBase(resolved) || (model_.is_adapter && checked.name.weak)) continue;
    // A lower-graded name must lead where the origin is.
    if (!identity_.origin_publisher.empty() && !checked.roots.empty() &&
        !checked.roots.contains(identity_.origin_publisher)) {
      continue;
    }
    if (!resolved.uploader.empty() && identity_.uploader.empty())
      identity_.uploader = resolved.uploader;
    if (identity_.developer.empty() && !resolved.publisher.empty())
      identity_.developer = resolved.publisher;
    if (identity_.hub_id.empty() && resolved.row &&
        !IsRepackager(catalog_, resolved.row->publisher)) {
      identity_.hub_id = resolved.row->hub_id;
    } else if (identity_.hub_id.empty() && !checked.name.weak && resolved.uploader.empty() &&
               resolved.hub_id.find('/') != std::string::npos &&
               checked.name.source == "folder of the model store") {
      identity_.hub_id = resolved.hub_id;
    }
    // A hub folder of a namespace that no table knows still names a developer.
    if (identity_.developer.empty() && checked.name.source == "folder of the model store" &&
        resolved.uploader.empty()) {
      identity_.developer = NamespaceOf(resolved.text);
    }
  }
  const CheckedName* base = FirstStanding(StatedName::Role::kBase);
  if (identity_.developer.empty() && base != nullptr && base->name.relation == "quantized") {
    identity_.developer = base->resolved.publisher;
    if (identity_.hub_id.empty() && base->resolved.row)
      identity_.hub_id = base->resolved.row->hub_id;
  }
  // The tokens of one publisher on the layers of another: a distillation.
  if (identity_.developer.empty() && !tokenizer_.publisher.empty() &&
      !identity_.origin_publisher.empty() && tokenizer_.publisher != identity_.origin_publisher &&
      ToLower(tokenizer_.family).find("distill") != std::string::npos) {
    identity_.developer = tokenizer_.publisher;
    AddEvidence(
        "manifest-analysis", "developer", tokenizer_.publisher, 0.6, Grade::kInferred,
        tokenizer_.location,
        "layers of " + identity_.origin_publisher + " with the tokens of " + tokenizer_.family);
  }
}

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
                       checked.resolved.text.find('/') != std::string::npos || !checked.name.weak;
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
      !identity_.origin_publisher.empty() && identity_.developer != identity_.origin_publisher &&
      tokenizer_.publisher == identity_.developer) {
    AddAncestor(
        {identity_.origin_publisher, identity_.origin_publisher, "distillation", Grade::kInferred});
  }
}

void Conclusion::Family() {
  if (!identity_.hub_id.empty()) {
    if (const auto row = catalog_.ModelByHubId(identity_.hub_id)) {
      identity_.family = row->family;
      identity_.modality = row->modality;
      identity_.training_flops = row->training_flops;
      identity_.catalogue_licence = row->license_id;
    }
  }
  for (const Ancestor& ancestor : identity_.ancestors) {
    if (!identity_.family.empty()) break;
    if (const auto row = catalog_.ModelByHubId(ancestor.name)) identity_.family = row->family;
  }
  // Else the base families that the structure allows; several stand side by side.
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
    if (left.size() <= kMaxFamilies && !structure_.only_low_confidence)
      identity_.family = Join(left, ",");
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

void Conclusion::Lineage() {
  std::set<std::string> lineage;
  const auto add = [&](const std::string& ns) {
    if (!ns.empty() && !IsRepackager(catalog_, ns)) lineage.insert(PublisherKey(catalog_, ns));
  };
  add(identity_.developer);
  add(identity_.origin_publisher);
  for (const Ancestor& ancestor : identity_.ancestors) add(ancestor.publisher);
  if (digest_ && (identity_.grade == Grade::kVerified || !identity_.origin_publisher.empty())) {
    for (const std::string& ns : digest_->row.lineage_publishers) add(ns);
  }
  identity_.lineage_publishers.assign(lineage.begin(), lineage.end());
  identity_.developer_name = DisplayName(identity_.developer);
  identity_.origin_name = DisplayName(identity_.origin_publisher);
  if (const auto row = catalog_.PublisherByNamespace(identity_.origin_publisher);
      row && !identity_.origin_publisher.empty()) {
    identity_.origin_country = row->country;
  }
}

void Conclusion::Licences() {
  identity_.licences = CollectLicences(files_, identity_.catalogue_licence, model_.location);
  for (Conflict& conflict : LicenceConflicts(catalog_, identity_.licences, identity_.hub_id)) {
    model_.conflicts.push_back(std::move(conflict));
  }
  for (Conflict& conflict : DigestConflicts(artifacts_, model_))
    model_.conflicts.push_back(std::move(conflict));
}

void Conclusion::Remaining() {
  Name();
  std::map<std::string, std::uint64_t> ggml_bytes;
  for (const Artifact* file : files_) {
    if (identity_.quantisation.empty())
      identity_.quantisation = file->ClaimOr("layout:quantisation");
    if (identity_.version.empty()) identity_.version = file->ClaimOr("gguf:general.version");
    if (file->format != "gguf") continue;
    for (const Tensor& tensor : file->tensors) {
      const bool block =
          tensor.dtype.size() > 1 && (tensor.dtype[0] == 'Q' || tensor.dtype.starts_with("IQ") ||
                                      tensor.dtype.starts_with("TQ") || tensor.dtype == "MXFP4");
      if (block) ggml_bytes[tensor.dtype] += tensor.bytes / 1024 + 1;
    }
  }
  if (identity_.quantisation.empty() && !ggml_bytes.empty()) {
    identity_.quantisation =
        std::max_element(ggml_bytes.begin(), ggml_bytes.end(), [](const auto& a, const auto& b) {
          return a.second < b.second;
        })->first;
  }
  for (const Artifact* file : files_) {
    if (identity_.quantisation.empty()) {
      identity_.quantisation = ToLower(file->ClaimOr("config:quantization_config.quant_method"));
    }
  }
  const auto parameters = dimensions_.find("parameters");
  if (model_.complete && parameters != dimensions_.end()) identity_.parameters = parameters->second;
}

void Conclusion::Name() {
  if (digest_ && (digest_->computed || model_.pointer_only) && !digest_->row.hub_repo.empty()) {
    identity_.name = NameOf(ResolveName(catalog_, digest_->row.hub_repo).text);
    return;
  }
  static constexpr const char* kOrder[] = {
      "folder of the model store", "model_name of the card", "general.name of the file",
      "modelspec.title of the file", "_name_or_path of the configuration"};
  for (const char* source : kOrder) {
    for (const CheckedName& checked : names_) {
      if (checked.name.source != source || !Stands(checked)) continue;
      const std::string name = StemForDisplay(NameOf(checked.resolved.text));
      if (name.empty() || IsGenericName(name)) continue;
      identity_.name = Printable(name);
      return;
    }
  }
  const Location& place = ReadableLocation(*files_.front());
  const std::string stem = StemForDisplay(place.FileName());
  const auto [org, folder] = LastFolders(place.Folder());
  const bool revision = folder.size() == 40 && org == "snapshots";
  identity_.name =
      Printable(IsGenericName(stem) && !IsGenericName(folder) && !revision ? folder : stem);
}

void Conclusion::Finish() {
  std::stable_sort(identity_.evidence.begin(), identity_.evidence.end(),
                   [](const Evidence& a, const Evidence& b) {
                     if (a.grade != b.grade) return a.grade > b.grade;
                     return a.confidence > b.confidence;
                   });
}

}  // namespace

void ConcludeIdentity(const std::vector<Artifact>& artifacts, ModelTable& table,
                      const std::vector<Model>& models, Model& model) {
  model.identity = {};
  model.conflicts.clear();
  if (FilesOf(artifacts, model).empty()) return;
  Conclusion(artifacts, table, models, model).Run();
}

void IdentifyModels(const std::vector<Artifact>& artifacts, const Catalog& catalog,
                    std::vector<Model>& models) {
  ModelTable table(catalog);
  // Adapters last: their bases may lie in the same scan.
  for (Model& model : models) {
    if (!model.is_adapter) ConcludeIdentity(artifacts, table, models, model);
  }
  for (Model& model : models) {
    if (model.is_adapter) ConcludeIdentity(artifacts, table, models, model);
  }
}

}  // namespace weighbridge
