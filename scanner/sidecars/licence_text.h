// Licence texts, recognised by what they say and not by what they are called.
#pragma once

#include "scanner/sidecars/reading.h"

namespace weighbridge {

// For a file named as licences are (LICENSE*, COPYING*, NOTICE*, USE_POLICY*, ...):
// true for any text, with licence:id "unknown" when no marker row is met (a NOTICE
// without one is no licence). Claims "licence:id", "licence:name", "licence:marker"
// per licence met, and "licence:territory_excluded" per territory.
bool ReadNamedLicence(const SideCarInput& input, Artifact& artifact);

// For a text under any other name: only when the first 4 KiB hold the marker of a
// model licence and the text reads like an agreement.
bool ReadUnnamedLicence(const SideCarInput& input, Artifact& artifact);

// By name alone; `file_name` in any case.
bool IsLicenceName(std::string_view file_name);

}  // namespace weighbridge
