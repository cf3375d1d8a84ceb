#include "rules/parties/unicode.h"

#include <cstdint>

#include "scanner/base/text.h"

namespace weighbridge {

std::u32string CodePoints(std::string_view text) {
  std::u32string points;
  points.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const auto first = static_cast<std::uint8_t>(text[at]);
    const std::size_t length = first < 0x80 ? 1 : first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    if (length > text.size() - at || !IsValidUtf8(text.substr(at, length))) {
      points += char32_t{0xFFFD};
      ++at;
      continue;
    }
    char32_t point = length == 1 ? first : first & (0x7Fu >> length);
    for (std::size_t i = 1; i < length; ++i)
      point = point << 6 | (static_cast<std::uint8_t>(text[at + i]) & 0x3Fu);
    points += point;
    at += length;
  }
  return points;
}

}  // namespace weighbridge
