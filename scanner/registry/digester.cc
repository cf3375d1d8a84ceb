#include "scanner/registry/digester.h"

#include <openssl/evp.h>

#include "scanner/base/text.h"

namespace weighbridge {

struct Digester::State {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  State() = default;
  ~State() { EVP_MD_CTX_free(context); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;
};

Digester::Digester(std::string_view algorithm)
    : algorithm_(algorithm == "sha512" ? "sha512" : "sha256"), state_(std::make_unique<State>()) {
  EVP_DigestInit_ex(state_->context, algorithm_ == "sha512" ? EVP_sha512() : EVP_sha256(), nullptr);
}

Digester::~Digester() = default;

void Digester::Update(ByteSpan bytes) {
  EVP_DigestUpdate(state_->context, bytes.data(), bytes.size());
}

std::string Digester::Finish() {
  std::uint8_t value[EVP_MAX_MD_SIZE];
  unsigned length = 0;
  EVP_DigestFinal_ex(state_->context, value, &length);
  return algorithm_ + ":" + Hex(value, length);
}

}  // namespace weighbridge
