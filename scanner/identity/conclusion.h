// Conclusion: the Identity of one model while it is drawn. Its methods lie in the
// conclude_*.cc files, one step each; conclude.cc runs them in order.
#pragma once

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "scanner/base/text.h"
#include "scanner/identity/config_check.h"
#include "scanner/identity/digest_match.h"
#include "scanner/identity/name_check.h"
#include "scanner/identity/stated_names.h"
#include "scanner/identity/structure.h"
#include "scanner/identity/tokenizer_match.h"
#include "weighbridge/artifact.h"
#include "weighbridge/model.h"

namespace weighbridge {

inline constexpr const char* kIdentityRule = "WB-CONFLICT-IDENTITY";

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
  void ReportName(const CheckedName& checked);
  void ReportClaims();
  void Origin();
  bool OriginFromDigest();
  void OriginFromStructure();
  void OriginFromClaims();
  void OriginOfAdapter();
  void OriginBy(const CheckedName& name, const std::string& publisher, const std::string& why);
  void SetOrigin(const std::string& publisher, Grade grade);
  void SetCandidates(const std::set<std::string>& publishers, Grade if_one);
  std::set<std::string> MergeRoots() const;
  bool FindsOrigin(const CheckedName& checked) const;
  const CheckedName* FirstStanding(StatedName::Role role) const;
  const CheckedName* ProvenBase(const std::vector<std::string>& origins) const;
  const CheckedName* Picking(const std::vector<std::string>& origins) const;
  void HubIdAndDeveloper();
  void DeveloperFromDigest();
  std::string DeveloperOf(const Resolved& base) const;
  const CheckedName* QuantisedBase() const;
  void StatedPacker();
  void SetDeveloper(const std::string& ns, Evidence seen);
  void SetUploader(const std::string& ns, Evidence seen);
  Evidence Seen(const CheckedName& checked, std::string note) const;
  Evidence SeenByDigest(bool sure, std::string note) const;
  bool IsStatedBase(const Resolved& resolved) const;
  void Ancestors();
  void AddAncestor(Ancestor ancestor);
  void Family();
  void Lineage();
  void Licences();
  void Remaining();
  void Name();
  void Finish();
  std::string DiffersFromBase(const Model& base) const;
  void BaseInShapes(const CheckedName& base);
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
  std::set<std::string> commits_;  // hub revisions that are stated
};

}  // namespace weighbridge
