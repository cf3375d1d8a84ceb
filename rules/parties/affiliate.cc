#include "rules/parties/affiliate.h"

#include <cstdio>
#include <set>

#include "rules/parties/normal_name.h"
#include "rules/parties/screen.h"
#include "scanner/base/text.h"

namespace weighbridge {
namespace {

std::string Percent(double value) {
  char buffer[32];
  std::snprintf(buffer, sizeof buffer, "%.4g percent", value);
  return buffer;
}

ListedOwner FindOwner(const PartyStore& store, const PartyTie& tie) {
  ListedOwner owner;
  owner.tie = tie;
  ScreeningSubject subject;
  subject.name = tie.name;
  ScreeningOptions options;
  options.initials = false;
  const auto candidates = Screen(store, subject, options);
  if (candidates.empty()) return owner;
  owner.party = candidates.front().party.name.text;
  owner.list = candidates.front().party.list;
  owner.exact = candidates.front().status == ScreeningStatus::kExact;
  return owner;
}

}  // namespace

const char* AffiliateStateName(AffiliateAnswer::State state) {
  if (state == AffiliateAnswer::State::kAtLeastHalf) return "at-least-half";
  return state == AffiliateAnswer::State::kBelowHalf ? "below-half" : "unknown";
}

AffiliateAnswer AffiliateShare(const PartyStore& store, const std::vector<PartyTie>& ties) {
  AffiliateAnswer answer;
  std::vector<std::string> open;
  std::set<std::string> counted;
  for (const PartyTie& tie : ties) {
    ListedOwner owner = FindOwner(store, tie);
    // A share that is stated twice, of a parent and of an owner, is one share.
    const bool fresh = counted.insert(Normalise(tie.name).whole).second;
    if (tie.percent && fresh) {
      if (owner.exact)
        answer.listed_percent += *tie.percent;
      else if (owner.party.empty())
        answer.unlisted_percent += *tie.percent;
      else
        open.push_back("whether " + Quote(tie.name, 80) + " is " + Quote(owner.party, 80));
    } else if (!tie.percent && !owner.party.empty()) {
      open.push_back("the share of " + Quote(tie.name, 80) + " is not stated");
    }
    if (!owner.party.empty()) answer.owners.push_back(std::move(owner));
  }
  const double sum = answer.listed_percent + answer.unlisted_percent;
  if (sum > 100.5) {
    answer.why = "the stated shares are " + Percent(sum) + " together";
    return answer;
  }
  if (answer.listed_percent >= 50)
    answer.state = AffiliateAnswer::State::kAtLeastHalf;
  else if (answer.unlisted_percent > 50)
    answer.state = AffiliateAnswer::State::kBelowHalf;
  std::vector<std::string> parts;
  if (sum > 0)
    parts.push_back(Percent(answer.listed_percent) + " stated of listed owners, " +
                    Percent(answer.unlisted_percent) + " of others");
  parts.insert(parts.end(), open.begin(), open.end());
  answer.why = parts.empty() ? "no owner is stated" : Join(parts, "; ");
  return answer;
}

}  // namespace weighbridge
