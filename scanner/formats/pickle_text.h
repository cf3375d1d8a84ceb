// Text forms of protocol 0: numbers, quoted strings, escaped unicode. Decoding is
// needed because a name may be hidden in escapes ("\x6fs" is "os").
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace weighbridge {

enum class PickleNumber { kBad, kInt, kBool, kBig };
// The line of INT ("12", "01" is True, "00" False) or LONG ("12L"), as the loaders
// read it: blanks around, a sign, 0x 0o 0b, single underscores between digits.
PickleNumber ParsePickleNumber(std::string_view line, std::int64_t* value);
// The line of PUT or GET: the same in base 10, where leading zeros are allowed.
PickleNumber ParsePickleIndex(std::string_view line, std::int64_t* value);
// True when the line of FLOAT is a number.
bool IsPickleFloat(std::string_view line);
// True when the line of STRING is quoted, as loaders demand.
bool IsPickleString(std::string_view line);
// The line of STRING: quotes removed, backslash escapes decoded.
std::string UnquotePickleString(std::string_view line);
// The line of UNICODE (raw-unicode-escape): \uXXXX and \UXXXXXXXX as UTF-8.
std::string UnescapePickleUnicode(std::string_view line);

}  // namespace weighbridge
