// Laying out text in columns: wrapping by display width, hanging indents, colour.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace weighbridge {

// Columns that valid UTF-8 text takes on a terminal: East Asian wide characters two,
// combining marks none.
std::size_t DisplayWidth(std::string_view text);

// Words of `text` on lines of at most `width` columns. A longer word breaks after '/',
// '-', '_' or ',' where it can, else at the edge.
std::vector<std::string> WrapText(std::string_view text, std::size_t width);

// A page of text: every method appends whole lines without trailing spaces.
class TextPage {
 public:
  TextPage(std::size_t width, bool colour) : width_(width < 40 ? 40 : width), colour_(colour) {}

  void Blank() { out_ += '\n'; }
  void Heading(const std::string& text);
  // `text` wrapped, every line indented; the first starts with `lead` instead.
  void Paragraph(std::size_t indent, const std::string& text, const std::string& lead = "");
  // "   label      value wrapped in its own column"; nothing when value is empty.
  void Field(std::size_t indent, const std::string& label, const std::string& value);
  // As Paragraph, in the colour of an outcome word ("prohibited" red, ...).
  void Marked(std::size_t indent, const std::string& word, const std::string& text);

  const std::string& text() const { return out_; }

 private:
  void Line(std::string line);

  std::size_t width_;
  bool colour_;
  std::string out_;
};

}  // namespace weighbridge
