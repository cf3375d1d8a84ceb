// From a device and the products that it may be to what the rules ask.
#pragma once

#include <string>

#include "rules/facts.h"
#include "scanner/identity/catalog.h"
#include "weighbridge/device.h"

namespace weighbridge {

// `device.products` are ids of catalogue rows; each is classified as of the day.
AcceleratorFacts MakeAcceleratorFacts(const Device& device, const Catalog& catalog,
                                      const std::string& as_of);

// Country Groups from the catalogue, which must outlive the look-up.
GroupLookup CountryGroupsOf(const Catalog& catalog);

}  // namespace weighbridge
