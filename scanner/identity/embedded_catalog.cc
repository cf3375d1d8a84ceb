// The symbols of embedded_catalog.S as a span.
#include "scanner/identity/embedded_catalog.h"

// catalog_digest.h is written by the builder next to the image:
//   #define WEIGHBRIDGE_CATALOG_DIGEST "<64 hexadecimal digits>"
#include "catalog_digest.h"

extern "C" {
extern const unsigned char weighbridge_catalog_begin[];
extern const unsigned char weighbridge_catalog_end[];
}

namespace weighbridge {

ByteSpan EmbeddedCatalog() { return {weighbridge_catalog_begin, weighbridge_catalog_end}; }

std::string_view EmbeddedCatalogDigest() { return WEIGHBRIDGE_CATALOG_DIGEST; }

}  // namespace weighbridge
