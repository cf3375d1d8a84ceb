// Glob patterns for --exclude and --ignore-file, as .gitignore users know them:
// `*` and `?` stay within one path component, `**` crosses them, `[...]` is a set,
// a pattern without '/' matches any component, a trailing '/' matches directories only.
#pragma once

#include <string>
#include <string_view>

namespace weighbridge {

class Glob {
 public:
  explicit Glob(std::string pattern);
  // `path` is relative to the target, with '/' between components. Thread-safe.
  bool Matches(std::string_view path, bool is_directory) const;
  const std::string& pattern() const { return pattern_; }

 private:
  std::string pattern_;
  bool directories_only_ = false;
  bool any_component_ = false;
};

// One whole-string match; linear in practice, quadratic at worst, never exponential.
bool GlobMatch(std::string_view pattern, std::string_view text);

}  // namespace weighbridge
