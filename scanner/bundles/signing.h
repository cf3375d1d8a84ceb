// Ed25519 (RFC 8032) through OpenSSL's EVP interface: keys as PEM files, signatures over
// the bytes of a bundle's manifest. A key's id is the first 16 hexadecimal digits of the
// SHA-256 of its 32 raw bytes.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "weighbridge/result.h"

struct evp_pkey_st;

namespace weighbridge {

// Lower-case hexadecimal; "" when OpenSSL refuses.
std::string Sha256OfBytes(std::string_view bytes);

struct PublicKey {
  std::array<std::uint8_t, 32> raw{};
  std::string id;
};

class PrivateKey {
 public:
  // Refused: a key of another kind, or one that needs a passphrase.
  static Result<PrivateKey> FromPem(std::string_view pem, const std::string& name);
  static Result<PrivateKey> Generate();

  const PublicKey& public_key() const { return public_key_; }
  Result<std::string> PrivatePem() const;
  Result<std::string> PublicPem() const;
  // The text of a bundle's member manifest.sig.
  Result<std::string> SignatureText(std::string_view manifest) const;

 private:
  explicit PrivateKey(evp_pkey_st* key);
  std::shared_ptr<evp_pkey_st> key_;
  PublicKey public_key_;
};

Result<PublicKey> PublicKeyFromPem(std::string_view pem, const std::string& name);

// The keys that come with this version of the program. There are none yet: nobody
// publishes databases, so an update needs --key or a key in the folder of databases.
std::vector<PublicKey> EmbeddedKeys();

enum class SignatureState { kUnsigned, kUnknownKey, kGood, kBad };

struct SignatureCheck {
  SignatureState state = SignatureState::kUnsigned;
  std::string key_id;  // of the key that it names
};

// `signature` is the text of manifest.sig, "" for none. kUnknownKey: none of `keys`.
SignatureCheck CheckSignature(std::string_view manifest, std::string_view signature,
                              const std::vector<PublicKey>& keys);

}  // namespace weighbridge
