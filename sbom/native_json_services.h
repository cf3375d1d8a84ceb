// Hosted services in the report's own JSON (sbom/schema/weighbridge-report.schema.json).
#pragma once

#include "sbom/document.h"
#include "weighbridge/service.h"

namespace weighbridge {

OrderedJson NativeService(const ServiceUse& use);

}  // namespace weighbridge
