// Identifiers derived from content, so that equal reports get equal identifiers.
#include <array>

#include <openssl/evp.h>

#include "sbom/document.h"
#include "scanner/base/text.h"

namespace weighbridge {
namespace {

std::array<std::uint8_t, 32> Sha256(std::string_view text) {
  std::array<std::uint8_t, 32> digest{};
  unsigned int length = 0;
  EVP_Digest(text.data(), text.size(), digest.data(), &length, EVP_sha256(), nullptr);
  return digest;
}

}  // namespace

std::string Sha256Hex(std::string_view text) {
  const auto digest = Sha256(text);
  return Hex(digest.data(), digest.size());
}

std::string UuidUrn(std::string_view text) {
  auto digest = Sha256(text);
  digest[6] = static_cast<std::uint8_t>((digest[6] & 0x0Fu) | 0x80u);
  digest[8] = static_cast<std::uint8_t>((digest[8] & 0x3Fu) | 0x80u);
  const std::string hex = Hex(digest.data(), 16);
  return "urn:uuid:" + hex.substr(0, 8) + "-" + hex.substr(8, 4) + "-" + hex.substr(12, 4) + "-" +
         hex.substr(16, 4) + "-" + hex.substr(20, 12);
}

}  // namespace weighbridge
