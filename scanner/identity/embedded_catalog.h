// The catalogue image compiled into the program (see embedded_catalog.S). The bytes
// are read-only and live as long as the program. Thread-safe.
#pragma once

#include <string_view>

#include "weighbridge/bytes.h"

namespace weighbridge {

ByteSpan EmbeddedCatalog();
// SHA-256 of those bytes, computed when they were built; lower-case hexadecimal.
std::string_view EmbeddedCatalogDigest();

}  // namespace weighbridge
