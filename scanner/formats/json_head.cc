#include "scanner/formats/json_head.h"

namespace weighbridge {
namespace {

std::size_t SkipBlanks(std::string_view text, std::size_t at) {
  const std::size_t found = text.find_first_not_of(" \t\r\n", at);
  return found == text.npos ? text.size() : found;
}

// Behind the closing quote of the string that opens at `at`; the end when it is cut.
std::size_t SkipString(std::string_view text, std::size_t at) {
  const std::size_t begin = ++at;
  while ((at = text.find('"', at)) != text.npos) {
    std::size_t escapes = 0;
    while (at - escapes > begin && text[at - escapes - 1] == '\\') ++escapes;
    ++at;
    if (escapes % 2 == 0) return at;
  }
  return text.size();
}

// Bytes that mean something between the strings of a document.
constexpr std::array<bool, 256> MakeStops() {
  std::array<bool, 256> stops{};
  for (std::size_t byte = 0; byte < 0x09; ++byte) stops[byte] = true;
  for (const unsigned char c : {'"', '{', '}', '[', ']', '\x7F'}) stops[c] = true;
  return stops;
}
constexpr std::array<bool, 256> kStops = MakeStops();

}  // namespace

JsonHead::JsonHead(std::string_view text) {
  std::size_t at = SkipBlanks(text, 0);
  if (at >= text.size() || text[at] != '{') return;
  text_ = text.substr(at);
  at = SkipBlanks(text_, 1);
  std::size_t depth = 1;
  while (at < text_.size() && depth > 0) {
    const char c = text_[at];
    if (!kStops[static_cast<unsigned char>(c)]) {
      ++at;
      continue;
    }
    if (c == '"') {
      const std::size_t end = SkipString(text_, at);
      const std::size_t colon = SkipBlanks(text_, end);
      const bool key = depth == 1 && colon < text_.size() && text_[colon] == ':';
      if (key && count_ < kMaxKeys) {
        const std::size_t value = SkipBlanks(text_, colon + 1);
        keys_[count_++] = {text_.substr(at + 1, end - at - 2), text_.substr(value)};
      }
      at = end;
      continue;
    }
    if (c == '{' || c == '[') ++depth;
    if (c == '}' || c == ']') --depth;
    if (static_cast<unsigned char>(c) < 0x09 || c == '\x7F') {
      count_ = 0;  // binary
      return;
    }
    ++at;
  }
  complete_ = depth == 0;
}

std::string_view JsonHead::Value(std::string_view key) const {
  for (std::size_t i = 0; i < count_; ++i) {
    if (keys_[i].name == key) return keys_[i].value;
  }
  return {};
}

std::string_view JsonHead::Text(std::string_view key) const {
  const std::string_view value = Value(key);
  if (value.empty() || value[0] != '"') return {};
  const std::size_t end = SkipString(value, 0);
  const std::string_view text = value.substr(1, end < 2 ? 0 : end - 2);
  return text.find('\\') == text.npos ? text : std::string_view{};
}

}  // namespace weighbridge
