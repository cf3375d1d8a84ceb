// The writers that writers.cc lists. Each is a pure function of its arguments.
#pragma once

#include <string>

#include "sbom/writer.h"

namespace weighbridge {

std::string WriteTable(const Report& report, const WriterOptions& options);
std::string WriteNativeJson(const Report& report, const WriterOptions& options);
std::string WriteCycloneDx17(const Report& report, const WriterOptions& options);
std::string WriteCycloneDx16(const Report& report, const WriterOptions& options);
std::string WriteSarif(const Report& report, const WriterOptions& options);

}  // namespace weighbridge
