#include "scanner/bundles/signing.h"

#include <doctest/doctest.h>

namespace weighbridge {
namespace {

// The key of RFC 8032, 7.1, test 2 as PKCS #8: secret 4ccd089b...a6fb, public 3d4017c3...0c.
constexpr const char* kPrivate =
    "-----BEGIN PRIVATE KEY-----\n"
    "MC4CAQAwBQYDK2VwBCIEIEzNCJso/5banbbDRuwRTg9bijGfNaumJNqM9u1PuKb7\n"
    "-----END PRIVATE KEY-----\n";

std::string SignatureHex() {
  return "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
         "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00";
}

TEST_CASE("signing: the vector of RFC 8032, 7.1, test 2") {
  const PrivateKey key = PrivateKey::FromPem(kPrivate, "key.pem").value();
  CHECK(key.public_key().raw[0] == 0x3d);
  CHECK(key.public_key().raw[31] == 0x0c);
  CHECK(key.public_key().id ==
        Sha256OfBytes({reinterpret_cast<const char*>(key.public_key().raw.data()), 32})
            .substr(0, 16));
  CHECK(key.SignatureText("\x72").value() ==
        "ed25519 " + key.public_key().id + " " + SignatureHex() + "\n");
  CHECK(key.PrivatePem().value() == kPrivate);
  const PublicKey read = PublicKeyFromPem(key.PublicPem().value(), "key.pub.pem").value();
  CHECK(read.raw == key.public_key().raw);
}

TEST_CASE("signing: states") {
  const PrivateKey key = PrivateKey::Generate().value(), other = PrivateKey::Generate().value();
  const std::string text = key.SignatureText("manifest").value();
  const std::vector<PublicKey> own{key.public_key()}, both{other.public_key(), key.public_key()};
  const auto state = [](std::string_view manifest, std::string_view signature,
                        const std::vector<PublicKey>& keys) {
    return CheckSignature(manifest, signature, keys).state;
  };
  CHECK(state("manifest", text, own) == SignatureState::kGood);
  CHECK(state("manifest", text, both) == SignatureState::kGood);
  CHECK(state("manifest", "", own) == SignatureState::kUnsigned);
  CHECK(state("manifest", text, {}) == SignatureState::kUnknownKey);
  CHECK(state("manifest", text, {other.public_key()}) == SignatureState::kUnknownKey);
  CHECK(CheckSignature("manifest", text, {}).key_id == key.public_key().id);
  CHECK(state("Manifest", text, own) == SignatureState::kBad);
  // Under another key that has the id of a trusted one.
  std::string posing = other.SignatureText("manifest").value();
  posing.replace(8, 16, key.public_key().id);
  CHECK(state("manifest", posing, own) == SignatureState::kBad);
  for (std::size_t size = 1; size < text.size(); ++size)
    CHECK(state("manifest", text.substr(0, size), own) == SignatureState::kBad);
  CHECK(state("manifest", text + "\n", own) == SignatureState::kBad);
}

TEST_CASE("signing: what is no Ed25519 key in PEM") {
  const char* rsa =  // a P-256 key
      "-----BEGIN PUBLIC KEY-----\n"
      "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEaxfR8uEsQkf4vOblY6RA8ncDfYEt\n"
      "6zOg9KE5RdiYwpZP40Li/hp/m47n60p8D54WK84zV2sxXs7LtkBoN79R9Q==\n"
      "-----END PUBLIC KEY-----\n";
  CHECK(PublicKeyFromPem(rsa, "k").error().message == "k: not an Ed25519 key");
  for (const std::string& text : {std::string(), std::string("x"), std::string(kPrivate)})
    CHECK(PublicKeyFromPem(text, "k").error().message == "k: no public key in PEM");
  CHECK(PublicKeyFromPem(std::string(20000, 'a'), "k").error().message == "k: too long for a key");
  CHECK(PrivateKey::FromPem("x", "k").error().message ==
        "k: no private key in PEM, or one with a passphrase");
  CHECK(EmbeddedKeys().empty());
}

}  // namespace
}  // namespace weighbridge
