// A Location cut into its folders, so that layouts are told by them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "weighbridge/location.h"

namespace weighbridge {

class Place {
 public:
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);

  explicit Place(const Location& location) : Place(location.ToString()) {}
  explicit Place(std::string text);
  // The views point into the text.
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;

  const std::string& text() const { return text_; }  // without "." components
  std::size_t size() const { return starts_.size(); }
  std::string_view operator[](std::size_t part) const;   // "" beyond the end
  std::string_view FromEnd(std::size_t count) const;     // 0: the file's own name
  std::string Upto(std::size_t part) const;              // parts [0, part), no slash at the end
  std::string From(std::size_t part) const;              // parts [part, end)
  std::size_t Last(std::string_view name) const;         // the last part of that name
  std::size_t LastPrefix(std::string_view begin) const;  // the last part that begins so
  std::string Folder() const { return size() == 0 ? "" : Upto(size() - 1); }

 private:
  std::string text_;
  std::vector<std::size_t> starts_;
};

// "sub/x" below "folder", "sub/x" below "".
std::string Below(const std::string& folder, std::string_view name);
// "sha256:HEX", "sha256-HEX" -> HEX in lower case; "" for anything else.
std::string HexOfDigest(std::string_view text);

}  // namespace weighbridge
