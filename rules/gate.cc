// What a policy makes of the findings: waivers, the gate, SARIF words, the order.
#include <algorithm>
#include <memory>
#include <tuple>

#include <re2/re2.h>

#include "rules/rule_set.h"
#include "scanner/base/glob.h"
#include "scanner/base/text.h"

namespace weighbridge {
namespace {

// A waiver with its patterns compiled, and whether any finding met it.
class WaiverTest {
 public:
  explicit WaiverTest(const PolicyWaiver& waiver)
      : waiver_(waiver), rule_(waiver.rule, RE2::Quiet), subject_(waiver.subject, RE2::Quiet) {}

  const PolicyWaiver& waiver() const { return waiver_; }
  bool used() const { return used_; }

  bool Meets(const Finding& finding) {
    const bool meets = IsRule(finding.rule_id) && IsSubject(finding);
    used_ = used_ || meets;
    return meets;
  }

 private:
  bool IsRule(const std::string& id) const { return rule_.ok() && RE2::FullMatch(id, rule_); }

  bool IsNamed(const std::string& name) const {
    return !name.empty() &&
           (name == waiver_.subject || (subject_.ok() && RE2::FullMatch(name, subject_)));
  }

  bool IsSubject(const Finding& finding) const {
    if (waiver_.subject.empty() || IsNamed(finding.model_id)) return true;
    if (IsNamed(finding.accelerator_id) || IsNamed(finding.service_id)) return true;
    const std::string place = finding.location.ToString();
    if (IsNamed(place) || GlobMatch(waiver_.subject, place)) return true;
    return finding.subject_names != nullptr &&
           std::any_of(finding.subject_names->begin(), finding.subject_names->end(),
                       [&](const std::string& name) { return IsNamed(name); });
  }

  const PolicyWaiver& waiver_;
  RE2 rule_;
  RE2 subject_;
  bool used_ = false;
};

using WaiverTests = std::vector<std::unique_ptr<WaiverTest>>;

// The waiver that applies; where none does, one that has expired. All that match are
// used, also those that another one outweighs.
const PolicyWaiver* FindWaiver(const WaiverTests& tests, const std::string& as_of,
                               const Finding& finding) {
  const PolicyWaiver* standing = nullptr;
  const PolicyWaiver* expired = nullptr;
  for (const auto& test : tests) {
    if (!test->Meets(finding)) continue;
    const PolicyWaiver& waiver = test->waiver();
    if (as_of > waiver.expires)
      expired = &waiver;
    else if (standing == nullptr)
      standing = &waiver;
  }
  return standing != nullptr ? standing : expired;
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
  finding.accelerator_id = waived.accelerator_id;
  finding.service_id = waived.service_id;
  finding.location = waived.location;
  return finding;
}

Finding UnusedWaiver(const PolicyWaiver& waiver) {
  Finding finding;
  finding.rule_id = "WB-WAIVER-UNUSED";
  finding.title = "unused waiver";
  finding.message = "The waiver of " + Printable(waiver.rule) +
                    (waiver.subject.empty() ? "" : " for " + Quote(waiver.subject)) + " by " +
                    Printable(waiver.owner) + " (" + Printable(waiver.reason) + ", until " +
                    waiver.expires + ") met no finding of this scan.";
  finding.outcome = Outcome::kNotice;
  finding.confidence = "high";
  return finding;
}

// Waives what may be waived; returns what is to be said of the waivers themselves.
std::vector<Finding> ApplyWaivers(const Policy& policy, const std::string& as_of,
                                  std::vector<Finding>& findings) {
  WaiverTests tests;
  for (const PolicyWaiver& waiver : policy.waivers)
    tests.push_back(std::make_unique<WaiverTest>(waiver));
  std::vector<Finding> said;
  for (Finding& finding : findings) {
    const PolicyWaiver* waiver = FindWaiver(tests, as_of, finding);
    if (waiver == nullptr) continue;
    if (as_of <= waiver->expires)
      finding.waiver = Waiver{waiver->reason, waiver->owner, waiver->expires};
    else
      said.push_back(ExpiredWaiver(*waiver, finding));
  }
  for (const auto& test : tests) {
    if (!test->used()) said.push_back(UnusedWaiver(test->waiver()));
  }
  return said;
}

bool Gates(const Policy& policy, const Finding& finding) {
  const bool counts = finding.settled || policy.fail_on_undecided;
  return policy.fail_on != Outcome::kNone && counts && !finding.waiver &&
         finding.rule_id != "WB-WAIVER-UNUSED" && finding.outcome >= policy.fail_on;
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

void ApplyPolicy(const Policy& policy, const std::string& as_of, std::vector<Finding>& findings) {
  std::vector<Finding> said = ApplyWaivers(policy, as_of, findings);
  std::move(said.begin(), said.end(), std::back_inserter(findings));
  for (Finding& finding : findings) {
    SetSarifWords(finding);
    finding.gates = Gates(policy, finding);
  }
  std::sort(findings.begin(), findings.end(), [](const Finding& a, const Finding& b) {
    return std::tuple(!a.settled, -static_cast<int>(a.outcome), a.rule_id, a.model_id,
                      a.accelerator_id, a.service_id, a.location, a.message) <
           std::tuple(!b.settled, -static_cast<int>(b.outcome), b.rule_id, b.model_id,
                      b.accelerator_id, b.service_id, b.location, b.message);
  });
}

}  // namespace weighbridge
