// Arithmetic that refuses to wrap. For every size, offset and product that comes
// from a file.
#pragma once

#include <cstdint>

namespace weighbridge {

// False, with *out untouched in meaning, when the result does not fit 64 bits.
inline bool CheckedAdd(std::uint64_t a, std::uint64_t b, std::uint64_t* out) {
  return !__builtin_add_overflow(a, b, out);
}
inline bool CheckedMul(std::uint64_t a, std::uint64_t b, std::uint64_t* out) {
  return !__builtin_mul_overflow(a, b, out);
}

}  // namespace weighbridge
