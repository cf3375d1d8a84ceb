// The container of a database bundle: a POSIX ustar archive (POSIX.1-1988, IEEE 1003.1) of
// plain members, in one form only. Any tar(1) lists and unpacks it; the reader here accepts
// a header only when it is, byte for byte, the one that the writer makes for that name and
// size, so no two readers can see different members and no byte of it is free to change.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "weighbridge/result.h"

namespace weighbridge {

struct TarMember {
  std::string name;
  std::string_view bytes;  // of the archive's own
};

inline constexpr std::size_t kMaxTarMembers = 128;

// The members in the order in which they lie. Views into `archive`.
Result<std::vector<TarMember>> ReadTarContainer(std::string_view archive);
// Names are of 1 to 100 bytes, members shorter than 8 GiB.
std::string WriteTarContainer(const std::vector<TarMember>& members);

}  // namespace weighbridge
