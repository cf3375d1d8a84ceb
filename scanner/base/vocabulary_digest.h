// VocabularyDigest: the one digest of a tokenizer's vocabulary and merges that GGUF
// files and tokenizer.json share, so that equal tokenizers are seen as equal:
//
//   SHA-256 of  for each token in id order: u32le length, bytes
//               0xFF
//               for each merge "a b":       u32le length, bytes
#pragma once

#include <string>
#include <string_view>

#include "weighbridge/bytes.h"

struct evp_md_ctx_st;

namespace weighbridge {

// Not thread-safe.
class VocabularyDigest {
 public:
  VocabularyDigest();
  ~VocabularyDigest();
  VocabularyDigest(const VocabularyDigest&) = delete;
  VocabularyDigest& operator=(const VocabularyDigest&) = delete;

  // In id order; before the first merge.
  void AddToken(std::string_view token);
  // "a b": the two parts with one space.
  void AddMerge(std::string_view merge);
  // Lower-case hexadecimal; "" when OpenSSL refused. Call once.
  std::string Finish();

 private:
  void AddText(std::string_view text);
  void AddBytes(const void* bytes, std::size_t count);
  void EndTokens();

  evp_md_ctx_st* context_;
  bool ok_ = false;
  bool in_merges_ = false;
};

// SHA-256 of a text in lower-case hexadecimal, "" when OpenSSL refused.
std::string Sha256OfText(std::string_view text);

}  // namespace weighbridge
