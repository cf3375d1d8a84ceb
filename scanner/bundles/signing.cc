#include "scanner/bundles/signing.h"

#include <algorithm>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include "scanner/base/text.h"
#include "weighbridge/bytes.h"

namespace weighbridge {
namespace {

// "ed25519 KEYID SIGNATURE\n", 16 and 128 hexadecimal digits in lower case.
constexpr std::string_view kAlgorithm = "ed25519 ";
constexpr std::size_t kIdDigits = 16;
constexpr std::size_t kSignatureBytes = 64;
constexpr std::size_t kTextBytes = kAlgorithm.size() + kIdDigits + 1 + 2 * kSignatureBytes + 1;
constexpr std::size_t kMaxPemBytes = 16 << 10;

using Bio = std::unique_ptr<BIO, decltype(&BIO_free)>;
using Context = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;
using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;

Error NoKey(const std::string& name, const std::string& what) {
  ERR_clear_error();
  return {ErrorCode::kInvalidArgument, Printable(name) + ": " + what};
}

// No passphrase is asked for: a terminal may not be there.
int NoPassphrase(char*, int, int, void*) { return -1; }

Bio OpenText(std::string_view text) {
  return {BIO_new_mem_buf(text.data(), static_cast<int>(text.size())), &BIO_free};
}

bool ReadRaw(const EVP_PKEY* key, PublicKey& out) {
  std::size_t size = out.raw.size();
  if (EVP_PKEY_get_base_id(key) != EVP_PKEY_ED25519 ||
      EVP_PKEY_get_raw_public_key(key, out.raw.data(), &size) != 1 || size != out.raw.size()) {
    return false;
  }
  out.id = Sha256OfBytes(AsText(out.raw)).substr(0, kIdDigits);
  return out.id.size() == kIdDigits;
}

std::string TextOf(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  return size > 0 ? std::string(data, static_cast<std::size_t>(size)) : std::string();
}

bool FromHex(std::string_view text, std::array<std::uint8_t, kSignatureBytes>& out) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  for (std::size_t i = 0; i < out.size(); ++i) {
    const std::size_t high = kDigits.find(text[2 * i]);
    const std::size_t low = kDigits.find(text[2 * i + 1]);
    if (high == std::string_view::npos || low == std::string_view::npos) return false;
    out[i] = static_cast<std::uint8_t>(high * 16 + low);
  }
  return true;
}

bool Verifies(const PublicKey& key, const std::array<std::uint8_t, kSignatureBytes>& signature,
              ByteSpan text) {
  const Key loaded(
      EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, key.raw.data(), key.raw.size()),
      &EVP_PKEY_free);
  const Context context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
  const bool good =
      loaded && context &&
      EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, loaded.get()) == 1 &&
      EVP_DigestVerify(context.get(), signature.data(), signature.size(), text.data(),
                       text.size()) == 1;
  ERR_clear_error();
  return good;
}

}  // namespace

std::string Sha256OfBytes(std::string_view bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_sha256(), nullptr) != 1)
    return {};
  return Hex(digest.data(), size);
}

PrivateKey::PrivateKey(evp_pkey_st* key) : key_(key, &EVP_PKEY_free) {}

Result<PrivateKey> PrivateKey::FromPem(std::string_view pem, const std::string& name) {
  if (pem.size() > kMaxPemBytes) return NoKey(name, "too long for a key");
  const Bio bio = OpenText(pem);
  EVP_PKEY* read =
      bio ? PEM_read_bio_PrivateKey(bio.get(), nullptr, &NoPassphrase, nullptr) : nullptr;
  if (read == nullptr) return NoKey(name, "no private key in PEM, or one with a passphrase");
  PrivateKey key(read);
  if (!ReadRaw(read, key.public_key_)) return NoKey(name, "not an Ed25519 key");
  return key;
}

Result<PrivateKey> PrivateKey::Generate() {
  EVP_PKEY* made = EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519");
  if (made == nullptr) return NoKey("key", "cannot be made");
  PrivateKey key(made);
  if (!ReadRaw(made, key.public_key_)) return NoKey("key", "cannot be made");
  return key;
}

Result<std::string> PrivateKey::PrivatePem() const {
  const Bio bio(BIO_new(BIO_s_mem()), &BIO_free);
  if (!bio ||
      PEM_write_bio_PrivateKey(bio.get(), key_.get(), nullptr, nullptr, 0, nullptr, nullptr) != 1) {
    return NoKey("key", "cannot be written");
  }
  return TextOf(bio.get());
}

Result<std::string> PrivateKey::PublicPem() const {
  const Bio bio(BIO_new(BIO_s_mem()), &BIO_free);
  if (!bio || PEM_write_bio_PUBKEY(bio.get(), key_.get()) != 1)
    return NoKey("key", "cannot be written");
  return TextOf(bio.get());
}

Result<std::string> PrivateKey::SignatureText(std::string_view manifest) const {
  const Context context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
  std::array<std::uint8_t, kSignatureBytes> signature{};
  std::size_t size = signature.size();
  const ByteSpan text = AsBytes(manifest);
  if (!context || EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key_.get()) != 1 ||
      EVP_DigestSign(context.get(), signature.data(), &size, text.data(), text.size()) != 1 ||
      size != signature.size()) {
    return NoKey("key", "cannot sign");
  }
  return std::string(kAlgorithm) + public_key_.id + " " + Hex(signature.data(), size) + "\n";
}

Result<PublicKey> PublicKeyFromPem(std::string_view pem, const std::string& name) {
  if (pem.size() > kMaxPemBytes) return NoKey(name, "too long for a key");
  const Bio bio = OpenText(pem);
  const Key read(bio ? PEM_read_bio_PUBKEY(bio.get(), nullptr, nullptr, nullptr) : nullptr,
                 &EVP_PKEY_free);
  if (!read) return NoKey(name, "no public key in PEM");
  PublicKey key;
  if (!ReadRaw(read.get(), key)) return NoKey(name, "not an Ed25519 key");
  return key;
}

std::vector<PublicKey> EmbeddedKeys() { return {}; }

SignatureCheck CheckSignature(std::string_view manifest, std::string_view signature,
                              const std::vector<PublicKey>& keys) {
  if (signature.empty()) return {};
  SignatureCheck check{SignatureState::kBad, {}};
  std::array<std::uint8_t, kSignatureBytes> raw{};
  if (signature.size() != kTextBytes || !signature.starts_with(kAlgorithm) ||
      signature[kAlgorithm.size() + kIdDigits] != ' ' || signature.back() != '\n' ||
      !FromHex(signature.substr(kAlgorithm.size() + kIdDigits + 1), raw)) {
    return check;
  }
  const std::string_view id = signature.substr(kAlgorithm.size(), kIdDigits);
  if (id.find_first_not_of("0123456789abcdef") != std::string_view::npos) return check;
  check.key_id = id;
  check.state = SignatureState::kUnknownKey;
  for (const PublicKey& key : keys) {
    if (key.id != id) continue;
    check.state = SignatureState::kBad;
    if (Verifies(key, raw, AsBytes(manifest))) {
      check.state = SignatureState::kGood;
      break;
    }
  }
  return check;
}

}  // namespace weighbridge
