// Phrases are looked up by their first word while the text is walked once, so that a
// text of 1 MiB costs milliseconds whatever the size of the table.
#include "scanner/sidecars/licence_markers.h"

#include <cstddef>
#include <string>
#include <unordered_map>

namespace weighbridge {
namespace {

// Where a phrase belongs: a bit of `all` or `never` of one row.
struct Phrase {
  std::string text;
  std::size_t row = 0;
  unsigned bit = 0;
  bool never = false;
};

// Phrases by their first word, so that a text is walked once, word by word.
struct PhraseIndex {
  std::unordered_map<std::string_view, std::vector<std::size_t>> by_first_word;
  std::vector<Phrase> phrases;
  std::vector<unsigned> wanted;  // per row: the bits that must be set
};

void AddPhrases(PhraseIndex& index, std::size_t row) {
  unsigned bit = 0;
  for (const char* phrase : LicenceMarkers()[row].phrases) {
    if (phrase == nullptr) break;
    index.phrases.push_back({NormaliseLicenceText(phrase), row, 1U << bit++, false});
  }
  index.wanted.push_back((1U << bit) - 1);
  for (const char* phrase : LicenceMarkers()[row].never) {
    if (phrase == nullptr) break;
    index.phrases.push_back({NormaliseLicenceText(phrase), row, 1U, true});
  }
}

PhraseIndex MakeIndex() {
  PhraseIndex index;
  for (std::size_t row = 0; row < LicenceMarkers().size(); ++row) AddPhrases(index, row);
  for (std::size_t i = 0; i < index.phrases.size(); ++i) {
    const std::string_view text = index.phrases[i].text;
    index.by_first_word[text.substr(0, text.find(' '))].push_back(i);
  }
  return index;
}

// Built once, then only read.
const PhraseIndex& Index() {
  static const PhraseIndex index = MakeIndex();
  return index;
}

bool PhraseAt(std::string_view text, std::size_t at, std::string_view phrase) {
  if (text.compare(at, phrase.size(), phrase) != 0) return false;
  const std::size_t end = at + phrase.size();
  return end >= text.size() || text[end] == ' ';
}

// Calls `met(phrase)` for every phrase in the text; stops when it returns false.
template <typename Met>
void WalkPhrases(std::string_view text, Met met) {
  const PhraseIndex& index = Index();
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = text.find(' ', at);
    if (end == std::string_view::npos) end = text.size();
    const auto found = index.by_first_word.find(text.substr(at, end - at));
    if (found != index.by_first_word.end()) {
      for (const std::size_t i : found->second) {
        if (PhraseAt(text, at, index.phrases[i].text) && !met(index.phrases[i])) return;
      }
    }
    at = end + 1;
  }
}

bool IsWordByte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+';
}

}  // namespace

std::string NormaliseLicenceText(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  bool gap = false;
  for (const char c : text) {
    if (!IsWordByte(c)) {
      gap = true;
      continue;
    }
    if (gap && !out.empty()) out += ' ';
    gap = false;
    out += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return out;
}

std::vector<const LicenceMarker*> FindLicences(const std::string& normalised) {
  std::vector<unsigned> met(LicenceMarkers().size(), 0);
  std::vector<bool> refused(LicenceMarkers().size(), false);
  WalkPhrases(normalised, [&](const Phrase& phrase) {
    if (phrase.never) {
      refused[phrase.row] = true;
    } else {
      met[phrase.row] |= phrase.bit;
    }
    return true;
  });
  std::vector<const LicenceMarker*> found;
  std::vector<std::string_view> groups;
  for (std::size_t row = 0; row < LicenceMarkers().size(); ++row) {
    if (refused[row] || met[row] != Index().wanted[row]) continue;
    const std::string_view group = LicenceMarkers()[row].group;
    bool taken = false;
    for (const std::string_view other : groups) taken = taken || other == group;
    if (taken) continue;
    if (!group.empty()) groups.push_back(group);
    found.push_back(&LicenceMarkers()[row]);
  }
  return found;
}

bool HasModelLicenceMarker(const std::string& normalised) {
  bool found = false;
  WalkPhrases(normalised, [&](const Phrase& phrase) {
    found = !phrase.never && phrase.bit == 1U && LicenceMarkers()[phrase.row].model_licence;
    return !found;
  });
  return found;
}

}  // namespace weighbridge
