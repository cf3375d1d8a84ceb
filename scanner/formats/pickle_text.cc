// Protocol 0 text, as CPython's pickle.py reads it: codecs.escape_decode for STRING,
// raw-unicode-escape for UNICODE.
#include "scanner/formats/pickle_text.h"

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

void AppendUtf8(std::string& out, std::uint32_t code) {
  const auto put = [&out](std::uint32_t byte) { out.push_back(static_cast<char>(byte)); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xC0 | (code >> 6));
    put(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    put(0xE0 | (code >> 12));
    put(0x80 | ((code >> 6) & 0x3F));
    put(0x80 | (code & 0x3F));
  } else {
    put(0xF0 | ((code >> 18) & 0x07));
    put(0x80 | ((code >> 12) & 0x3F));
    put(0x80 | ((code >> 6) & 0x3F));
    put(0x80 | (code & 0x3F));
  }
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
  line = Trim(line);
  if (line == "00" || line == "01") {
    *value = line == "01" ? 1 : 0;
    return PickleNumber::kBool;
  }
  if (!line.empty() && line.back() == 'L') line.remove_suffix(1);
  if (line.empty()) return PickleNumber::kBad;
  const auto parsed = std::from_chars(line.data(), line.data() + line.size(), *value, 10);
  if (parsed.ptr != line.data() + line.size()) return PickleNumber::kBad;
  return parsed.ec == std::errc() ? PickleNumber::kInt : PickleNumber::kBig;
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
    const std::int64_t octal = Digits(line, i + 1, 3, 8);
    if (hex >= 0) {
      out.push_back(static_cast<char>(hex));
      i += 3;
    } else if (octal >= 0) {
      out.push_back(static_cast<char>(octal & 0xFF));
      i += 3;
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
      AppendUtf8(out, static_cast<std::uint32_t>(code));
      i += digits + 1;
    } else {
      out.push_back(line[i]);
    }
  }
  return out;
}

}  // namespace weighbridge
