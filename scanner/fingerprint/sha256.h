// Sha256: an incremental SHA-256 of text, for the digests that are computed over
// lists (tensor layout, tensor set). Backed by OpenSSL. Not thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

struct evp_md_ctx_st;

namespace weighbridge {

class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;

  void Add(std::string_view text);
  void AddUint(std::uint64_t value);  // eight bytes, little-endian
  // Lower-case hexadecimal; "" when OpenSSL refused. Call once.
  std::string Finish();

 private:
  evp_md_ctx_st* context_;
  bool ok_ = false;
};

}  // namespace weighbridge
