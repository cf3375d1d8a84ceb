// CycloneDX services (1.6 and 1.7, $.services): one per use of a hosted service.
#pragma once

#include <vector>

#include "sbom/cyclonedx_component.h"
#include "sbom/json_text.h"
#include "weighbridge/service.h"

namespace weighbridge {

// bom-ref `service:ROOT#NAME@ENDPOINT`; the provider's country and all that CycloneDX has
// no field for are properties.
OrderedJson CycloneDxService(const ServiceUse& use, RefBook& refs);

// An element of the open array for each use.
void CycloneDxServices(const std::vector<ServiceUse>& uses, RefBook& refs, JsonText& out);

}  // namespace weighbridge
