// Location: where bytes lie. A host path as given on the command line, then the
// member names that lead into nested containers: `image.tar!/layers/2!/model.gguf`.
#pragma once

#include <compare>
#include <string>
#include <string_view>
#include <vector>

namespace weighbridge {

struct Location {
  std::string path;                  // raw bytes, never absolute unless given so
  std::vector<std::string> members;  // outermost first

  // `path!/member!/member`; the one spelling used in every report. Within a name "!/" is
  // written "!%2F" and "!%" as "!%25", so that no two places read alike.
  std::string ToString() const;
  // The place that ToString() wrote.
  static Location Parse(std::string_view text);
  // The last path component of the innermost name.
  std::string_view FileName() const;
  // ToString() up to the last '/', "" when there is none.
  std::string Folder() const;

  friend auto operator<=>(const Location&, const Location&) = default;
  friend bool operator==(const Location&, const Location&) = default;
};

}  // namespace weighbridge
