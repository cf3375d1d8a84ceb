// SourceCursor: an input iterator over the bytes of a ByteSource, read in blocks, so
// that a JSON header of any length is parsed without being held in memory.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <vector>

#include "scanner/source/byte_source.h"

namespace weighbridge {

// The bytes [begin, end) of a source; `end` is cut at the size of the source.
class SourceWindow {
 public:
  SourceWindow(const ByteSource& source, std::uint64_t begin, std::uint64_t end)
      : source_(source), at_(std::min(begin, source.size())), end_(std::min(end, source.size())) {
    Fill();
  }

  bool done() const { return next_ >= filled_; }
  // A NUL byte, which the parser would take for the end of the text, is given as
  // another byte that no JSON holds either.
  char current() const { return block_[next_] == 0 ? '\x01' : static_cast<char>(block_[next_]); }
  void Advance() {
    if (++next_ >= filled_) Fill();
  }
  // The read error that ended the bytes early.
  const std::optional<Error>& error() const { return error_; }

 private:
  static constexpr std::size_t kBlock = 64U << 10;

  void Fill() {
    next_ = filled_ = 0;
    if (at_ >= end_ || error_) return;
    block_.resize(static_cast<std::size_t>(std::min<std::uint64_t>(kBlock, end_ - at_)));
    auto got = source_.ReadAt(at_, block_);
    if (!got.ok()) {
      error_ = got.error();
      return;
    }
    filled_ = got.value();
    at_ += filled_;
    if (filled_ == 0) error_ = Error{ErrorCode::kChanged, "file ended while it was read"};
  }

  const ByteSource& source_;
  std::uint64_t at_;
  std::uint64_t end_;
  std::vector<std::uint8_t> block_;
  std::size_t next_ = 0;
  std::size_t filled_ = 0;
  std::optional<Error> error_;
};

class SourceCursor {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = char;

  SourceCursor() = default;  // the end
  explicit SourceCursor(SourceWindow* window) : window_(window) {}

  char operator*() const { return window_->current(); }
  SourceCursor& operator++() {
    window_->Advance();
    return *this;
  }
  SourceCursor operator++(int) {
    SourceCursor before = *this;
    window_->Advance();
    return before;
  }
  friend bool operator==(const SourceCursor& a, const SourceCursor& b) {
    return a.AtEnd() == b.AtEnd();
  }
  friend bool operator!=(const SourceCursor& a, const SourceCursor& b) { return !(a == b); }

 private:
  bool AtEnd() const { return window_ == nullptr || window_->done(); }

  SourceWindow* window_ = nullptr;
};

}  // namespace weighbridge
