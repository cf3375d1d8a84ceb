// AffiliateShare: how much of a party listed parties own, for 50%-type rules (OFAC's 50
// Percent Rule; the BIS Affiliates Rule of 15 CFR 744.11 as amended by 90 FR 47201).
// Only shares that a list or the catalogue states count: no share is inferred from a
// link, and a parent without a stated share is not taken for one half.
#pragma once

#include <string>
#include <vector>

#include "rules/parties/party_store.h"

namespace weighbridge {

struct ListedOwner {
  PartyTie tie;
  std::string party;  // the listed party that the tie names, "" when it is not listed
  std::string list;
  bool exact = false;  // false: a candidate by name only, for review
};

struct AffiliateAnswer {
  enum class State {
    kAtLeastHalf,  // stated shares of listed parties are 50 percent and more together
    kBelowHalf,    // stated shares of parties that are not listed leave less than 50
    kUnknown,
  };
  State state = State::kUnknown;
  double listed_percent = 0;    // stated shares of listed parties together
  double unlisted_percent = 0;  // of others
  std::vector<ListedOwner> owners;
  std::string why;  // "30 percent stated of listed owners; the share of ROSTEC is not stated"
};

const char* AffiliateStateName(AffiliateAnswer::State state);  // "at-least-half", ...

// `ties` as a list (Party::ties) or the catalogue (parent) states them.
AffiliateAnswer AffiliateShare(const PartyStore& store, const std::vector<PartyTie>& ties);

}  // namespace weighbridge
