// The policy's own deny and allow lists. They are asked as the rules are: what is not
// known of a model never reads as "no" on a deny list or as "yes" on an allow list.
#include <algorithm>

#include <re2/re2.h>

#include "rules/condition.h"
#include "rules/predicates.h"
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

Verdict Yes() { return {Truth::kTrue, {}, {}}; }
Verdict No() { return {Truth::kFalse, {}, {}}; }
Verdict Missing(const char* fact) { return {Truth::kUnknown, {fact}, {}}; }

// A publisher whose headquarters are not known is neither inside nor outside a country.
Truth PublisherMatches(const PolicyList& entry, const PublisherFact& publisher) {
  const bool named = entry.publisher.empty() || Matches(entry.publisher, publisher.ns) ||
                     Matches(entry.publisher, publisher.name);
  if (!named) return Truth::kFalse;
  if (entry.country.empty() || Matches(entry.country, publisher.country) ||
      AnyMatches(entry.country, publisher.parent_countries))
    return Truth::kTrue;
  return publisher.country.empty() ? Truth::kUnknown : Truth::kFalse;
}

// Anyone in the chain decides "yes"; "no" needs a known origin, or candidates that all
// say so.
Verdict Publishers(const PolicyList& entry, const ModelFacts& facts) {
  Truth best = Truth::kFalse;
  for (const PublisherFact& publisher : facts.publishers)
    best = std::max(best, PublisherMatches(entry, publisher));
  if (best == Truth::kTrue) return Yes();
  if (!facts.origin_known) {
    const auto hits = std::count_if(facts.candidates.begin(), facts.candidates.end(),
                                    [&](const PublisherFact& candidate) {
                                      return PublisherMatches(entry, candidate) == Truth::kTrue;
                                    });
    const auto misses = std::count_if(facts.candidates.begin(), facts.candidates.end(),
                                      [&](const PublisherFact& candidate) {
                                        return PublisherMatches(entry, candidate) == Truth::kFalse;
                                      });
    const auto all = static_cast<std::ptrdiff_t>(facts.candidates.size());
    if (all != 0 && hits == all) return Yes();
    if (all == 0 || misses != all) return Missing("model.origin");
  }
  return best == Truth::kUnknown ? Missing("publisher.country") : No();
}

// A model whose structure leaves several families has them all in one text.
Verdict Family(const std::string& pattern, const ModelFacts& facts) {
  if (facts.family.empty()) return Missing("model.family");
  if (Matches(pattern, facts.family)) return Yes();
  const std::vector<std::string> families = Split(facts.family, ',');
  const auto hits = std::count_if(families.begin(), families.end(), [&](const std::string& family) {
    return Matches(pattern, std::string(Trim(family)));
  });
  if (hits == 0) return No();
  return hits == static_cast<std::ptrdiff_t>(families.size()) ? Yes() : Missing("model.family");
}

Verdict Licence(const std::string& pattern, const ModelFacts& facts) {
  if (AnyMatches(pattern, facts.licences)) return Yes();
  return HasKnownLicence(facts) ? No() : Missing("model.licence");
}

// Weights that are not here, or that --hash none did not read, have no digest.
Verdict Digest(const std::string& pattern, const ModelFacts& facts) {
  if (AnyMatches(pattern, facts.digests)) return Yes();
  return facts.digests.empty() || !facts.weights_present ? Missing("model.digest") : No();
}

// All that an entry names must match.
Verdict EntryMatches(const PolicyList& entry, const ModelFacts& facts) {
  std::vector<Verdict> parts;
  if (!entry.publisher.empty() || !entry.country.empty()) parts.push_back(Publishers(entry, facts));
  if (!entry.family.empty()) parts.push_back(Family(entry.family, facts));
  if (!entry.licence.empty()) parts.push_back(Licence(entry.licence, facts));
  if (!entry.digest.empty()) parts.push_back(Digest(entry.digest, facts));
  Verdict all = Yes();
  for (Verdict& part : parts) {
    all.truth = std::min(all.truth, part.truth);
    all.missing.merge(part.missing);
  }
  if (all.truth != Truth::kUnknown) all.missing.clear();
  return all;
}

// Any entry decides "yes"; "no" needs all of them.
Verdict AnyEntryMatches(const std::vector<PolicyList>& entries, const ModelFacts& facts) {
  Verdict any = No();
  for (const PolicyList& entry : entries) {
    Verdict one = EntryMatches(entry, facts);
    any.truth = std::max(any.truth, one.truth);
    any.missing.merge(one.missing);
  }
  if (any.truth != Truth::kUnknown) any.missing.clear();
  return any;
}

Finding MakeFinding(const std::string& id, const char* title, Outcome outcome,
                    const ModelFacts& facts, const Policy& policy,
                    const std::set<std::string>& missing) {
  Finding finding;
  finding.rule_id = id;
  finding.title = title;
  finding.outcome = outcome;
  finding.settled = missing.empty();
  finding.depends_on.assign(missing.begin(), missing.end());
  finding.authority = policy.name;
  finding.citation = "policy " + (policy.name.empty() ? std::string("file") : policy.name);
  finding.confidence = "high";
  finding.status = "in-force";
  finding.model_id = facts.model_id;
  finding.location = facts.location;
  finding.subject_names = SubjectNames(facts);
  return finding;
}

std::string DenyMessage(const PolicyList& entry, const ModelFacts& facts, const Verdict& verdict) {
  const std::string why = entry.reason.empty() ? "." : ": " + Printable(entry.reason) + ".";
  if (verdict.truth == Truth::kTrue) return "The policy's deny list names this model" + why;
  std::string text = "The policy's deny list may name this model" + why;
  std::vector<std::string> named;
  if (verdict.missing.count("model.origin") != 0) {
    for (const PublisherFact& candidate : facts.candidates) {
      if (PublisherMatches(entry, candidate) != Truth::kFalse) named.push_back(candidate.ns);
    }
  }
  if (named.empty()) return text + " What was found does not settle it.";
  return text + " Of the publishers that its structure leaves, it names " +
         Printable(Join(named, ", ")) + ".";
}

}  // namespace

std::shared_ptr<const std::vector<std::string>> SubjectNames(const ModelFacts& facts) {
  std::vector<std::string> names = facts.digests;
  if (!facts.display_name.empty()) {
    names.push_back(facts.display_name);
    // Its hub id, where it has one.
    if (!facts.names.empty() && facts.names.front() != facts.display_name)
      names.push_back(facts.names.front());
  }
  return std::make_shared<const std::vector<std::string>>(std::move(names));
}

std::vector<Finding> EvaluatePolicyLists(const ModelFacts& facts, const Policy& policy) {
  std::vector<Finding> findings;
  // An exception must be proven: a model that may be allowed is still denied.
  const Verdict allowed = AnyEntryMatches(policy.allow, facts);
  if (allowed.truth == Truth::kTrue) return findings;
  for (const PolicyList& entry : policy.deny) {
    const Verdict verdict = EntryMatches(entry, facts);
    if (verdict.truth == Truth::kFalse) continue;
    findings.push_back(
        MakeFinding(entry.id, "own deny list", entry.outcome, facts, policy, verdict.missing));
    findings.back().message = DenyMessage(entry, facts, verdict);
  }
  if (policy.unlisted == Outcome::kNone) return findings;
  findings.push_back(MakeFinding("POLICY-UNLISTED", "not on the own allow list", policy.unlisted,
                                 facts, policy, allowed.missing));
  findings.back().message =
      allowed.truth == Truth::kFalse
          ? "No entry of the policy's allow list matches this model."
          : "The policy's allow list may match this model; what was found does not settle it, so "
            "it is not allowed.";
  return findings;
}

}  // namespace weighbridge
