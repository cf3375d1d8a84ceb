// SourceChars: a ByteSource as a pair of input iterators of char, so that a JSON
// document can be parsed without ever lying in memory whole. A failed read ends the
// text; the stream's error() tells that from the real end. Not thread-safe.
#pragma once

#include <cstddef>
#include <iterator>
#include <optional>
#include <utility>
#include <vector>

#include "scanner/source/byte_source.h"

namespace weighbridge {

class SourceChars {
 public:
  explicit SourceChars(const ByteSource& source) : source_(source), buffer_(kStep) { Fill(); }

  // Requires: !at_end(). A NUL byte, which the parser would take for the end of the
  // text, is given as another byte that no JSON holds either.
  char Current() const { return buffer_[at_] == 0 ? '\x01' : static_cast<char>(buffer_[at_]); }
  bool at_end() const { return at_ == filled_; }
  void Next() {
    if (++at_ == filled_) Fill();
  }
  const std::optional<Error>& error() const { return error_; }

  class Iterator {
   public:
    using iterator_category = std::input_iterator_tag;
    using value_type = char;
    using difference_type = std::ptrdiff_t;
    using pointer = const char*;
    using reference = char;

    Iterator() = default;
    explicit Iterator(SourceChars* chars) : chars_(chars) {}
    char operator*() const { return chars_->Current(); }
    Iterator& operator++() {
      chars_->Next();
      return *this;
    }
    Iterator operator++(int) {
      Iterator before = *this;
      ++*this;
      return before;
    }
    friend bool operator==(const Iterator& a, const Iterator& b) { return a.Ended() == b.Ended(); }
    friend bool operator!=(const Iterator& a, const Iterator& b) { return !(a == b); }

   private:
    bool Ended() const { return chars_ == nullptr || chars_->at_end(); }
    SourceChars* chars_ = nullptr;
  };

  Iterator begin() { return Iterator(this); }
  Iterator end() const { return Iterator(); }

 private:
  static constexpr std::size_t kStep = 256 << 10;

  void Fill() {
    at_ = 0;
    filled_ = 0;
    auto got = source_.ReadAt(offset_, MutableByteSpan(buffer_));
    if (!got.ok()) {
      error_ = std::move(got).error();
      return;
    }
    filled_ = got.value();
    offset_ += filled_;
  }

  const ByteSource& source_;
  std::vector<std::uint8_t> buffer_;
  std::uint64_t offset_ = 0;
  std::size_t at_ = 0;
  std::size_t filled_ = 0;
  std::optional<Error> error_;
};

}  // namespace weighbridge
