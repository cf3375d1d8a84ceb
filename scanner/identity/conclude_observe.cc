// What is seen of one model: dimensions, structure, configuration, tokenizer, digests
// and stated names, each turned into Evidence or, when the tensors say otherwise, into a
// Conflict.
#include <algorithm>
#include <set>

#include "scanner/base/text.h"
#include "scanner/identity/conclusion.h"

namespace weighbridge {

namespace {
constexpr std::size_t kMaxCandidateModels = 16;
}  // namespace

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
        structure_.origin.empty() ? 0.3 : 0.7, Grade::kInferred, model_.location,
        std::to_string(structure_.matched) +
            " dimensions recovered from tensor shapes agree with " +
            std::to_string(structure_.rows.size()) + " published model" +
            (structure_.rows.size() == 1 ? "" : "s") + " of " +
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
    AddEvidence("manifest-analysis", "architecture", config_.architecture, 0.5, Grade::kClaimed,
                config_.location, "architecture as stated; nothing in the tensors contradicts it");
  }
  ReportClaims();
}

// Claims that name no model: the architecture's usual families, the hub revision.
void Conclusion::ReportClaims() {
  for (const Artifact* file : files_) {
    const std::string& commit = file->ClaimOr("hub:commit");
    if (!commit.empty() && commits_.insert(commit).second) {
      AddEvidence("manifest-analysis", "version", commit, 0.5, Grade::kClaimed, file->location,
                  "revision of the hub repository that the file was downloaded from, as stated");
    }
    const std::string& model_class = file->ClaimOr("config:architectures");
    if (!model_class.empty() && file->kind == ArtifactKind::kConfig &&
        ArchitectureContradiction(TypeOfClass(model_class), dimensions_, false).empty()) {
      AddEvidence("manifest-analysis", "architecture", model_class, 0.4, Grade::kClaimed,
                  file->location, "model class as stated; nothing in the tensors contradicts it");
    }
    const std::string& arch = file->ClaimOr("gguf:general.architecture");
    if (arch.empty() || ToLower(arch) != config_.architecture) continue;
    const auto row = catalog_.GgufArch(arch);
    if (!row || row->families.empty()) continue;
    AddEvidence("binary-analysis", "family", row->families, row->generic ? 0.1 : 0.3,
                Grade::kClaimed, file->location,
                "families that use the architecture " + Quote(arch, 60) +
                    (row->generic ? "; several publishers do, so it names none"
                                  : "; a hint, others may use it too"));
  }
}

void Conclusion::ReportName(const CheckedName& checked) {
  const Resolved& resolved = checked.resolved;
  const StatedName& name = checked.name;
  const bool empty = resolved.publisher.empty() && resolved.uploader.empty();
  if (checked.roots.empty() && (name.kin || (name.weak && empty))) {
    return;  // a folder that says nothing
  }
  std::string note = "the " + name.source + " says " + Quote(Said(name), 120);
  if (name.kin) {
    AddEvidence(name.technique.c_str(), "relative", resolved.text, name.confidence, Grade::kClaimed,
                name.location, note + ": lends its code or architecture, is no stated base");
    return;
  }
  if (resolved.named_after && !resolved.hub_id.empty())
    note += "; found by name only, so named after " + resolved.hub_id;
  else if (!resolved.hub_id.empty() && ToLower(resolved.hub_id) != ToLower(resolved.text))
    note += "; listed as " + resolved.hub_id;
  if (!checked.modified.empty()) note += "; modified since: " + checked.modified;
  const bool base = name.role == StatedName::Role::kBase;
  AddEvidence(name.technique.c_str(), base ? "base" : "name", resolved.text, name.confidence,
              Grade::kClaimed, name.location, note);
}

void Conclusion::ReportNames() {
  std::set<std::string> reported;
  for (const CheckedName& checked : names_) {
    const bool base = checked.name.role == StatedName::Role::kBase;
    if (Stands(checked)) {
      ReportName(checked);
      continue;
    }
    // One conflict per place and subject, however many names repeat it.
    const std::string subject =
        checked.resolved.hub_id.empty() ? checked.resolved.text : checked.resolved.hub_id;
    const std::string place = checked.name.is_path ? "path" : checked.name.source;
    if (!reported.insert(place + "|" + (checked.name.is_path ? "" : subject)).second) continue;
    model_.conflicts.push_back({kIdentityRule,
                                "the " + checked.name.source + " says " +
                                    Quote(Said(checked.name), 120) + (base ? " is the base" : "") +
                                    ", the tensors are not that model: " + checked.contradiction +
                                    "; the tensors stand",
                                checked.name.location});
  }
}

}  // namespace weighbridge
