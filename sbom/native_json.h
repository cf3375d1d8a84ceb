// Parts of the native document. Keys and meanings: schema/weighbridge-report.schema.json.
#pragma once

#include "sbom/document.h"

namespace weighbridge {

OrderedJson NativeModel(const Report& report, const Model& model);
OrderedJson NativeArtifact(const Artifact& artifact);

}  // namespace weighbridge
