// The Python literal of an .npy header: a dict of text, bool, tuple and list values.
//
//   dict    = '{' [ pair { ',' pair } [','] ] '}'        pair = string ':' value
//   value   = string | 'True' | 'False' | number | '(' values ')' | '[' values ']'
#include <algorithm>

#include "scanner/base/checked_math.h"
#include "scanner/base/text.h"
#include "scanner/formats/npy.h"

namespace weighbridge {
namespace {

constexpr int kMaxDepth = 16;
constexpr std::size_t kMaxRank = 64;  // NPY_MAXDIMS

// Sticky: after the first failure every read fails.
class LiteralReader {
 public:
  explicit LiteralReader(std::string_view text) : text_(text) {}

  Result<NpyHeader> Read();

 private:
  void SkipSpace() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n')) ++at_;
  }
  bool Take(char c) {
    SkipSpace();
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  bool TakeWord(std::string_view word) {
    SkipSpace();
    if (text_.substr(at_, word.size()) != word) return false;
    at_ += word.size();
    return true;
  }
  bool ReadString(std::string* value);
  bool ReadNumber(std::uint64_t* value);
  bool ReadShape(std::vector<std::uint64_t>* shape);
  bool ReadDescr(NpyHeader* header);
  bool SkipValue(int depth, bool* has_object);
  bool ReadPair(NpyHeader* header);
  Error Malformed(const std::string& what) const {
    return {ErrorCode::kMalformed, what + " at byte " + std::to_string(at_) + " of the header"};
  }

  std::string_view text_;
  std::size_t at_ = 0;
  unsigned seen_ = 0;
  std::string problem_;
};

bool LiteralReader::ReadString(std::string* value) {
  SkipSpace();
  if (at_ >= text_.size() || (text_[at_] != '\'' && text_[at_] != '"')) return false;
  const char quote = text_[at_];
  const std::size_t end = text_.find_first_of(std::string{quote, '\\', '\n'}, at_ + 1);
  if (end == std::string_view::npos || text_[end] != quote) return false;
  *value = text_.substr(at_ + 1, end - at_ - 1);
  at_ = end + 1;
  return true;
}

bool LiteralReader::ReadNumber(std::uint64_t* value) {
  SkipSpace();
  const std::size_t start = at_;
  while (at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9') ++at_;
  const auto number = ParseUint(text_.substr(start, at_ - start));
  if (!number) return false;
  if (at_ < text_.size() && text_[at_] == 'L') ++at_;  // Python 2
  *value = *number;
  return true;
}

bool LiteralReader::ReadShape(std::vector<std::uint64_t>* shape) {
  if (!Take('(')) return false;
  while (!Take(')')) {
    std::uint64_t dimension = 0;
    if (shape->size() >= kMaxRank || !ReadNumber(&dimension)) return false;
    shape->push_back(dimension);
    if (Take(',')) continue;
    return Take(')');
  }
  return true;
}

// Structured types nest lists and tuples; only whether one holds 'O' is wanted.
bool LiteralReader::SkipValue(int depth, bool* has_object) {
  if (depth > kMaxDepth) return false;
  std::string text;
  std::uint64_t number = 0;
  if (ReadString(&text)) {
    *has_object = *has_object || text == "O" || text == "|O" || text == "O8" || text == "|O8";
    return true;
  }
  if (TakeWord("True") || TakeWord("False") || TakeWord("None")) return true;
  const bool tuple = Take('(');
  if (!tuple && !Take('[')) return ReadNumber(&number);
  const char close = tuple ? ')' : ']';
  while (!Take(close)) {
    if (!SkipValue(depth + 1, has_object)) return false;
    if (!Take(',')) return Take(close);
  }
  return true;
}

bool LiteralReader::ReadDescr(NpyHeader* header) {
  SkipSpace();
  const std::size_t start = at_;
  if (ReadString(&header->descr)) {
    header->has_object = header->descr.find('O') != std::string::npos;
    return true;
  }
  header->structured = true;
  if (!SkipValue(0, &header->has_object)) return false;
  header->descr = text_.substr(start, at_ - start);
  return true;
}

bool LiteralReader::ReadPair(NpyHeader* header) {
  std::string key;
  if (!ReadString(&key) || !Take(':')) return false;
  const unsigned bit = key == "descr" ? 1U : key == "fortran_order" ? 2U : key == "shape" ? 4U : 0U;
  if (bit == 0 || (seen_ & bit) != 0) {
    problem_ = (bit == 0 ? "unknown key " : "repeated key ") + Quote(key);
    return false;
  }
  seen_ |= bit;
  if (bit == 1) return ReadDescr(header);
  if (bit == 4) return ReadShape(&header->shape);
  header->fortran_order = TakeWord("True");
  return header->fortran_order || TakeWord("False");
}

Result<NpyHeader> LiteralReader::Read() {
  NpyHeader header;
  if (!Take('{')) return Malformed("no dict literal");
  while (!Take('}')) {
    if (!ReadPair(&header)) return Malformed(problem_.empty() ? "not a plain literal" : problem_);
    if (Take(',')) continue;
    if (Take('}')) break;
    return Malformed("not a plain literal");
  }
  SkipSpace();
  if (at_ != text_.size()) return Malformed("text after the dict literal");
  if (seen_ != 7) return Malformed("descr, fortran_order or shape is missing");
  return header;
}

}  // namespace

Result<NpyHeader> ReadNpyLiteral(std::string_view text) { return LiteralReader(text).Read(); }

}  // namespace weighbridge
