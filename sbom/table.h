// Sections of the text report, in the order in which they are printed.
#pragma once

#include "sbom/document.h"
#include "sbom/text_layout.h"

namespace weighbridge {

// Lists longer than these end in "and N more": all of it is in the JSON report, and in
// the table with --verbose.
struct TableLimits {
  std::size_t entries = 50;   // of a section
  std::size_t subjects = 20;  // of one finding
  bool group = true;          // files that were not inspected, by format and reason
};

void PrintFindings(TextPage& page, const Report& report, const TableLimits& limits);
void PrintModels(TextPage& page, const Report& report);
// Nothing when the scan looked at none.
void PrintAccelerators(TextPage& page, const Report& report, const TableLimits& limits);
// Nothing when none was found.
void PrintServices(TextPage& page, const Report& report, const TableLimits& limits);
// What files say of the accelerators that they are for; nothing when none does.
void PrintTargets(TextPage& page, const Report& report, const TableLimits& limits);
void PrintNotInspected(TextPage& page, const Report& report, const TableLimits& limits);
// "and 7 more, with --verbose or in the json report"; nothing when all were printed.
void PrintMore(TextPage& page, std::size_t indent, std::size_t count, std::size_t printed);

}  // namespace weighbridge
