// Origin: the publisher of the root base model, or the candidates.
#include <algorithm>

#include "scanner/base/text.h"
#include "scanner/identity/conclusion.h"
#include "scanner/identity/publishers.h"

namespace weighbridge {

// An origin to which a standing name leads.
void Conclusion::OriginBy(const CheckedName& name, const std::string& publisher,
                          const std::string& why) {
  AddEvidence(name.name.technique.c_str(), "origin", publisher, name.name.confidence,
              Grade::kClaimed, name.name.location,
              "the " + name.name.source + " says " + Quote(Said(name.name), 120) +
                  ", which leads to " + publisher + "; " + why);
  SetOrigin(publisher, Grade::kClaimed);
}

void Conclusion::SetOrigin(const std::string& publisher, Grade grade) {
  identity_.origin_publisher = publisher;
  identity_.grade = grade;
  identity_.candidates.clear();
}

// Several namespaces of one publisher leave no doubt about the origin.
void Conclusion::SetCandidates(const std::set<std::string>& publishers, Grade if_one) {
  const std::string one = OnePublisher(catalog_, publishers);
  if (!one.empty()) return SetOrigin(one, if_one);
  if (publishers.size() < 2) return;
  identity_.candidates = OneEach(catalog_, publishers);
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
  const std::string origin = ReportNamespace(catalog_, row.origin_publisher);
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
      FindPublisher(catalog_, origins, origin).empty()) {
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

bool Conclusion::FindsOrigin(const CheckedName& checked) const {
  return std::any_of(checked.roots.begin(), checked.roots.end(), [&](const std::string& root) {
    return SamePublisher(catalog_, root, identity_.origin_publisher);
  });
}

// A stated base that the tensors allow, though they have the vocabulary of another.
const CheckedName* Conclusion::ProvenBase(const std::vector<std::string>& origins) const {
  for (const CheckedName& checked : names_) {
    if (checked.name.role != StatedName::Role::kBase || !Stands(checked) || !checked.proven)
      continue;
    if (!checked.root.empty() && FindPublisher(catalog_, origins, checked.root).empty())
      return &checked;
  }
  return nullptr;
}

// The strongest standing name that leads to exactly one of the origins.
const CheckedName* Conclusion::Picking(const std::vector<std::string>& origins) const {
  for (const CheckedName& checked : names_) {
    if (!Stands(checked) || checked.root.empty()) continue;
    if (!FindPublisher(catalog_, origins, checked.root).empty()) return &checked;
  }
  return nullptr;
}

void Conclusion::OriginFromStructure() {
  const std::vector<std::string>& origins = structure_.origins;
  const CheckedName* pick = Picking(origins);
  const CheckedName* base = ProvenBase(origins);
  if (pick == nullptr && base != nullptr && MergeRoots().empty()) {
    if (!structure_.vocab_exact)
      return OriginBy(*base, base->root, "the shapes agree but for the vocabulary");
    std::set<std::string> either(origins.begin(), origins.end());
    either.insert(base->root);
    return SetCandidates(either, Grade::kClaimed);
  }
  if (pick == nullptr && !structure_.origin.empty())
    return SetOrigin(structure_.origin, Grade::kInferred);
  const std::set<std::string> merged = MergeRoots();
  if (structure_.origin.empty() && OnePublisher(catalog_, merged).empty() && merged.size() > 1)
    return SetCandidates(merged, Grade::kClaimed);
  if (pick != nullptr) {
    return OriginBy(*pick, pick->root,
                    structure_.origin.empty() ? "it picks among the origins that the shapes leave"
                                              : "the shapes agree");
  }
  const std::string by_tokens = FindPublisher(catalog_, origins, tokenizer_.publisher);
  if (!by_tokens.empty()) {
    AddEvidence(
        "manifest-analysis", "origin", by_tokens, 0.5, Grade::kClaimed, tokenizer_.location,
        "the tokens of " + tokenizer_.family + " pick among the origins that the shapes leave");
    return SetOrigin(by_tokens, Grade::kClaimed);
  }
  // A stated architecture may leave the rows of one origin.
  std::set<std::string> by_architecture;
  for (const ModelRow& row : structure_.rows) {
    if (!config_.architecture.empty() && ModelTypeOf(row) == config_.architecture) {
      by_architecture.insert(RootPublisher(catalog_, row));
    }
  }
  const bool several_types = config_.architecture == "llama" || config_.architecture == "mistral";
  const std::string told = OnePublisher(catalog_, by_architecture);
  if (!told.empty() && !several_types) {
    AddEvidence("manifest-analysis", "origin", told, 0.4, Grade::kClaimed, config_.location,
                "the architecture " + Quote(config_.architecture, 60) +
                    " picks among the origins that the shapes leave");
    return SetOrigin(told, Grade::kClaimed);
  }
  SetCandidates(std::set<std::string>(origins.begin(), origins.end()), Grade::kInferred);
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
  const bool all_known = std::none_of(names_.begin(), names_.end(), [&](const CheckedName& c) {
    return c.name.relation == "merge" && Stands(c) && c.roots.empty();
  });
  // With a parent that no table knows, one root is not settled.
  if (!merged.empty() && !all_known && merged.size() < 2) return;
  if (!merged.empty()) return SetCandidates(merged, Grade::kClaimed);
  const CheckedName* first = nullptr;
  for (const CheckedName& checked : names_) {
    if (!Stands(checked) || checked.roots.empty()) continue;
    if (first == nullptr) {
      first = &checked;
      continue;
    }
    // A free name or path never argues with a stronger statement.
    const bool differ =
        std::none_of(checked.roots.begin(), checked.roots.end(), [&](const std::string& root) {
          const std::vector<std::string> others(first->roots.begin(), first->roots.end());
          return !FindPublisher(catalog_, others, root).empty();
        });
    if (!differ || checked.name.weak) continue;
    model_.conflicts.push_back({kIdentityRule,
                                "the " + checked.name.source + " says " +
                                    Quote(Said(checked.name), 120) + ", the " + first->name.source +
                                    " says " + Quote(Said(first->name), 120) +
                                    "; the latter stands, nothing in the tensors decides",
                                checked.name.location});
  }
  if (first == nullptr) return;
  if (!first->root.empty())
    return OriginBy(*first, first->root, "nothing in the tensors confirms it");
  SetCandidates(first->roots, Grade::kClaimed);
}

}  // namespace weighbridge
