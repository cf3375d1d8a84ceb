// Byte views. A view owns nothing and must not outlive the bytes it looks at.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace weighbridge {

using ByteSpan = std::span<const std::uint8_t>;
using MutableByteSpan = std::span<std::uint8_t>;

inline ByteSpan AsBytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
inline std::string_view AsText(ByteSpan bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace weighbridge
