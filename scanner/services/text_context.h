// What surrounds a place in a text: its line, whether it stands in a comment, word and
// token ends. Every look is bounded, however long the line is.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace weighbridge {

inline constexpr std::size_t kMaxContextBytes = 512;

// The part of the line before `at`, at most kMaxContextBytes of it.
std::string_view LineBefore(std::string_view text, std::size_t at);
// True when the line starts with a comment mark, or one stands before `at`.
bool InComment(std::string_view line_before);

bool IsWordByte(char c);  // letters, digits, '_'
// True when no word runs into `at` from before; an escape's letter (\n) is no word.
bool WordStartsAt(std::string_view text, std::size_t at);
bool WordEndsAt(std::string_view text, std::size_t end);

// Counts lines of one text at rising places.
class LineCounter {
 public:
  explicit LineCounter(std::string_view text) : text_(text) {}
  // Requires: `at` not below that of the call before.
  std::uint64_t LineOf(std::size_t at);

 private:
  std::string_view text_;
  std::size_t counted_ = 0;
  std::uint64_t line_ = 1;
};

}  // namespace weighbridge
