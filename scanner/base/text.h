// Text helpers: quoting of untrusted bytes, joining, splitting, case, numbers.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace weighbridge {

// The text with control characters, invalid UTF-8, and bidirectional or
// zero-width code points escaped (\n, \x1b, \u202e); safe for any terminal or report.
std::string Printable(std::string_view raw);
// As Printable, with `\` doubled: different bytes give different texts. For names,
// places and ids. Printable() leaves it as it is.
std::string Escaped(std::string_view raw);
// Escaped() in double quotes, cut to max_bytes with "..." when longer.
std::string Quote(std::string_view raw, std::size_t max_bytes = 200);
bool IsValidUtf8(std::string_view text);
void AppendUtf8(std::string& out, char32_t point);
// The longest prefix of at most max_bytes that does not split a UTF-8 sequence.
std::string_view CutUtf8(std::string_view text, std::uint64_t max_bytes);
std::string ToLower(std::string_view text);  // ASCII only
std::string_view Trim(std::string_view text);
std::vector<std::string> Split(std::string_view text, char separator);
std::string Join(const std::vector<std::string>& parts, std::string_view separator);
bool EndsWithNoCase(std::string_view text, std::string_view suffix);
std::optional<std::uint64_t> ParseUint(std::string_view text);  // whole text, decimal
std::string Hex(const std::uint8_t* bytes, std::size_t count);
// One or more lower-case hexadecimal digits; exactly as many as SHA-256 has.
bool IsLowerHex(std::string_view text);
bool IsSha256Hex(std::string_view text);
// The nearest of `known` within edit distance 3, "" when none: for "did you mean".
std::string Nearest(std::string_view word, const std::vector<std::string>& known);
// True for YYYY-MM-DD with a real month and day.
bool IsIsoDate(std::string_view text);
// Days from `from` to `to`, both ISO dates; 0 when either is not one.
std::int64_t DaysBetween(std::string_view from, std::string_view to);
// True when a member's or reference's name would leave the folder it is unpacked to:
// absolute, a drive, a backslash, a ".." component.
bool LeavesFolder(std::string_view name);

}  // namespace weighbridge
