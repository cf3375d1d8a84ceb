// Digests, always lower-case hexadecimal in reports.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <string>

namespace weighbridge {

// A digest that a file, store or pointer states about some file: a claim until
// weighbridge has recomputed it.
struct StatedDigest {
  std::string algorithm;  // "sha256", "git-sha1"
  std::string hex;
  std::string file_name;   // of the file it speaks of; may hold '/' (relative)
  std::uint64_t size = 0;  // bytes; 0 = not stated
  friend bool operator==(const StatedDigest&, const StatedDigest&) = default;
};

// Content digest of one tensor: XXH3-128 of its bytes, with the byte count.
struct TensorDigest {
  std::array<std::uint8_t, 16> value{};
  std::uint64_t bytes = 0;
  friend auto operator<=>(const TensorDigest&, const TensorDigest&) = default;
  friend bool operator==(const TensorDigest&, const TensorDigest&) = default;
};

}  // namespace weighbridge
