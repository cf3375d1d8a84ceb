// Built-in findings: what the bytes themselves show, whatever the law.
#include <algorithm>
#include <array>
#include <map>

#include "rules/rule_set.h"
#include "scanner/base/text.h"

namespace weighbridge {
namespace {

struct Builtin {
  const char* id;
  const char* title;
  Outcome outcome;
  const char* sentence;
};

// Conflicts, digests, polyglots and unsafe pickles count as restricted, the others
// as review (the contract for tools, sbom/README.md).
constexpr std::array<Builtin, 18> kBuiltins{{
    {"WB-CONFLICT-IDENTITY", "claim contradicts the bytes", Outcome::kRestricted,
     "A card, configuration or name claims another model than the tensors show. The tensors "
     "decide."},
    {"WB-CONFLICT-LICENCE", "licence statements differ", Outcome::kRestricted,
     "The declared licence, the licence text and the catalogue do not agree."},
    {"WB-DIGEST-MISMATCH", "digest differs from what was stated", Outcome::kRestricted,
     "A file's bytes are not those that a pointer, index, store or catalogue states."},
    {"WB-POLYGLOT", "file is valid as two formats", Outcome::kRestricted,
     "Two readers would see two different things in this file."},
    {"WB-UNSAFE-PICKLE", "pickle imports code", Outcome::kRestricted,
     "Loading this file could run code: it imports a callable outside tensor plumbing and known "
     "libraries."},
    {"WB-EXTENSION-MISMATCH", "extension contradicts content", Outcome::kReview,
     "The file's extension belongs to other formats than its content."},
    {"WB-MISSING-SHARD", "part of a model is missing", Outcome::kReview,
     "Files that belong to this model are not there."},
    {"WB-INDEX-MISMATCH", "index contradicts its shards", Outcome::kReview,
     "The index of a sharded model says that tensors lie where they do not."},
    {"WB-NOT-INSPECTED", "recognised but not fully read", Outcome::kReview,
     "The content was not fully understood, so nothing is said about what is inside."},
    {"WB-FILE-CHANGED", "file changed while it was read", Outcome::kReview,
     "What is reported may mix two states of the file."},
    {"WB-WAIVER-EXPIRED", "expired waiver", Outcome::kReview,
     "A waiver has ended and no longer waives."},
    {"WB-WAIVER-UNUSED", "unused waiver", Outcome::kNotice,
     "A waiver met no finding of this scan: what it waived is gone, or it is misspelt. Never "
     "counts for the gate."},
    {"WB-ARCHIVE-DIFFERENTIAL", "archive readers would disagree", Outcome::kReview,
     "Two readers would not find the same members in this archive."},
    {"WB-ARCHIVE-BOMB", "archive expands beyond reason", Outcome::kReview,
     "The archive's figures exceed the limits for expansion."},
    {"WB-PATH-TRAVERSAL", "name leads out of its folder", Outcome::kReview,
     "A member or reference names a path outside its own folder."},
    {"WB-NAME-CONTROL", "name holds control characters", Outcome::kReview,
     "A name contains characters that deceive a terminal or a reader."},
    {"WB-DELETED-IN-USE", "removed file still in use", Outcome::kReview,
     "A process serves a file that is no longer in the file system: no later scan of the disk "
     "will find it."},
    {"WB-LINK-ESCAPE", "link leads out of its archive", Outcome::kReview,
     "A link in an archive points outside the folder that it would be unpacked to."},
}};

// The first row, an identity conflict, stands in for an id that the table lacks.
const Builtin& Find(const std::string& id) {
  const auto found = std::find_if(kBuiltins.begin(), kBuiltins.end(),
                                  [&](const Builtin& builtin) { return id == builtin.id; });
  return found == kBuiltins.end() ? kBuiltins.front() : *found;
}

Finding Make(const std::string& id, std::string message, const Location& location,
             const std::string& model_id) {
  const Builtin& builtin = Find(id);
  Finding finding;
  finding.rule_id = id;
  finding.title = builtin.title;
  finding.message = std::move(message);
  finding.outcome = builtin.outcome;
  finding.confidence = "high";
  finding.location = location;
  finding.model_id = model_id;
  return finding;
}

std::string ImportName(const PickleImport& import) {
  return Printable(import.module + "." + import.name) +
         (import.member.empty() ? "" : " in " + Printable(import.member));
}

void PickleFindings(const Artifact& artifact, const std::string& model_id,
                    std::vector<Finding>& findings) {
  std::vector<std::string> dangerous, unknown;
  for (const PickleImport& import : artifact.pickle_imports) {
    if (import.risk == PickleImport::Risk::kCodeExecution) dangerous.push_back(ImportName(import));
    if (import.risk == PickleImport::Risk::kUnknown) unknown.push_back(ImportName(import));
  }
  const auto few = [](std::vector<std::string> names) {
    const std::size_t all = names.size();
    if (all > 8) names.resize(8);
    return Join(names, ", ") + (all > 8 ? " and " + std::to_string(all - 8) + " more" : "");
  };
  if (!dangerous.empty()) {
    findings.push_back(Make("WB-UNSAFE-PICKLE",
                            "Loading this file could run code: it imports " + few(dangerous) + ".",
                            artifact.location, model_id));
  } else if (!unknown.empty()) {
    findings.push_back(
        Make("WB-UNSAFE-PICKLE",
             "Imports that are neither tensor plumbing nor a known library: " + few(unknown) + ".",
             artifact.location, model_id));
    findings.back().outcome = Outcome::kNotice;
  }
}

// The rule that a kind of diagnostic breaks, "" for none of its own.
std::string_view RuleOf(DiagnosticKind kind) {
  switch (kind) {
    case DiagnosticKind::kPathTraversal: return "WB-PATH-TRAVERSAL";
    case DiagnosticKind::kNameControl: return "WB-NAME-CONTROL";
    case DiagnosticKind::kDeletedInUse: return "WB-DELETED-IN-USE";
    case DiagnosticKind::kLinkEscape: return "WB-LINK-ESCAPE";
    case DiagnosticKind::kArchiveBomb: return "WB-ARCHIVE-BOMB";
    case DiagnosticKind::kDigestMismatch: return "WB-DIGEST-MISMATCH";
    case DiagnosticKind::kIndexMismatch: return "WB-INDEX-MISMATCH";
    case DiagnosticKind::kMissingPart: return "WB-MISSING-SHARD";
    case DiagnosticKind::kArchiveDifferential:  // all of a file are one finding
    case DiagnosticKind::kNone: break;
  }
  return {};
}

// "zip-differential: two members ..." -> "two members ...".
std::string WithoutPrefix(const std::string& message) {
  constexpr std::string_view kMark = "-differential: ";
  const std::size_t at = message.find(kMark);
  return at == std::string::npos ? message : message.substr(at + kMark.size());
}

void DiagnosticFindings(const Artifact& artifact, const std::string& model_id,
                        std::vector<Finding>& findings) {
  std::vector<std::string> differential;
  for (const Diagnostic& diagnostic : artifact.diagnostics) {
    if (diagnostic.kind == DiagnosticKind::kArchiveDifferential) {
      differential.push_back(WithoutPrefix(diagnostic.message));
    }
    const std::string_view rule = RuleOf(diagnostic.kind);
    if (rule.empty()) continue;
    findings.push_back(
        Make(std::string(rule), diagnostic.message + ".", artifact.location, model_id));
  }
  if (differential.empty()) return;
  const std::size_t all = differential.size();
  if (all > 5) differential.resize(5);
  findings.push_back(Make("WB-ARCHIVE-DIFFERENTIAL",
                          "Readers of this archive would disagree: " + Join(differential, "; ") +
                              (all > 5 ? "; and " + std::to_string(all - 5) + " more" : "") + ".",
                          artifact.location, model_id));
}

void ArtifactFindings(const Artifact& artifact, const std::string& model_id,
                      std::vector<Finding>& findings) {
  const std::string raw = artifact.location.ToString();
  if (Printable(raw) != raw) {
    findings.push_back(Make(
        "WB-NAME-CONTROL", "The name holds characters that deceive a reader: " + Escaped(raw) + ".",
        artifact.location, model_id));
  }
  if (!artifact.also_formats.empty()) {
    findings.push_back(Make(
        "WB-POLYGLOT",
        "The file is " + artifact.format + " and also " + Join(artifact.also_formats, ", ") + ".",
        artifact.location, model_id));
  }
  if (!artifact.extension_conflict.empty()) {
    findings.push_back(Make("WB-EXTENSION-MISMATCH",
                            "The extension says " + Printable(artifact.extension_conflict) +
                                ", the content is " + artifact.format + ".",
                            artifact.location, model_id));
  }
  if (artifact.inspection != Inspection::kFull) {
    const std::string how =
        artifact.inspection == Inspection::kPartial ? "Read in part" : "Not inspected";
    findings.push_back(
        Make("WB-NOT-INSPECTED",
             how + " (" + artifact.format + "): " + Printable(artifact.not_inspected_reason) + ".",
             artifact.location, model_id));
  }
  if (artifact.changed_while_read) {
    findings.push_back(Make("WB-FILE-CHANGED", "The file changed while it was read.",
                            artifact.location, model_id));
  }
  PickleFindings(artifact, model_id, findings);
  DiagnosticFindings(artifact, model_id, findings);
}

// A Linux root holds tens of thousands of compressed manual pages. The first archives
// of each format are findings of their own; the rest are counted in one, and every one
// is still a file of the report, marked as not inspected.
class UnopenedArchives {
 public:
  // True when the archive says nothing but that it was not opened and is counted here.
  bool Absorb(const Artifact& artifact) {
    constexpr std::uint64_t kShown = 20;
    if (artifact.inspection != Inspection::kNotInspected || !artifact.diagnostics.empty() ||
        !artifact.also_formats.empty() || !artifact.extension_conflict.empty() ||
        !artifact.pickle_imports.empty() || artifact.changed_while_read) {
      return false;
    }
    Count& count = counts_[artifact.format];
    if (++count.seen <= kShown) return false;
    if (count.further++ == 0) count.first = artifact.location;
    return true;
  }

  void Summarise(std::vector<Finding>& findings) const {
    for (const auto& [format, count] : counts_) {
      if (count.further == 0) continue;
      findings.push_back(Make(
          "WB-NOT-INSPECTED",
          std::to_string(count.further) + " further " + format +
              " files were not opened; each is listed as a file of this report, this is the first.",
          count.first, ""));
    }
  }

 private:
  struct Count {
    std::uint64_t seen = 0;
    std::uint64_t further = 0;
    Location first;
  };
  std::map<std::string, Count> counts_;
};

using Names = std::shared_ptr<const std::vector<std::string>>;

// What a waiver may call the model besides its id and place.
Names NamesOf(const Model& model, const std::vector<Artifact>& artifacts) {
  std::vector<std::string> names{model.identity.name, model.identity.hub_id};
  for (const std::size_t index : model.weights) names.push_back(artifacts[index].sha256);
  std::erase(names, "");
  return std::make_shared<const std::vector<std::string>>(std::move(names));
}

}  // namespace

std::vector<Finding> BuiltinFindings(const std::vector<Artifact>& artifacts,
                                     const std::vector<Model>& models) {
  std::vector<std::string> owner(artifacts.size());
  std::vector<Names> called(artifacts.size());
  std::vector<Finding> findings;
  for (const Model& model : models) {
    const Names own = NamesOf(model, artifacts);
    for (const std::size_t index : model.weights) {
      owner[index] = model.id;
      called[index] = own;
    }
    for (const Conflict& conflict : model.conflicts) {
      findings.push_back(Make(conflict.rule_id, conflict.message, conflict.location, model.id));
      findings.back().subject_names = own;
    }
    if (model.missing_files.empty()) continue;
    std::vector<std::string> names = model.missing_files;
    // The line "and N more" is no name.
    if (model.missing_unnamed != 0) names.pop_back();
    const std::uint64_t all = names.size() + model.missing_unnamed;
    if (names.size() > 6) names.resize(6);
    for (std::string& name : names) name = Escaped(name);
    findings.push_back(Make("WB-MISSING-SHARD",
                            std::to_string(all) + " missing: " + Join(names, ", ") +
                                (all > names.size() ? ", ..." : "") + ".",
                            model.location, model.id));
    findings.back().subject_names = own;
  }
  UnopenedArchives archives;
  for (std::size_t i = 0; i < artifacts.size(); ++i) {
    if (artifacts[i].kind == ArtifactKind::kContainer && archives.Absorb(artifacts[i])) continue;
    const std::size_t first = findings.size();
    ArtifactFindings(artifacts[i], owner[i], findings);
    if (first == findings.size()) continue;
    if (called[i] == nullptr && !artifacts[i].sha256.empty())
      called[i] = std::make_shared<const std::vector<std::string>>(1, artifacts[i].sha256);
    for (std::size_t each = first; each < findings.size(); ++each)
      findings[each].subject_names = called[i];
  }
  archives.Summarise(findings);
  return findings;
}

std::vector<RuleInfo> BuiltinRules() {
  std::vector<RuleInfo> rules;
  for (const Builtin& builtin : kBuiltins) {
    RuleInfo info;
    info.id = builtin.id;
    info.pack = "built-in";
    info.title = builtin.title;
    info.confidence = "high";
    info.status = "in-force";
    info.subject_kind = "file";
    info.outcome = OutcomeName(builtin.outcome);
    info.sentence = builtin.sentence;
    rules.push_back(std::move(info));
  }
  return rules;
}

}  // namespace weighbridge
