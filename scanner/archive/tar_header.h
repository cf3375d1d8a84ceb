// The one thing that libarchive does not tell about a tar: where a member's bytes
// lie. POSIX.1-2001 pax and GNU tar:
//
//   0 name[100]  124 size[12] octal or base-256  148 checksum[8]  156 type
//
// One or more headers of type x, g, L, K, V come before the member's own.
#pragma once

#include <cstdint>
#include <optional>

#include "scanner/source/byte_source.h"
#include "weighbridge/bytes.h"

namespace weighbridge {

// A header block whose checksum fits; also of the old dialect without "ustar".
bool IsTarHeader(ByteSpan block);
// The member whose first header lies at `header`: offset of its data.
std::optional<std::uint64_t> FindTarData(const ByteSource& source, std::uint64_t header);

}  // namespace weighbridge
