// Findings in a CycloneDX document: annotations on the components, and the rules as
// requirements of definitions.standards.
#pragma once

#include "sbom/cyclonedx_component.h"
#include "sbom/document.h"
#include "sbom/json_text.h"

namespace weighbridge {

// The bom-ref of the whole scan (metadata.component).
inline constexpr const char* kScanRef = "scan";

// Takes the refs of all rules; call it before Annotations.
OrderedJson Standards(const std::vector<WriterRule>& rules, RefBook& refs,
                      std::map<std::string, std::string>& rule_refs);
// Pushes one annotation per finding onto the open array.
void Annotations(const Report& report, RefBook& refs,
                 const std::map<std::string, std::string>& rule_refs, JsonText& out);

}  // namespace weighbridge
