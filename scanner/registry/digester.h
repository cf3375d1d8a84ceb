// Digester: SHA-256 or SHA-512 of bytes as they pass, named as OCI names digests.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "weighbridge/bytes.h"

namespace weighbridge {

class Digester {
 public:
  explicit Digester(std::string_view algorithm);  // "sha256" or "sha512"
  ~Digester();
  Digester(const Digester&) = delete;
  Digester& operator=(const Digester&) = delete;
  void Update(ByteSpan bytes);
  std::string Finish();  // "sha256:<hex>", once

 private:
  struct State;
  std::string algorithm_;
  std::unique_ptr<State> state_;
};

}  // namespace weighbridge
