// The database that a command line asks for, and what there is to say about it.
#pragma once

#include "scanner/bundles/database.h"
#include "scanner/cli/options.h"

namespace weighbridge {

// Notes on it go to standard error, unless --quiet.
Result<Database> DatabaseOf(const CommandLine& line);
Result<std::unique_ptr<Catalog>> CatalogOf(const CommandLine& line);
// The day on which expiry is judged: of the report.
std::string DayOfReport(const ScanOptions& options);

}  // namespace weighbridge
