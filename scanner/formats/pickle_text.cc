// Protocol 0 text, as CPython's pickle.py reads it: codecs.escape_decode for STRING,
// raw-unicode-escape for UNICODE.
#include "scanner/formats/pickle_text.h"

#include <algorithm>
#include <charconv>

#include "scanner/base/text.h"

namespace weighbridge {
namespace {

// The value of exactly `digits` digits of `base` at `at`, or -1.
std::int64_t Digits(std::string_view text, std::size_t at, std::size_t digits, int base) {
  if (at > text.size() || digits > text.size() - at) return -1;
  std::uint32_t value = 0;
  const char* const from = text.data() + at;
  const auto parsed = std::from_chars(from, from + digits, value, base);
  return parsed.ec == std::errc() && parsed.ptr == from + digits ? std::int64_t{value} : -1;
}

// What C's isspace() calls blank.
std::string_view TrimBlanks(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\n\v\f\r";
  const std::size_t from = std::min(text.find_first_not_of(kBlanks), text.size());
  text.remove_prefix(from);
  return text.substr(0, text.find_last_not_of(kBlanks) + 1);
}

// Takes "0x", "0o" or "0b" off; a plain zero in front is C's octal.
int TakeBase(std::string_view* digits) {
  if (digits->size() < 2 || digits->front() != '0') return 10;
  const char letter = static_cast<char>(digits->at(1) | 0x20);
  const int base = letter == 'x' ? 16 : letter == 'o' ? 8 : letter == 'b' ? 2 : 0;
  if (base == 0) return 8;
  digits->remove_prefix(2);
  if (!digits->empty() && digits->front() == '_') digits->remove_prefix(1);
  return base;
}

// Python's int(text, base 0 or 10).
PickleNumber ParseInteger(std::string_view text, bool prefixes, std::int64_t* value) {
  text = TrimBlanks(text);
  const bool negative = !text.empty() && text.front() == '-';
  if (negative || (!text.empty() && text.front() == '+')) text.remove_prefix(1);
  const int base = prefixes ? TakeBase(&text) : 10;
  std::string digits = negative ? "-" : "";
  bool after_digit = false;
  for (const char c : text) {
    if (c == '_' && !after_digit) return PickleNumber::kBad;
    after_digit = c != '_';
    if (after_digit) digits.push_back(c);
  }
  const char* const end = digits.data() + digits.size();
  if (!after_digit || digits.size() == (negative ? 1U : 0U)) return PickleNumber::kBad;
  const auto parsed = std::from_chars(digits.data(), end, *value, base);
  if (parsed.ptr != end) return PickleNumber::kBad;
  return parsed.ec == std::errc() ? PickleNumber::kInt : PickleNumber::kBig;
}

// One to three octal digits at `at`; sets how many, -1 when there is none.
std::int64_t OctalDigits(std::string_view text, std::size_t at, std::size_t* count) {
  std::int64_t value = -1;
  for (*count = 0; *count < 3 && at + *count < text.size(); ++*count) {
    const char c = text[at + *count];
    if (c < '0' || c > '7') break;
    value = (value < 0 ? 0 : value * 8) + (c - '0');
  }
  return value;
}

char SimpleEscape(char letter) {
  switch (letter) {
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    case 'b': return '\b';
    case 'f': return '\f';
    case 'v': return '\v';
    case 'a': return '\a';
    case '\\':
    case '\'':
    case '"': return letter;
    default: return '\0';
  }
}

}  // namespace

PickleNumber ParsePickleNumber(std::string_view line, std::int64_t* value) {
  if (line == "00" || line == "01") {
    *value = line == "01" ? 1 : 0;
    return PickleNumber::kBool;
  }
  // C's strtol() ends at a NUL, and so does what the C loader takes.
  line = TrimBlanks(line.substr(0, line.find('\0')));
  if (!line.empty() && line.back() == 'L') line.remove_suffix(1);
  return ParseInteger(line, true, value);
}

PickleNumber ParsePickleIndex(std::string_view line, std::int64_t* value) {
  return ParseInteger(line, false, value);
}

bool IsPickleFloat(std::string_view line) {
  line = TrimBlanks(line.substr(0, line.find('\0')));
  if (!line.empty() && line.front() == '+') line.remove_prefix(1);
  std::string digits(line);  // pickle.py takes underscores, C does not
  digits.erase(std::remove(digits.begin(), digits.end(), '_'), digits.end());
  double value = 0;
  const char* const end = digits.data() + digits.size();
  const auto parsed = std::from_chars(digits.data(), end, value);
  return parsed.ec != std::errc::invalid_argument && parsed.ptr == end;
}

bool IsPickleString(std::string_view line) {
  line = Trim(line);
  return !line.empty() && (line[0] == '\'' || line[0] == '"');
}

std::string UnquotePickleString(std::string_view line) {
  line = Trim(line);
  if (line.size() >= 2 && (line[0] == '\'' || line[0] == '"') && line.back() == line[0]) {
    line = line.substr(1, line.size() - 2);
  }
  std::string out;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] != '\\' || i + 1 == line.size()) {
      out.push_back(line[i]);
      continue;
    }
    const char letter = line[i + 1];
    const std::int64_t hex = letter == 'x' ? Digits(line, i + 2, 2, 16) : -1;
    std::size_t octal_digits = 0;
    const std::int64_t octal = OctalDigits(line, i + 1, &octal_digits);
    if (hex >= 0) {
      out.push_back(static_cast<char>(hex));
      i += 3;
    } else if (octal >= 0) {
      out.push_back(static_cast<char>(octal & 0xFF));
      i += octal_digits;
    } else if (const char simple = SimpleEscape(letter); simple != '\0') {
      out.push_back(simple);
      ++i;
    } else {
      out.push_back('\\');
    }
  }
  return out;
}

std::string UnescapePickleUnicode(std::string_view line) {
  std::string out;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const bool escape = line[i] == '\\' && i + 1 < line.size();
    const std::size_t digits = !escape ? 0 : line[i + 1] == 'u' ? 4 : line[i + 1] == 'U' ? 8 : 0;
    const std::int64_t code = digits == 0 ? -1 : Digits(line, i + 2, digits, 16);
    if (code >= 0 && code <= 0x10FFFF) {
      AppendUtf8(out, static_cast<char32_t>(code));
      i += digits + 1;
    } else {
      out.push_back(line[i]);
      if (escape) out.push_back(line[++i]);  // a backslash before it takes a letter's meaning
    }
  }
  return out;
}

}  // namespace weighbridge
