// FoldName: a name as words of lower-case ASCII where its script can be romanised:
// Latin without diacritics, full-width forms, Cyrillic and Greek romanised. Other
// scripts (Chinese, Japanese, Korean, Arabic) stay as they are, a run being one word.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace weighbridge {

inline constexpr std::size_t kMaxNameWords = 64;  // of one name; the rest is dropped
inline constexpr std::size_t kMaxNameBytes = 2048;

// "S.A." is "sa", "AT&T" is "at and t", "Al-Rashid" is "al rashid", "O'Neil" is "oneil".
std::vector<std::string> FoldName(std::string_view text);

}  // namespace weighbridge
