#include "rules/parties/normal_name.h"

#include <algorithm>

#include "rules/parties/fold.h"
#include "rules/parties/legal_forms.h"
#include "scanner/base/text.h"

namespace weighbridge {

namespace {

void AddVariant(std::vector<NameVariant>& variants, std::string_view text, bool inside) {
  text = Trim(text);
  while (!text.empty() && (text.back() == ',' || text.back() == ' ')) text.remove_suffix(1);
  const bool known = std::any_of(variants.begin(), variants.end(),
                                 [&](const NameVariant& variant) { return variant.text == text; });
  if (!text.empty() && !known) variants.push_back({std::string(text), inside});
}

void AddBracketVariants(std::vector<NameVariant>& variants, const std::string& name) {
  const std::size_t open = name.find('(');
  const std::size_t close = name.find(')', open == name.npos ? 0 : open);
  if (open == name.npos || close == name.npos || close < open + 3) return;
  AddVariant(variants, name.substr(0, open) + " " + name.substr(close + 1), false);
  const std::string inside = name.substr(open + 1, close - open - 1);
  // Places and forms of law stand in brackets as well: "(Hong Kong)", "(Pvt)".
  const NormalName normal = Normalise(inside);
  const bool telling = std::any_of(normal.words.begin(), normal.words.end(),
                                   [](const std::string& word) { return !IsCommonWord(word); });
  if (telling && normal.words.size() == 1 && open > 0 && inside.size() <= 24)
    AddVariant(variants, inside, true);
}

// "X Co., Ltd., 12 Some Road, Shenzhen": what follows the legal form is an address.
void AddWithoutAddress(std::vector<NameVariant>& variants, const std::string& name) {
  std::size_t comma = name.find(',');
  while (comma != name.npos) {
    const auto head = FoldName(std::string_view(name).substr(0, comma));
    const auto tail = FoldName(std::string_view(name).substr(comma + 1));
    std::string last = head.empty() ? "" : head.back();
    SpellLegalForms(last);
    std::string next = tail.empty() ? "" : tail.front();
    SpellLegalForms(next);
    if (head.size() > 1 && IsLegalForm(last) && !next.empty() && !IsLegalForm(next)) {
      AddVariant(variants, name.substr(0, comma), false);
      return;
    }
    comma = name.find(',', comma + 1);
  }
}

void AddTurnedName(std::vector<NameVariant>& variants, const std::string& name) {
  const std::size_t comma = name.find(',');
  if (comma == name.npos || name.find(',', comma + 1) != name.npos) return;
  AddVariant(variants, std::string(Trim(name.substr(comma + 1))) + " " + name.substr(0, comma),
             false);
}

}  // namespace

NormalName Normalise(std::string_view name) {
  NormalName normal;
  std::vector<std::string> words = FoldName(name);
  std::erase_if(words, [](const std::string& word) { return word == "the" || word == "and"; });
  normal.whole = Join(words, " ");
  SpellLegalForms(normal.whole);
  words = Split(normal.whole, ' ');
  if (normal.whole.empty()) return normal;
  normal.words = WithoutLegalForms(words);
  if (normal.words.empty()) normal.words = words;
  return normal;
}

std::vector<NameVariant> NameVariants(std::string_view name, bool person) {
  std::vector<NameVariant> variants;
  const std::string text(Trim(name.substr(0, kMaxNameBytes)));
  AddVariant(variants, text, false);
  AddBracketVariants(variants, text);
  AddWithoutAddress(variants, text);
  if (person) AddTurnedName(variants, text);
  return variants;
}

}  // namespace weighbridge
