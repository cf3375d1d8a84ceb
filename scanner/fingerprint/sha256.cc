// SHA-256 through OpenSSL's EVP interface.
#include "scanner/fingerprint/sha256.h"

#include <array>

#include <openssl/evp.h>

#include "scanner/base/text.h"

namespace weighbridge {

Sha256::Sha256() : context_(EVP_MD_CTX_new()) {
  ok_ = context_ != nullptr && EVP_DigestInit_ex(context_, EVP_sha256(), nullptr) == 1;
}

Sha256::~Sha256() { EVP_MD_CTX_free(context_); }

void Sha256::Add(std::string_view text) {
  if (ok_ && !text.empty()) ok_ = EVP_DigestUpdate(context_, text.data(), text.size()) == 1;
}

void Sha256::AddUint(std::uint64_t value) {
  std::array<char, 8> bytes{};
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    bytes[i] = static_cast<char>((value >> (8 * i)) & 0xFF);
  }
  Add({bytes.data(), bytes.size()});
}

std::string Sha256::Finish() {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  if (!ok_ || EVP_DigestFinal_ex(context_, digest.data(), &size) != 1) return {};
  ok_ = false;
  return Hex(digest.data(), size);
}

}  // namespace weighbridge
