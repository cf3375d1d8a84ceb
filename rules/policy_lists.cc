// The policy's own deny and allow lists, and the gate: waivers, SARIF words, order.
#include <algorithm>
#include <tuple>

#include <re2/re2.h>

#include "rules/condition.h"
#include "rules/rule_set.h"
#include "scanner/base/text.h"

namespace weighbridge {
namespace {

bool Matches(const std::string& pattern, const std::string& text) {
  const RE2 expression(pattern, RE2::Quiet);
  return expression.ok() && RE2::FullMatch(text, expression);
}

template <typename Texts>
bool AnyMatches(const std::string& pattern, const Texts& texts) {
  return std::any_of(texts.begin(), texts.end(),
                     [&](const std::string& text) { return Matches(pattern, text); });
}

bool PublisherMatches(const PolicyList& entry, const PublisherFact& publisher) {
  const bool named = entry.publisher.empty() || Matches(entry.publisher, publisher.ns) ||
                     Matches(entry.publisher, publisher.name);
  const bool placed = entry.country.empty() || Matches(entry.country, publisher.country) ||
                      AnyMatches(entry.country, publisher.parent_countries);
  return named && placed;
}

// Yes, no, or unknown when only some of the candidates match.
Truth EntryMatches(const PolicyList& entry, const ModelFacts& facts) {
  if (!entry.family.empty() && !Matches(entry.family, facts.family)) return Truth::kFalse;
  if (!entry.licence.empty() && !AnyMatches(entry.licence, facts.licences)) return Truth::kFalse;
  if (!entry.digest.empty() && !AnyMatches(entry.digest, facts.digests)) return Truth::kFalse;
  if (entry.publisher.empty() && entry.country.empty()) return Truth::kTrue;
  const auto test = [&](const PublisherFact& publisher) {
    return PublisherMatches(entry, publisher);
  };
  if (std::any_of(facts.publishers.begin(), facts.publishers.end(), test)) return Truth::kTrue;
  const auto hits = std::count_if(facts.candidates.begin(), facts.candidates.end(), test);
  if (hits == 0) return Truth::kFalse;
  return static_cast<std::size_t>(hits) == facts.candidates.size() ? Truth::kTrue : Truth::kUnknown;
}

// The waiver that applies; where none does, one that has expired.
const PolicyWaiver* FindWaiver(const Policy& policy, const std::string& as_of,
                               const Finding& finding) {
  const PolicyWaiver* expired = nullptr;
  for (const PolicyWaiver& waiver : policy.waivers) {
    if (!Matches(waiver.rule, finding.rule_id)) continue;
    if (waiver.subject.empty() || Matches(waiver.subject, finding.model_id) ||
        Matches(waiver.subject, finding.location.ToString())) {
      if (as_of <= waiver.expires) return &waiver;
      expired = &waiver;
    }
  }
  return expired;
}

void SetSarifWords(Finding& finding) {
  if (!finding.settled) {
    finding.kind = finding.outcome == Outcome::kNotice ? "open" : "review";
    finding.level = "none";
    return;
  }
  finding.kind = "fail";
  if (finding.outcome >= Outcome::kLicenceRequired)
    finding.level = "error";
  else if (finding.outcome >= Outcome::kReview)
    finding.level = "warning";
  else
    finding.level = "note";
}

Finding ExpiredWaiver(const PolicyWaiver& waiver, const Finding& waived) {
  Finding finding;
  finding.rule_id = "WB-WAIVER-EXPIRED";
  finding.title = "expired waiver";
  finding.message = "The waiver of " + waived.rule_id + " by " + Printable(waiver.owner) + " (" +
                    Printable(waiver.reason) + ") ended on " + waiver.expires +
                    " and no longer waives.";
  finding.outcome = Outcome::kReview;
  finding.confidence = "high";
  finding.model_id = waived.model_id;
  finding.location = waived.location;
  return finding;
}

}  // namespace

Status CheckPacks(const Policy& policy, const RuleSet& rules) {
  std::vector<std::string> packs;
  for (const RuleInfo& rule : rules.List()) {
    if (std::find(packs.begin(), packs.end(), rule.pack) == packs.end()) packs.push_back(rule.pack);
  }
  std::vector<std::string> errors;
  for (const std::string& name : policy.packs) {
    if (std::find(packs.begin(), packs.end(), name) != packs.end()) continue;
    const std::string near = Nearest(name, packs);
    errors.push_back("/packs: no rule pack is called " + Quote(name) +
                     (near.empty() ? "" : " (did you mean \"" + near + "\"?)"));
  }
  if (!errors.empty()) return Error{ErrorCode::kInvalidArgument, Join(errors, "\n")};
  return {};
}

std::vector<Finding> EvaluatePolicyLists(const ModelFacts& facts, const Policy& policy) {
  std::vector<Finding> findings;
  const bool allowed = std::any_of(
      policy.allow.begin(), policy.allow.end(),
      [&](const PolicyList& entry) { return EntryMatches(entry, facts) == Truth::kTrue; });
  if (allowed) return findings;
  for (const PolicyList& entry : policy.deny) {
    const Truth truth = EntryMatches(entry, facts);
    if (truth == Truth::kFalse) continue;
    Finding finding;
    finding.rule_id = entry.id;
    finding.title = "own deny list";
    finding.message = "The policy's deny list names this model" +
                      (entry.reason.empty() ? "." : ": " + Printable(entry.reason) + ".");
    finding.outcome = entry.outcome;
    finding.settled = truth == Truth::kTrue;
    if (!finding.settled) finding.depends_on = {"model.origin"};
    finding.authority = policy.name;
    finding.citation = "policy " + (policy.name.empty() ? std::string("file") : policy.name);
    finding.confidence = "high";
    finding.status = "in-force";
    finding.model_id = facts.model_id;
    finding.location = facts.location;
    findings.push_back(std::move(finding));
  }
  return findings;
}

void ApplyPolicy(const Policy& policy, const std::string& as_of, std::vector<Finding>& findings) {
  std::vector<Finding> expired;
  for (Finding& finding : findings) {
    const PolicyWaiver* waiver = FindWaiver(policy, as_of, finding);
    if (waiver == nullptr) continue;
    if (as_of <= waiver->expires) {
      finding.waiver = Waiver{waiver->reason, waiver->owner, waiver->expires};
    } else {
      expired.push_back(ExpiredWaiver(*waiver, finding));
    }
  }
  std::move(expired.begin(), expired.end(), std::back_inserter(findings));
  for (Finding& finding : findings) {
    SetSarifWords(finding);
    const bool counts = finding.settled || policy.fail_on_undecided;
    finding.gates = policy.fail_on != Outcome::kNone && counts && !finding.waiver &&
                    finding.outcome >= policy.fail_on;
  }
  std::sort(findings.begin(), findings.end(), [](const Finding& a, const Finding& b) {
    return std::tuple(!a.settled, -static_cast<int>(a.outcome), a.rule_id, a.model_id, a.location,
                      a.message) < std::tuple(!b.settled, -static_cast<int>(b.outcome), b.rule_id,
                                              b.model_id, b.location, b.message);
  });
}

}  // namespace weighbridge
