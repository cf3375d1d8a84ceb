// Screen: looks a name up in imported lists. The same name, legal form included, is an
// exact hit; everything less is a candidate for a person to review and never a hit. A
// candidate says which words are alike and what speaks for or against it.
#pragma once

#include <string>
#include <vector>

#include "rules/parties/party_list.h"
#include "rules/parties/party_store.h"
#include "rules/parties/similarity.h"

namespace weighbridge {

// Chosen on tests/bench/screening_set.tsv, where it gives the best F1; see
// tests/bench/screening.py.
inline constexpr double kScreeningThreshold = 0.80;

struct ScreeningSubject {
  std::string name;
  std::vector<std::string> aliases;
  std::string country;  // alpha-2, "" unknown
  PartyType type = PartyType::kUnknown;
};

struct ScreeningOptions {
  double threshold = kScreeningThreshold;
  std::size_t max_candidates = 20;
  // "SMIC" for four words with these first letters, where few parties have them or the
  // country agrees.
  bool initials = true;
};

enum class ScreeningStatus { kExact, kReview };
enum class Agreement { kUnknown, kSupports, kContradicts };

struct ScreeningCandidate {
  ScreeningStatus status = ScreeningStatus::kReview;
  double score = 0;
  std::string asked;  // the name of the subject that matched
  PartyName name;     // the name of the party that it matched
  Party party;
  StoredList list;
  NameComparison words;
  Agreement country = Agreement::kUnknown;
  Agreement type = Agreement::kUnknown;
  bool initials_only = false;
};

// Exact hits first, then by score; one entry per party.
std::vector<ScreeningCandidate> Screen(const PartyStore& store, const ScreeningSubject& subject,
                                       const ScreeningOptions& options = {});

// "same words but for the legal form; country CN agrees": one line, for people.
std::string WhyCandidate(const ScreeningCandidate& candidate);
const char* ScreeningStatusName(ScreeningStatus status);  // "exact", "review"

}  // namespace weighbridge
