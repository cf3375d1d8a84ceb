#include "scanner/sidecars/vocabulary.h"

#include <algorithm>

#include "scanner/base/vocabulary_digest.h"

namespace weighbridge {

void Vocabulary::AddToken(std::uint32_t id, std::string_view token) {
  tokens_.push_back(Entry{id, static_cast<std::uint32_t>(token.size()), token_bytes_.size()});
  token_bytes_.append(token);
  size_ = std::max<std::uint64_t>(size_, std::uint64_t{id} + 1);
}

void Vocabulary::AddMerge(std::string_view merge) {
  merge_sizes_.push_back(static_cast<std::uint32_t>(merge.size()));
  merge_bytes_.append(merge);
}

void Vocabulary::AddMerge(std::string_view left, std::string_view right) {
  merge_sizes_.push_back(static_cast<std::uint32_t>(left.size() + 1 + right.size()));
  merge_bytes_.append(left).append(" ").append(right);
}

std::string Vocabulary::Digest() {
  if (tokens_.empty()) return {};
  std::stable_sort(tokens_.begin(), tokens_.end(),
                   [](const Entry& a, const Entry& b) { return a.id < b.id; });
  VocabularyDigest digest;
  const std::string_view token_bytes = token_bytes_;
  for (std::size_t i = 0; i < tokens_.size(); ++i) {
    if (i + 1 < tokens_.size() && tokens_[i + 1].id == tokens_[i].id) continue;
    digest.AddToken(
        token_bytes.substr(static_cast<std::size_t>(tokens_[i].offset), tokens_[i].length));
  }
  const std::string_view merge_bytes = merge_bytes_;
  std::size_t at = 0;
  for (const std::uint32_t size : merge_sizes_) {
    digest.AddMerge(merge_bytes.substr(at, size));
    at += size;
  }
  return digest.Finish();
}

}  // namespace weighbridge
