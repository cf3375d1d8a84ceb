#include "rules/parties/list_errors.h"

#include "scanner/base/text.h"

namespace weighbridge {

void ListErrors::Add(std::size_t line, const std::string& message) {
  if (++count_ > kShown) return;
  lines_.push_back(Printable(file_) + ":" + (line == 0 ? "" : std::to_string(line) + ":") + " " +
                   message);
}

std::string ListErrors::Text() const {
  std::string text = Join(lines_, "\n");
  if (count_ > kShown) text += "\nand " + std::to_string(count_ - kShown) + " more";
  return text;
}

}  // namespace weighbridge
