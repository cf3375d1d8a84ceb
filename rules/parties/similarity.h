// How alike two words and two names are. Pure functions of folded words (fold.h) and
// weights; 0 to 1.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace weighbridge {

// Words less alike than this are different words.
inline constexpr double kLeastWordSimilarity = 0.8;

// Jaro and Winkler's measure, Winkler's prefix of up to four letters with weight 0.1.
double JaroWinkler(std::u32string_view a, std::u32string_view b);
std::size_t EditDistance(std::u32string_view a, std::u32string_view b);  // with transpositions

// The consonants as they sound alike over romanisations: "sergey" and "sergei" are both
// "srg", "mohammed" and "muhammad" "mhmd". "" for words that are not ASCII letters.
std::string Skeleton(std::string_view word);

// 1 for the same word; at least kLeastWordSimilarity for one that may be a misspelling
// or another romanisation; else 0. Short words and numbers must be the same.
double WordSimilarity(std::string_view ours, std::string_view theirs);

// Numbers under which a word is found in an index: itself, itself less one letter, its
// skeleton. Words that are one edit apart share a key.
std::vector<std::uint32_t> LookUpKeys(std::string_view word);

struct WeightedWord {
  std::string text;
  double weight = 1;  // how much the word tells
};

struct WordMatch {
  std::string ours, theirs;
  double similarity = 0;
};

struct NameComparison {
  double score = 0;
  std::vector<WordMatch> matched;
  std::vector<std::string> only_ours, only_theirs;
};

// Independent of the order of words; "hua wei" may stand for "huawei". A number that
// only one of two numbered names has counts against.
NameComparison CompareNames(std::vector<WeightedWord> ours, std::vector<WeightedWord> theirs);

}  // namespace weighbridge
