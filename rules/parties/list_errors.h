// ListErrors: all that is wrong with a list, "FILE:LINE: message", up to a cap.
#pragma once

#include <string>
#include <vector>

namespace weighbridge {

class ListErrors {
 public:
  static constexpr std::size_t kShown = 50;

  explicit ListErrors(std::string file) : file_(std::move(file)) {}

  // `line` 0: of the file as a whole.
  void Add(std::size_t line, const std::string& message);
  bool empty() const { return count_ == 0; }
  // One error a line; the last one says how many more there are.
  std::string Text() const;

 private:
  std::string file_;
  std::vector<std::string> lines_;
  std::size_t count_ = 0;
};

}  // namespace weighbridge
