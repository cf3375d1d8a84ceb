#include "scanner/services/text_context.h"

#include <algorithm>

#include "scanner/base/text.h"

namespace weighbridge {

std::string_view LineBefore(std::string_view text, std::size_t at) {
  const std::size_t from = at > kMaxContextBytes ? at - kMaxContextBytes : 0;
  const std::string_view part = text.substr(from, at - from);
  const std::size_t newline = part.rfind('\n');
  return newline == std::string_view::npos ? part : part.substr(newline + 1);
}

bool InComment(std::string_view line_before) {
  if (line_before.size() == kMaxContextBytes) return false;  // the line's start is not seen
  const std::string_view line = Trim(line_before);
  for (const std::string_view mark : {"#", "//", "/*", "--", "<!--", ";"}) {
    if (line.starts_with(mark)) return !line.starts_with("#!");
  }
  if (line.starts_with("* ")) return true;
  return line_before.find(" # ") != std::string_view::npos ||
         line_before.find(" // ") != std::string_view::npos;
}

bool IsWordByte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

bool WordStartsAt(std::string_view text, std::size_t at) {
  if (at == 0 || !IsWordByte(text[at - 1])) return true;
  const char before = text[at - 1];
  return at >= 2 && text[at - 2] == '\\' && (before == 'n' || before == 't' || before == 'r');
}

bool WordEndsAt(std::string_view text, std::size_t end) {
  return end >= text.size() || !IsWordByte(text[end]);
}

std::uint64_t LineCounter::LineOf(std::size_t at) {
  const auto begin = text_.begin() + static_cast<std::ptrdiff_t>(counted_);
  const auto end = text_.begin() + static_cast<std::ptrdiff_t>(std::min(at, text_.size()));
  line_ += static_cast<std::uint64_t>(std::count(begin, end, '\n'));
  counted_ = at;
  return line_;
}

}  // namespace weighbridge
