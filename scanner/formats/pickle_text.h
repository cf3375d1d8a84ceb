// Text forms of protocol 0: numbers, quoted strings, escaped unicode. Decoding is
// needed because a name may be hidden in escapes ("\x6fs" is "os").
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace weighbridge {

enum class PickleNumber { kBad, kInt, kBool, kBig };
// The line of INT ("12", "01" is True, "00" False) or LONG ("12L").
PickleNumber ParsePickleNumber(std::string_view line, std::int64_t* value);
// The line of STRING: quotes removed, backslash escapes decoded.
std::string UnquotePickleString(std::string_view line);
// The line of UNICODE (raw-unicode-escape): \uXXXX and \UXXXXXXXX as UTF-8.
std::string UnescapePickleUnicode(std::string_view line);

}  // namespace weighbridge
