// RuleSet: dated, cited rules loaded from packs, and their evaluation.
// Immutable once loaded; shared by const reference.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "rules/facts.h"
#include "rules/policy.h"
#include "weighbridge/artifact.h"
#include "weighbridge/finding.h"
#include "weighbridge/result.h"

namespace weighbridge {

// Days on which a rule has one state. Without a history a rule has one, from its own fields.
struct RulePeriod {
  std::string status, from, to;  // as the rule's status, effective_from, effective_to
  // The rule's own, unless the period says otherwise.
  std::string outcome, citation, source_url, source_date, confidence, sentence;
};

struct RuleInfo {  // for `list rules` and report definitions
  std::string id, pack, title, jurisdiction, authority, citation, source_url, source_date,
      confidence;
  std::string status, effective_from, effective_to, subject_kind, outcome, sentence;
  std::string review_by;                // the day by which its source is to be read again
  std::vector<std::string> see;         // rules that belong to it
  std::vector<std::string> supersedes;  // rules that it replaces
  std::vector<RulePeriod> history;      // in order of time
};

// How far the law is known on a day.
struct Horizon {
  std::string oldest_source, newest_source;  // days of the sources, "" none
  std::size_t rules = 0;
  std::size_t past_review = 0;     // rules whose review_by is before the day
  std::size_t without_source = 0;  // rules whose source has no day
  bool beyond_sources = false;     // the day is after the newest source
};

// "the law is known from sources of 2022-10-13 to 2026-10-24; 12 of 91 rules are past their
// review on 2026-11-24", for those who read it.
std::string HorizonWords(const Horizon& horizon, const std::string& as_of);
// A rule that has ended for good needs no more reviews.
bool IsPastReview(const RuleInfo& rule, const std::string& as_of);
void AddToHorizon(const RuleInfo& rule, const std::string& as_of, Horizon& horizon);

class RuleSet {
 public:
  // The packs compiled into the program.
  static Result<std::unique_ptr<RuleSet>> Builtin();
  // None, for packs alone and those of a database bundle.
  static std::unique_ptr<RuleSet> Empty();
  virtual ~RuleSet() = default;
  // Adds a pack file's text; refused whole with every error listed.
  virtual Status AddPack(std::string_view json_text, const std::string& file_name) = 0;
  virtual std::vector<RuleInfo> List() const = 0;
  virtual Horizon HorizonOn(const std::string& as_of) const = 0;
  // Findings of every applicable rule for one model on `as_of` (ISO date). Unsorted.
  virtual std::vector<Finding> Evaluate(const ModelFacts& facts, const Policy& policy,
                                        const std::string& as_of) const = 0;
  // The same of one accelerator, by the rules whose subject is an accelerator.
  virtual std::vector<Finding> EvaluateAccelerator(const AcceleratorFacts& facts,
                                                   const Policy& policy, const std::string& as_of,
                                                   const GroupLookup& groups) const = 0;
};

// Refuses a policy that names a pack which is not loaded: a misspelt name would
// switch its rules off in silence.
Status CheckPacks(const Policy& policy, const RuleSet& rules);

// What a waiver may call this model, for Finding::subject_names.
std::shared_ptr<const std::vector<std::string>> SubjectNames(const ModelFacts& facts);

// Own deny and allow lists of the policy, as findings. Three-valued, as the rules are.
std::vector<Finding> EvaluatePolicyLists(const ModelFacts& facts, const Policy& policy);

// Built-in findings: WB-CONFLICT-*, WB-DIGEST-MISMATCH, WB-EXTENSION-MISMATCH,
// WB-POLYGLOT, WB-MISSING-SHARD, WB-INDEX-MISMATCH, WB-NOT-INSPECTED, WB-FILE-CHANGED,
// WB-UNSAFE-PICKLE.
std::vector<Finding> BuiltinFindings(const std::vector<Artifact>& artifacts,
                                     const std::vector<Model>& models);
// Static descriptions of the built-in findings, for writers and `list rules`.
std::vector<RuleInfo> BuiltinRules();

// Applies waivers (adds WB-WAIVER-EXPIRED for expired ones that would have matched and
// WB-WAIVER-UNUSED, which never gates, for those that matched nothing),
// sets Finding::gates against the policy's gate, SARIF kind and level, and sorts.
void ApplyPolicy(const Policy& policy, const std::string& as_of, std::vector<Finding>& findings);

}  // namespace weighbridge
