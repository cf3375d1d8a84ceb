// The table of report writers.
#include "sbom/documents.h"
#include "sbom/writer.h"

namespace weighbridge {

const std::vector<Writer>& Writers() {
  static const std::vector<Writer> kWriters = {
      {"table", "text for people: findings, models, what was not inspected", WriteTable},
      {"json", "everything, in weighbridge's own schema", WriteNativeJson},
      {"cyclonedx-json", "CycloneDX 1.7 bill of materials", WriteCycloneDx17},
      {"cyclonedx-json@1.6", "CycloneDX 1.6 bill of materials", WriteCycloneDx16},
      {"sarif", "SARIF 2.1.0 results", WriteSarif},
  };
  return kWriters;
}

const Writer* FindWriter(std::string_view id) {
  for (const Writer& writer : Writers()) {
    if (id == writer.id) return &writer;
  }
  return nullptr;
}

}  // namespace weighbridge
