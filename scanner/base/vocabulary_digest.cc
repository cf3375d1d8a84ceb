// SHA-256 over a vocabulary, through OpenSSL's EVP interface.
#include "scanner/base/vocabulary_digest.h"

#include <array>
#include <cstdint>

#include <openssl/evp.h>

#include "scanner/base/text.h"

namespace weighbridge {

VocabularyDigest::VocabularyDigest() : context_(EVP_MD_CTX_new()) {
  ok_ = context_ != nullptr && EVP_DigestInit_ex(context_, EVP_sha256(), nullptr) == 1;
}

VocabularyDigest::~VocabularyDigest() { EVP_MD_CTX_free(context_); }

void VocabularyDigest::AddToken(std::string_view token) { AddText(token); }

void VocabularyDigest::AddMerge(std::string_view merge) {
  EndTokens();
  AddText(merge);
}

std::string VocabularyDigest::Finish() {
  EndTokens();
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  if (!ok_ || EVP_DigestFinal_ex(context_, digest.data(), &size) != 1) return {};
  ok_ = false;
  return Hex(digest.data(), size);
}

void VocabularyDigest::AddText(std::string_view text) {
  const std::uint64_t size = text.size();
  std::array<unsigned char, 4> length{};
  for (std::size_t i = 0; i < length.size(); ++i) {
    length[i] = static_cast<unsigned char>((size >> (8 * i)) & 0xFF);
  }
  AddBytes(length.data(), length.size());
  AddBytes(text.data(), text.size());
}

void VocabularyDigest::AddBytes(const void* bytes, std::size_t count) {
  if (ok_ && count != 0) ok_ = EVP_DigestUpdate(context_, bytes, count) == 1;
}

void VocabularyDigest::EndTokens() {
  if (in_merges_) return;
  in_merges_ = true;
  constexpr unsigned char kSeparator = 0xFF;
  AddBytes(&kSeparator, 1);
}

std::string Sha256OfText(std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  if (EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(), nullptr) != 1) {
    return {};
  }
  return Hex(digest.data(), size);
}

}  // namespace weighbridge
