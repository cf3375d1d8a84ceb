// JsonHead: the top-level keys of a JSON object of which only the first bytes are in view.
// One pass, nothing allocated beyond the object, no validation: for probes.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace weighbridge {

class JsonHead {
 public:
  explicit JsonHead(std::string_view text);

  bool empty() const { return count_ == 0; }
  bool complete() const { return complete_; }  // the closing brace is in view
  bool Has(std::string_view key) const { return !Value(key).empty(); }
  // The text from the value of `key` on, "" when the key is not in view.
  std::string_view Value(std::string_view key) const;
  // The value of `key` when it is a string without escapes, else "".
  std::string_view Text(std::string_view key) const;
  std::string_view first_key() const { return count_ == 0 ? std::string_view{} : keys_[0].name; }
  std::string_view text() const { return text_; }

 private:
  struct Key {
    std::string_view name;
    std::string_view value;
  };
  static constexpr std::size_t kMaxKeys = 48;

  std::string_view text_;
  std::array<Key, kMaxKeys> keys_{};
  std::size_t count_ = 0;
  bool complete_ = false;
};

}  // namespace weighbridge
