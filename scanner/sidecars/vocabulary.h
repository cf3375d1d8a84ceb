// Vocabulary: tokens with their ids, and merges, as a tokenizer file lists them;
// kept in two flat buffers so that half a million merges cost their own bytes and
// little more. Not thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace weighbridge {

class Vocabulary {
 public:
  // A later token of the same id replaces the earlier one (an added token names its id).
  void AddToken(std::uint32_t id, std::string_view token);
  // "a b", in rank order.
  void AddMerge(std::string_view merge);
  void AddMerge(std::string_view left, std::string_view right);

  std::uint64_t token_entries() const { return tokens_.size(); }
  std::uint64_t merge_count() const { return merge_sizes_.size(); }
  // Highest id plus one; 0 when empty.
  std::uint64_t size() const { return size_; }

  // SHA-256 over the tokens in id order and the merges, as VocabularyDigest defines
  // it; "" when there are no tokens. Call once.
  std::string Digest();

 private:
  struct Entry {
    std::uint32_t id = 0;
    std::uint32_t length = 0;
    std::uint64_t offset = 0;
  };
  std::vector<Entry> tokens_;
  std::string token_bytes_;
  std::vector<std::uint32_t> merge_sizes_;
  std::string merge_bytes_;
  std::uint64_t size_ = 0;
};

}  // namespace weighbridge
