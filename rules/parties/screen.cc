#include "rules/parties/screen.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "rules/parties/legal_forms.h"
#include "rules/parties/normal_name.h"
#include "scanner/base/text.h"

namespace weighbridge {
namespace {

constexpr std::size_t kMaxWordsAsked = 24;
constexpr std::size_t kMaxNamesPerWord = 3000;  // of words more common than that, few tell
constexpr std::size_t kMaxNamesCompared = 300;
constexpr std::size_t kMaxNamesAsked = 64;
constexpr std::size_t kFewParties = 3;
constexpr double kWeakNameFactor = 0.95;
// A name that differs in nothing but its legal form or the order of its words.
constexpr double kBestReview = 0.99;
constexpr double kInitialsScore = 0.5;
// The only word that tells is not the same one, and more was asked than is listed, or
// it is a short word alone.
constexpr double kOnlyAlikeFactor = 0.92;

// 1 for a word that one name has, towards 0 for one that all have.
double WordWeight(const std::string& word, std::int64_t count, std::size_t names) {
  const double all = std::log(static_cast<double>(names) + 2);
  const double has = std::log(static_cast<double>(std::max<std::int64_t>(1, count)));
  double weight = 0.1 + 0.9 * std::max(0.0, 1 - has / all);
  if (IsCommonWord(word)) weight = std::min(weight, 0.25);
  if (word.size() < 3 && static_cast<unsigned char>(word[0]) < 0x80) weight = std::min(weight, 0.4);
  return weight;
}

// Whether a word that is not common is as alike as that.
bool Telling(const NameComparison& words, double similarity) {
  return std::any_of(words.matched.begin(), words.matched.end(), [&](const WordMatch& match) {
    return !IsCommonWord(match.theirs) && match.similarity >= similarity;
  });
}

// "meta" and "mena": one letter of a short word, and nothing else that is alike. 0.84 is
// the most that a word of up to five letters gets for that.
bool IsOneShortWord(const NameComparison& words) {
  return words.matched.size() == 1 && words.matched[0].similarity <= 0.84;
}

// A person is often called without a patronymic or second name: one name has all the
// words of the other, two at least, and the family name is among them. It stands before
// the comma, or is one of the outer words.
bool IsShorterName(const NameComparison& words, const StoredName& name) {
  if (words.matched.size() < 2 || words.only_ours.empty() == words.only_theirs.empty())
    return false;
  const bool close = std::all_of(words.matched.begin(), words.matched.end(),
                                 [](const WordMatch& match) { return match.similarity >= 0.88; });
  if (!close) return false;
  const std::size_t comma = name.text.find(',');
  std::vector<std::string> family{name.words.front(), name.words.back()};
  if (comma != std::string::npos) family = Normalise(name.text.substr(0, comma)).words;
  return std::none_of(family.begin(), family.end(), [&](const std::string& word) {
    return std::find(words.only_theirs.begin(), words.only_theirs.end(), word) !=
           words.only_theirs.end();
  });
}

void Discount(std::vector<WeightedWord>& words, const std::vector<std::string>& which) {
  for (WeightedWord& word : words) {
    if (std::find(which.begin(), which.end(), word.text) != which.end()) word.weight *= 0.35;
  }
}

struct Best {
  ScreeningStatus status = ScreeningStatus::kReview;
  double score = 0;
  std::string asked;
  std::int64_t name = 0;
  NameComparison words;
  bool initials_only = false;
};

class Search {
 public:
  Search(const PartyStore& store, const ScreeningSubject& subject, const ScreeningOptions& options)
      : store_(store), subject_(subject), options_(options) {}

  std::vector<ScreeningCandidate> Run() {
    std::vector<std::string> names{subject_.name};
    names.insert(names.end(), subject_.aliases.begin(), subject_.aliases.end());
    if (names.size() > kMaxNamesAsked) names.resize(kMaxNamesAsked);
    const bool person =
        subject_.type == PartyType::kIndividual || subject_.type == PartyType::kUnknown;
    for (const auto& name : names) {
      for (const NameVariant& variant : NameVariants(name, person)) Ask(name, variant);
    }
    return Candidates();
  }

 private:
  void Ask(const std::string& asked, const NameVariant& variant) {
    const NormalName normal = Normalise(variant.text);
    if (normal.words.empty()) return;
    for (const std::int64_t row : store_.NamesOf(normal.whole)) AddSame(asked, variant, row);
    std::vector<std::string> words = normal.words;
    if (words.size() > kMaxWordsAsked) words.resize(kMaxWordsAsked);
    const std::vector<WeightedWord> weighted = Weighted(words);
    for (const auto& [row, gain] : NamesNear(words)) AddAlike(asked, variant, weighted, row);
    if (options_.initials && words.size() == 1) AddInitials(asked, words[0]);
  }

  void Offer(std::int64_t party, Best best) {
    const auto [found, fresh] = best_.emplace(party, best);
    if (fresh) return;
    Best& old = found->second;
    const bool better =
        best.status != old.status ? best.status == ScreeningStatus::kExact : best.score > old.score;
    if (better) old = std::move(best);
  }

  // The same name. A weak alias, or what stands in brackets, is no hit.
  void AddSame(const std::string& asked, const NameVariant& variant, std::int64_t row) {
    const StoredName name = store_.NameAt(row);
    const bool weak = name.quality == NameQuality::kWeak || variant.inside_brackets;
    Best best;
    best.status = weak ? ScreeningStatus::kReview : ScreeningStatus::kExact;
    best.score = weak ? kBestReview * kWeakNameFactor : 1;
    best.asked = asked;
    best.name = row;
    for (const auto& word : name.words) best.words.matched.push_back({word, word, 1});
    Offer(name.party, std::move(best));
  }

  // Words of the lists that may be the asked one, with how alike they are. One that
  // stands in the lists as it is is less likely to be another one misspelt.
  const std::vector<std::pair<StoredWord, double>>& WordsNear(const std::string& word) {
    const auto known = words_near_.find(word);
    if (known != words_near_.end()) return known->second;
    std::vector<std::pair<StoredWord, double>> near;
    for (StoredWord& like : store_.WordsLike(word)) {
      const double similarity = WordSimilarity(word, like.text);
      if (similarity > 0) near.emplace_back(std::move(like), similarity);
    }
    return words_near_.emplace(word, std::move(near)).first->second;
  }

  // Besides the words themselves: neighbours joined, and halves of one word.
  std::vector<std::string> WordsToFind(const std::vector<std::string>& words) {
    std::vector<std::string> all = words;
    for (std::size_t i = 0; i + 1 < words.size(); ++i) {
      const std::string two = words[i] + words[i + 1];
      if (two.size() > 20) continue;
      all.push_back(two);
      if (i + 2 < words.size() && two.size() + words[i + 2].size() <= 20)
        all.push_back(two + words[i + 2]);
    }
    return all;
  }

  std::map<std::int64_t, double> Gains(const std::vector<std::string>& words) {
    struct Found {
      StoredWord word;
      double gain;
    };
    std::vector<Found> found;
    for (const auto& word : WordsToFind(words)) {
      for (const auto& [like, similarity] : WordsNear(word))
        found.push_back({like, similarity * WordWeight(like.text, like.count, store_.NameCount())});
    }
    for (const auto& word : words)
      AddHalves(word, [&](const StoredWord& half) {
        found.push_back({half, 0.5 * WordWeight(half.text, half.count, store_.NameCount())});
      });
    std::stable_sort(found.begin(), found.end(),
                     [](const Found& a, const Found& b) { return a.word.count < b.word.count; });
    std::map<std::int64_t, double> gains;
    std::size_t read = 0;
    for (const Found& each : found) {
      if (read > 10 * kMaxNamesPerWord) break;
      // Common words only add to what rarer ones found, unless there are no others.
      if (each.word.count > static_cast<std::int64_t>(kMaxNamesPerWord) && read > 0) continue;
      for (const std::int64_t row : store_.NamesWith(each.word.id, kMaxNamesPerWord)) {
        gains[row] += each.gain;
        ++read;
      }
    }
    return gains;
  }

  // "huawei": "hua" and "wei", where the lists have both as words.
  template <typename Use>
  void AddHalves(const std::string& word, const Use& use) {
    if (word.size() < 5 || word.size() > 16 || static_cast<unsigned char>(word[0]) >= 0x80) return;
    for (std::size_t cut = 2; cut + 2 <= word.size(); ++cut) {
      const StoredWord* first = SameWord(word.substr(0, cut));
      const StoredWord* second = first == nullptr ? nullptr : SameWord(word.substr(cut));
      if (second != nullptr) use(first->count < second->count ? *first : *second);
    }
  }

  const StoredWord* SameWord(const std::string& word) {
    for (const auto& [like, similarity] : WordsNear(word)) {
      if (similarity == 1) return &like;
    }
    return nullptr;
  }

  std::vector<std::pair<std::int64_t, double>> NamesNear(const std::vector<std::string>& words) {
    const auto gains = Gains(words);
    std::vector<std::pair<std::int64_t, double>> rows(gains.begin(), gains.end());
    const std::size_t keep = std::min(rows.size(), kMaxNamesCompared);
    std::partial_sort(rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(keep), rows.end(),
                      [](const auto& a, const auto& b) {
                        return a.second != b.second ? a.second > b.second : a.first < b.first;
                      });
    rows.resize(keep);
    return rows;
  }

  std::vector<WeightedWord> Weighted(const std::vector<std::string>& words) {
    std::vector<WeightedWord> weighted;
    for (const auto& word : words) {
      const StoredWord* same = SameWord(word);
      weighted.push_back(
          {word, WordWeight(word, same == nullptr ? 1 : same->count, store_.NameCount())});
    }
    return weighted;
  }

  void AddAlike(const std::string& asked, const NameVariant& variant,
                const std::vector<WeightedWord>& words, std::int64_t row) {
    const StoredName name = store_.NameAt(row);
    std::vector<WeightedWord> theirs;
    for (std::size_t i = 0; i < name.words.size(); ++i)
      theirs.push_back(
          {name.words[i], WordWeight(name.words[i], name.counts[i], store_.NameCount())});
    Best best;
    best.words = CompareNames(words, theirs);
    if (name.type == PartyType::kIndividual && IsShorterName(best.words, name)) {
      std::vector<WeightedWord> ours = words;
      Discount(ours, best.words.only_ours);
      Discount(theirs, best.words.only_theirs);
      best.words = CompareNames(std::move(ours), std::move(theirs));
    }
    best.score = std::min(best.words.score, kBestReview);
    if (!Telling(best.words, kLeastWordSimilarity) &&
        !(best.words.only_ours.empty() && best.words.only_theirs.empty()))
      return;
    if (!Telling(best.words, 1) && (!best.words.only_ours.empty() || IsOneShortWord(best.words)))
      best.score *= kOnlyAlikeFactor;
    if (name.quality == NameQuality::kWeak || variant.inside_brackets)
      best.score *= kWeakNameFactor;
    if (best.score < options_.threshold) return;
    best.asked = asked;
    best.name = row;
    Offer(name.party, std::move(best));
  }

  void AddInitials(const std::string& asked, const std::string& letters) {
    if (letters.size() < 4 || letters.size() > 10) return;
    std::map<std::int64_t, std::int64_t> parties;  // and one of their names
    for (const std::int64_t row : store_.NamesByInitials(letters))
      parties.emplace(store_.NameAt(row).party, row);
    for (const auto& [party, row] : parties) {
      std::size_t list = 0;
      const bool agrees = CountryOf(store_.PartyAt(party, &list)) == Agreement::kSupports;
      if (parties.size() > kFewParties && !agrees) continue;
      Best best;
      best.score = kInitialsScore;
      best.asked = asked;
      best.name = row;
      best.initials_only = true;
      Offer(party, std::move(best));
    }
  }

  Agreement CountryOf(const Party& party) const {
    if (subject_.country.empty() || party.countries.empty()) return Agreement::kUnknown;
    const bool same = std::find(party.countries.begin(), party.countries.end(), subject_.country) !=
                      party.countries.end();
    return same ? Agreement::kSupports : Agreement::kContradicts;
  }

  Agreement TypeOf(const Party& party) const {
    if (subject_.type == PartyType::kUnknown || party.type == PartyType::kUnknown)
      return Agreement::kUnknown;
    return subject_.type == party.type ? Agreement::kSupports : Agreement::kContradicts;
  }

  std::vector<ScreeningCandidate> Candidates() {
    std::vector<ScreeningCandidate> out;
    for (auto& [row, best] : best_) {
      ScreeningCandidate candidate;
      candidate.status = best.status;
      candidate.score = best.score;
      candidate.asked = best.asked;
      const StoredName name = store_.NameAt(best.name);
      candidate.name = {name.text, name.quality};
      std::size_t list = store_.lists().size();
      candidate.party = store_.PartyAt(row, &list);
      if (list < store_.lists().size()) candidate.list = store_.lists()[list];
      candidate.words = std::move(best.words);
      candidate.country = CountryOf(candidate.party);
      candidate.type = TypeOf(candidate.party);
      candidate.initials_only = best.initials_only;
      out.push_back(std::move(candidate));
    }
    const auto rank = [](Agreement agreement) {
      return agreement == Agreement::kContradicts ? 1 : 0;
    };
    std::stable_sort(out.begin(), out.end(), [&](const auto& a, const auto& b) {
      if (a.status != b.status) return a.status == ScreeningStatus::kExact;
      if (a.score != b.score) return a.score > b.score;
      return rank(a.country) + rank(a.type) < rank(b.country) + rank(b.type);
    });
    std::size_t exact = 0;
    for (const auto& each : out) exact += each.status == ScreeningStatus::kExact ? 1 : 0;
    // Hits are never left off.
    const std::size_t keep = std::max(exact, options_.max_candidates);
    if (out.size() > keep) out.erase(out.begin() + static_cast<std::ptrdiff_t>(keep), out.end());
    return out;
  }

  const PartyStore& store_;
  const ScreeningSubject& subject_;
  const ScreeningOptions& options_;
  std::map<std::string, std::vector<std::pair<StoredWord, double>>> words_near_;
  std::map<std::int64_t, Best> best_;
};

void AddAgreement(std::vector<std::string>& parts, const char* what, Agreement agreement) {
  if (agreement == Agreement::kSupports) parts.push_back(std::string(what) + " agrees");
  if (agreement == Agreement::kContradicts) parts.push_back(std::string(what) + " differs");
}

}  // namespace

const char* ScreeningStatusName(ScreeningStatus status) {
  return status == ScreeningStatus::kExact ? "exact" : "review";
}

std::vector<ScreeningCandidate> Screen(const PartyStore& store, const ScreeningSubject& subject,
                                       const ScreeningOptions& options) {
  return Search(store, subject, options).Run();
}

std::string WhyCandidate(const ScreeningCandidate& candidate) {
  std::vector<std::string> parts;
  const NameComparison& words = candidate.words;
  std::vector<std::string> alike;
  for (const WordMatch& match : words.matched) {
    if (match.ours != match.theirs) alike.push_back(match.ours + " ~ " + match.theirs);
  }
  if (candidate.status == ScreeningStatus::kExact) {
    parts.emplace_back("the same name");
  } else if (candidate.initials_only) {
    parts.emplace_back("first letters only, weak");
  } else if (alike.empty() && words.only_ours.empty() && words.only_theirs.empty()) {
    parts.emplace_back("the same words");
  } else {
    std::vector<std::string> same;
    for (const WordMatch& match : words.matched) {
      if (match.ours == match.theirs) same.push_back(match.ours);
    }
    if (!same.empty()) parts.push_back("same: " + Join(same, ", "));
    if (!alike.empty()) parts.push_back("alike: " + Join(alike, ", "));
    if (!words.only_ours.empty()) parts.push_back("only asked: " + Join(words.only_ours, ", "));
    if (!words.only_theirs.empty())
      parts.push_back("only listed: " + Join(words.only_theirs, ", "));
  }
  if (candidate.name.quality == NameQuality::kWeak) parts.emplace_back("a weak alias");
  AddAgreement(parts, "country", candidate.country);
  AddAgreement(parts, "type", candidate.type);
  return Join(parts, "; ");
}

}  // namespace weighbridge
