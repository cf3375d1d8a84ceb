// XmlReader: the part of XML 1.0 that tools print: elements, attributes, text, CDATA,
// comments. A document type is skipped, never resolved; one with an internal subset is
// refused, as are entities other than the five of XML and characters by number.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace weighbridge {

class XmlReader {
 public:
  static constexpr std::size_t kMaxDepth = 64;
  static constexpr std::size_t kMaxTextBytes = 4096;  // of one element; the rest is dropped

  enum class Event { kOpen, kClose, kEnd, kError };

  explicit XmlReader(std::string_view text) : text_(text) {}

  // After kClose, path() is that of the element closed and text() what stood in it since
  // its last child.
  Event Next();
  std::string Path() const;            // "a/b/c"
  const std::string& Element() const;  // "c"
  std::size_t Depth() const { return path_.size(); }
  const std::string& text() const { return value_; }
  std::string Attribute(std::string_view name) const;  // of the element opened, "" when none
  const std::string& error() const { return error_; }
  std::size_t position() const { return at_; }

 private:
  Event Fail(std::string message);
  Event Open();
  Event Close();
  bool SkipMarkup();  // comment, instruction, document type, CDATA
  bool SkipPast(std::string_view end);
  void AppendText(std::string_view raw);
  bool Decode(std::string_view raw, std::string& out);
  void SkipSpace();
  std::string_view Name();

  std::string_view text_;
  std::size_t at_ = 0;
  std::vector<std::string> path_;
  std::vector<std::pair<std::string, std::string>> attributes_;
  std::string value_;
  std::string error_;
  bool close_pending_ = false;  // of `<a/>`
  bool pop_ = false;            // the element closed last is still in the path
};

}  // namespace weighbridge
