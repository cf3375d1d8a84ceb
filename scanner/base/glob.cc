#include "scanner/base/glob.h"

namespace weighbridge {
namespace {

// Matches one `[...]` set at pattern[at]; sets *end past it. False also when the
// set is not closed, so that the '[' is then an ordinary character.
bool MatchSet(std::string_view pattern, std::size_t at, char c, std::size_t* end) {
  std::size_t i = at + 1;
  const bool negated = i < pattern.size() && (pattern[i] == '!' || pattern[i] == '^');
  if (negated) ++i;
  bool found = false;
  const std::size_t first = i;
  while (i < pattern.size() && (pattern[i] != ']' || i == first)) {
    const char low = pattern[i];
    char high = low;
    if (i + 2 < pattern.size() && pattern[i + 1] == '-' && pattern[i + 2] != ']') {
      high = pattern[i + 2];
      i += 2;
    }
    if (c >= low && c <= high) found = true;
    ++i;
  }
  if (i >= pattern.size()) {
    *end = at + 1;
    return c == '[';
  }
  *end = i + 1;
  return found != negated && c != '/';
}

}  // namespace

bool GlobMatch(std::string_view pattern, std::string_view text) {
  // Two fall-back points: the last `*` (may not cross '/') and the last `**` (may).
  struct Retry {
    std::size_t pattern = std::string_view::npos;
    std::size_t text = 0;
  };
  Retry star, double_star;
  std::size_t p = 0;
  std::size_t t = 0;
  while (true) {
    if (p < pattern.size() && pattern[p] == '*') {
      if (p + 1 < pattern.size() && pattern[p + 1] == '*') {
        p += 2;
        if (p < pattern.size() && pattern[p] == '/') ++p;  // `**/` also matches nothing
        double_star = {p, t};
        star = {};
      } else {
        star = {++p, t};
      }
      continue;
    }
    bool advanced = false;
    if (t < text.size() && p < pattern.size()) {
      std::size_t next = p + 1;
      const char c = pattern[p];
      if (c == '?'   ? text[t] != '/'
          : c == '[' ? MatchSet(pattern, p, text[t], &next)
                     : c == text[t]) {
        p = next;
        ++t;
        advanced = true;
      }
    }
    if (advanced) continue;
    if (p == pattern.size() && t == text.size()) return true;
    if (star.pattern != std::string_view::npos && star.text < text.size() &&
        text[star.text] != '/') {
      p = star.pattern;
      t = ++star.text;
    } else if (double_star.pattern != std::string_view::npos && double_star.text < text.size()) {
      p = double_star.pattern;
      t = ++double_star.text;
      star = {};
    } else {
      return false;
    }
  }
}

Glob::Glob(std::string pattern) : pattern_(std::move(pattern)) {
  if (pattern_.rfind("./", 0) == 0) pattern_.erase(0, 2);
  if (!pattern_.empty() && pattern_.back() == '/') {
    pattern_.pop_back();
    directories_only_ = true;
  }
  any_component_ = pattern_.find('/') == std::string::npos;  // a leading '/' anchors
  if (!pattern_.empty() && pattern_.front() == '/') pattern_.erase(0, 1);
}

bool Glob::Matches(std::string_view path, bool is_directory) const {
  if (directories_only_ && !is_directory) return false;
  if (any_component_) {
    const std::size_t slash = path.rfind('/');
    return GlobMatch(pattern_, slash == std::string_view::npos ? path : path.substr(slash + 1));
  }
  return GlobMatch(pattern_, path);
}

}  // namespace weighbridge
