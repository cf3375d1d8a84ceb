// Sections of the text report, in the order in which they are printed.
#pragma once

#include "sbom/document.h"
#include "sbom/text_layout.h"

namespace weighbridge {

void PrintFindings(TextPage& page, const Report& report);
void PrintModels(TextPage& page, const Report& report);

}  // namespace weighbridge
