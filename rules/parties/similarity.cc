#include "rules/parties/similarity.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "rules/parties/legal_forms.h"
#include "rules/parties/unicode.h"
#include "scanner/base/text.h"

namespace weighbridge {
namespace {

constexpr std::size_t kMaxWordLetters = 40;

bool HasDigit(std::string_view word) { return word.find_first_of("0123456789") != word.npos; }

bool IsAscii(std::string_view word) {
  return std::all_of(word.begin(), word.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

std::u32string Letters(std::string_view word) {
  std::u32string letters = CodePoints(word);
  if (letters.size() > kMaxWordLetters) letters.resize(kMaxWordLetters);
  return letters;
}

// Edits that a misspelt word of so many letters may have.
std::size_t EditsAllowed(std::size_t letters) {
  if (letters < 4) return 0;
  if (letters < 6) return 1;
  return letters < 10 ? 2 : 3;
}

// One letter in a short word is more of it.
double CapFor(std::size_t letters) {
  if (letters < 6) return 0.84;
  return letters < 8 ? 0.92 : 0.97;
}

std::uint32_t Hash(std::string_view text) {  // FNV-1a
  std::uint32_t hash = 2166136261U;
  for (const char c : text) hash = (hash ^ static_cast<std::uint8_t>(c)) * 16777619U;
  return hash;
}

// Sounds written in several ways, longer ones first.
struct Sound {
  std::string_view written;
  char as;
};
constexpr auto kSounds = std::to_array<Sound>({{"shch", 's'},
                                               {"tsch", 'c'},
                                               {"sch", 's'},
                                               {"tch", 'c'},
                                               {"dzh", 'z'},
                                               {"kh", 'h'},
                                               {"gh", 'g'},
                                               {"sh", 's'},
                                               {"ch", 'c'},
                                               {"zh", 'z'},
                                               {"ph", 'f'},
                                               {"th", 't'},
                                               {"ts", 'c'},
                                               {"tz", 'c'},
                                               {"dj", 'z'},
                                               {"ck", 'k'},
                                               {"ou", 'u'}});

char PlainSound(char c) {
  switch (c) {
    case 'c':
    case 'q': return 'k';
    case 'w': return 'v';
    case 'x': return 's';
    case 'j': return 'y';
    default: return c;
  }
}

bool IsVowel(char c) { return std::string_view("aeiouy").find(c) != std::string_view::npos; }

double Matches(std::u32string_view a, std::u32string_view b, std::vector<bool>& in_a,
               std::vector<bool>& in_b) {
  const std::size_t reach = std::max<std::size_t>(std::max(a.size(), b.size()) / 2, 1) - 1;
  double matches = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const std::size_t from = i > reach ? i - reach : 0;
    const std::size_t to = std::min(b.size(), i + reach + 1);
    for (std::size_t j = from; j < to; ++j) {
      if (in_b[j] || a[i] != b[j]) continue;
      in_a[i] = in_b[j] = true;
      matches += 1;
      break;
    }
  }
  return matches;
}

double Jaro(std::u32string_view a, std::u32string_view b) {
  std::vector<bool> in_a(a.size()), in_b(b.size());
  const double matches = Matches(a, b, in_a, in_b);
  if (matches == 0) return 0;
  double turned = 0;
  std::size_t j = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (!in_a[i]) continue;
    while (!in_b[j]) ++j;
    turned += a[i] != b[j] ? 0.5 : 0;
    ++j;
  }
  return (matches / static_cast<double>(a.size()) + matches / static_cast<double>(b.size()) +
          (matches - turned) / matches) /
         3;
}

}  // namespace

double JaroWinkler(std::u32string_view a, std::u32string_view b) {
  if (a.empty() || b.empty()) return a.empty() && b.empty() ? 1 : 0;
  const double jaro = Jaro(a, b);
  std::size_t prefix = 0;
  while (prefix < 4 && prefix < a.size() && prefix < b.size() && a[prefix] == b[prefix]) ++prefix;
  return jaro + static_cast<double>(prefix) * 0.1 * (1 - jaro);
}

std::size_t EditDistance(std::u32string_view a, std::u32string_view b) {
  std::vector<std::size_t> before, last(b.size() + 1), row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      row[j] =
          std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        row[j] = std::min(row[j], before[j - 2] + 1);
    }
    before = last;
    last = row;
  }
  return last[b.size()];
}

std::string Skeleton(std::string_view word) {
  std::string skeleton;
  for (std::size_t at = 0; at < word.size();) {
    const auto sound = std::find_if(kSounds.begin(), kSounds.end(), [&](const Sound& each) {
      return word.substr(at).starts_with(each.written);
    });
    const char c = sound == kSounds.end() ? PlainSound(word[at]) : sound->as;
    if (sound == kSounds.end() && (word[at] < 'a' || word[at] > 'z')) return {};
    at += sound == kSounds.end() ? 1 : sound->written.size();
    if (IsVowel(c)) {
      if (skeleton.empty()) skeleton += 'a';
      continue;
    }
    if (skeleton.empty() || skeleton.back() != c) skeleton += c;
  }
  return skeleton;
}

namespace {

// The same consonants, and vowels that do not differ much: few consonants say little.
bool SoundAlike(std::string_view ours, std::string_view theirs, double alike) {
  const std::string skeleton = Skeleton(ours);
  const std::size_t consonants = skeleton.size() - (skeleton.starts_with('a') ? 1 : 0);
  if (skeleton.empty() || consonants < 3 || skeleton != Skeleton(theirs)) return false;
  return alike >= (consonants == 3 ? 0.83 : 0.81);
}

}  // namespace

double WordSimilarity(std::string_view ours, std::string_view theirs) {
  if (ours == theirs) return 1;
  if (HasDigit(ours) || HasDigit(theirs)) return 0;
  const std::u32string a = Letters(ours), b = Letters(theirs);
  const std::size_t shorter = std::min(a.size(), b.size());
  const std::size_t longer = std::max(a.size(), b.size());
  if (shorter < 4 && !(shorter == 3 && longer == 4)) return 0;
  const double alike = JaroWinkler(a, b);
  if (SoundAlike(ours, theirs, alike)) return std::max(0.93, std::min(alike, 0.97));
  if (shorter < 4 || longer - shorter > EditsAllowed(shorter)) return 0;
  if (EditDistance(a, b) > EditsAllowed(shorter)) return 0;
  const double capped = std::min(alike, CapFor(shorter));
  return capped < kLeastWordSimilarity ? 0 : capped;
}

std::vector<std::uint32_t> LookUpKeys(std::string_view word) {
  constexpr std::size_t kLettersIndexed = 14;
  std::vector<std::uint32_t> keys{Hash(word)};
  if (HasDigit(word)) return keys;
  std::u32string letters = Letters(word);
  if (letters.size() > kLettersIndexed) letters.resize(kLettersIndexed);
  for (std::size_t skip = 0; letters.size() >= 4 && skip < letters.size(); ++skip) {
    std::string less;
    for (std::size_t i = 0; i < letters.size(); ++i) {
      if (i != skip) AppendUtf8(less, letters[i]);
    }
    keys.push_back(Hash(less));
  }
  if (letters.size() >= 3) {
    std::string whole;
    for (const char32_t letter : letters) AppendUtf8(whole, letter);
    keys.push_back(Hash(whole));
  }
  if (const std::string skeleton = Skeleton(word); skeleton.size() >= 3)
    keys.push_back(Hash("~" + skeleton));
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  return keys;
}

namespace {

bool StandsIn(const std::string& word, const std::vector<WeightedWord>& words) {
  return std::any_of(words.begin(), words.end(),
                     [&](const WeightedWord& each) { return each.text == word; });
}

bool IsLike(const std::string& word, const std::vector<WeightedWord>& words, double least) {
  return std::any_of(words.begin(), words.end(), [&](const WeightedWord& each) {
    return WordSimilarity(word, each.text) >= least;
  });
}

// Whether `count` words from `at` on are one word of the other name. Alike is enough
// for a long one, none of whose parts is a word of the other name.
bool AreOneWord(const std::vector<WeightedWord>& words, std::size_t at, std::size_t count,
                const std::vector<WeightedWord>& other) {
  std::string joined;
  for (std::size_t i = at; i < at + count; ++i) joined += words[i].text;
  if (joined.size() < 5 || joined.size() > 24 || !IsAscii(joined)) return false;
  if (StandsIn(joined, other)) return true;
  for (std::size_t i = at; i < at + count; ++i) {
    if (IsLike(words[i].text, other, kLeastWordSimilarity)) return false;
  }
  return joined.size() >= 8 && IsLike(joined, other, 0.92);
}

// Joins two or three neighbours of `words` where the other name has them as one word.
void JoinNeighbours(std::vector<WeightedWord>& words, const std::vector<WeightedWord>& other) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    for (std::size_t count = 3; count >= 2; --count) {
      if (i + count > words.size() || !AreOneWord(words, i, count, other)) continue;
      for (std::size_t k = 1; k < count; ++k) {
        words[i].text += words[i + 1].text;
        words[i].weight = std::max(words[i].weight, words[i + 1].weight);
        words.erase(words.begin() + static_cast<std::ptrdiff_t>(i) + 1);
      }
      break;
    }
  }
}

struct Pair {
  double similarity, gain;
  std::size_t ours, theirs;
};

std::vector<Pair> AlikePairs(const std::vector<WeightedWord>& ours,
                             const std::vector<WeightedWord>& theirs) {
  std::vector<Pair> pairs;
  for (std::size_t i = 0; i < ours.size(); ++i) {
    for (std::size_t j = 0; j < theirs.size(); ++j) {
      const double similarity = WordSimilarity(ours[i].text, theirs[j].text);
      // A word of the language, or a city, is no misspelt name.
      const bool another =
          similarity < 1 && IsCommonWord(ours[i].text) && !IsCommonWord(theirs[j].text);
      if (similarity > 0 && !another)
        pairs.push_back({similarity, similarity * theirs[j].weight, i, j});
    }
  }
  std::stable_sort(pairs.begin(), pairs.end(), [](const Pair& a, const Pair& b) {
    if (a.similarity != b.similarity) return a.similarity > b.similarity;
    return a.gain > b.gain;
  });
  return pairs;
}

// Two names that are numbered differently are two parties: the 54th Institute and the 13th.
bool NumbersDiffer(const NameComparison& comparison) {
  const auto numbered = [](const std::vector<std::string>& words) {
    return std::any_of(words.begin(), words.end(), HasDigit);
  };
  return numbered(comparison.only_ours) && numbered(comparison.only_theirs);
}

}  // namespace

NameComparison CompareNames(std::vector<WeightedWord> ours, std::vector<WeightedWord> theirs) {
  NameComparison out;
  JoinNeighbours(ours, theirs);
  JoinNeighbours(theirs, ours);
  std::vector<bool> used_ours(ours.size()), used_theirs(theirs.size());
  double matched = 0, all = 0;
  for (const Pair& pair : AlikePairs(ours, theirs)) {
    if (used_ours[pair.ours] || used_theirs[pair.theirs]) continue;
    used_ours[pair.ours] = used_theirs[pair.theirs] = true;
    const double weight = theirs[pair.theirs].weight;
    matched += 2 * weight * pair.similarity;
    all += 2 * weight;
    out.matched.push_back({ours[pair.ours].text, theirs[pair.theirs].text, pair.similarity});
  }
  for (std::size_t i = 0; i < ours.size(); ++i) {
    if (used_ours[i]) continue;
    all += ours[i].weight;
    out.only_ours.push_back(ours[i].text);
  }
  for (std::size_t j = 0; j < theirs.size(); ++j) {
    if (used_theirs[j]) continue;
    all += theirs[j].weight;
    out.only_theirs.push_back(theirs[j].text);
  }
  out.score = all > 0 ? matched / all : 0;
  if (NumbersDiffer(out)) out.score *= 0.6;
  return out;
}

}  // namespace weighbridge
