// From what a device says of itself to the products of the catalogue.
#pragma once

#include "scanner/identity/catalog.h"
#include "weighbridge/device.h"

namespace weighbridge {

// Sets Device::products and match_basis. The PCI ids decide where there are any; products
// that share them are told apart by the subsystem, then by the name that the source gives,
// then by the size of the memory. A name that contradicts the ids is a diagnostic.
void MatchDevice(const Catalog& catalog, Device& device);

}  // namespace weighbridge
