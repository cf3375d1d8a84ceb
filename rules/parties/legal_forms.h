// Legal forms of many countries and words that tell little, for normal_name.h. Words
// are folded (fold.h).
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace weighbridge {

// Brings the forms in "x joint stock company" to one spelling: "x jsc".
void SpellLegalForms(std::string& text);
std::vector<std::string> WithoutLegalForms(const std::vector<std::string>& words);
bool IsLegalForm(std::string_view word);  // in the one spelling
// Trades, places, kinds of bodies: words that many names have.
bool IsCommonWord(std::string_view word);

}  // namespace weighbridge
