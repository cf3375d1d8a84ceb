#include "sbom/text_layout.h"

#include <array>
#include <cstdint>

namespace weighbridge {
namespace {

struct Range {
  std::uint32_t first, last;
};

// Unicode 15 East_Asian_Width W and F, in the blocks that names are written in.
constexpr std::array<Range, 9> kWide{{{0x1100, 0x115F},
                                      {0x2E80, 0x303E},
                                      {0x3041, 0xA4CF},
                                      {0xAC00, 0xD7A3},
                                      {0xF900, 0xFAFF},
                                      {0xFE30, 0xFE6F},
                                      {0xFF00, 0xFF60},
                                      {0x1F300, 0x1FAFF},
                                      {0x20000, 0x3FFFD}}};
// Combining marks of the same.
constexpr std::array<Range, 4> kCombining{
    {{0x0300, 0x036F}, {0x1AB0, 0x1AFF}, {0x20D0, 0x20FF}, {0xFE00, 0xFE0F}}};

template <std::size_t N>
bool InRanges(const std::array<Range, N>& ranges, std::uint32_t point) {
  for (const Range& range : ranges) {
    if (point >= range.first && point <= range.last) return true;
  }
  return false;
}

// The code point at `at` and its length in bytes. Requires: valid UTF-8, which
// Printable() gives; a stray byte counts as one character.
std::uint32_t PointAt(std::string_view text, std::size_t at, std::size_t* length) {
  const auto first = static_cast<unsigned char>(text[at]);
  *length = first < 0xC0 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
  if (*length > text.size() - at) *length = text.size() - at;
  if (*length == 1) return first;
  std::uint32_t point = first & (0xFFu >> (*length + 1));
  for (std::size_t i = 1; i < *length; ++i) {
    point = (point << 6) | (static_cast<unsigned char>(text[at + i]) & 0x3Fu);
  }
  return point;
}

std::size_t PointWidth(std::uint32_t point) {
  if (InRanges(kCombining, point)) return 0;
  return InRanges(kWide, point) ? 2 : 1;
}

bool BreaksAfter(char c) { return c == '/' || c == '-' || c == '_' || c == ','; }

// How many bytes of `word` go on a line of `width` columns.
std::size_t FittingBytes(std::string_view word, std::size_t width) {
  std::size_t used = 0;
  std::size_t nice = 0;
  std::size_t at = 0;
  while (at < word.size()) {
    std::size_t length = 0;
    const std::size_t columns = PointWidth(PointAt(word, at, &length));
    if (used + columns > width && at > 0) return nice > 0 ? nice : at;
    used += columns;
    at += length;
    if (BreaksAfter(word[at - 1])) nice = at;
  }
  return word.size();
}

const char* ColourOf(const std::string& word) {
  if (word == "prohibited" || word == "licence-required") return "\x1b[1;31m";
  if (word == "restricted" || word == "review") return "\x1b[33m";
  return "\x1b[36m";
}

}  // namespace

std::size_t DisplayWidth(std::string_view text) {
  std::size_t width = 0;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t length = 0;
    width += PointWidth(PointAt(text, at, &length));
    at += length;
  }
  return width;
}

std::vector<std::string> WrapText(std::string_view text, std::size_t width) {
  std::vector<std::string> lines;
  std::string line;
  std::size_t used = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t space = text.find(' ', at);
    std::string_view word = text.substr(at, space == std::string_view::npos ? space : space - at);
    at = space == std::string_view::npos ? text.size() : space + 1;
    if (word.empty()) continue;
    if (!line.empty() && used + 1 + DisplayWidth(word) > width) {
      lines.push_back(std::move(line));
      line.clear();
      used = 0;
    }
    while (line.empty() && DisplayWidth(word) > width) {
      const std::size_t bytes = FittingBytes(word, width);
      lines.emplace_back(word.substr(0, bytes));
      word.remove_prefix(bytes);
    }
    if (word.empty()) continue;
    if (!line.empty()) line += ' ';
    line += word;
    used = DisplayWidth(line);
  }
  if (!line.empty()) lines.push_back(std::move(line));
  return lines;
}

void TextPage::Line(std::string line) {
  while (!line.empty() && line.back() == ' ') line.pop_back();
  out_ += line;
  out_ += '\n';
}

void TextPage::Heading(const std::string& text) {
  if (!out_.empty()) Blank();
  for (const std::string& line : WrapText(text, width_)) {
    Line(colour_ ? "\x1b[1m" + line + "\x1b[0m" : line);
  }
}

void TextPage::Paragraph(std::size_t indent, const std::string& text, const std::string& lead) {
  const std::vector<std::string> lines = WrapText(text, width_ - indent);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    std::string margin(indent, ' ');
    if (i == 0 && DisplayWidth(lead) <= indent) {
      margin = lead + std::string(indent - DisplayWidth(lead), ' ');
    }
    Line(margin + lines[i]);
  }
}

void TextPage::Field(std::size_t indent, const std::string& label, const std::string& value) {
  constexpr std::size_t kLabelColumns = 12;
  if (value.empty()) return;
  Paragraph(indent + kLabelColumns, value, std::string(indent, ' ') + label);
}

void TextPage::Marked(std::size_t indent, const std::string& word, const std::string& text) {
  std::vector<std::string> lines = WrapText(word + " " + text, width_ - indent - 2);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (i == 0 && colour_) lines[0].replace(0, word.size(), ColourOf(word) + word + "\x1b[0m");
    Line(std::string(i == 0 ? indent : indent + 2, ' ') + lines[i]);
  }
}

}  // namespace weighbridge
