#include "scanner/cli/database_cli.h"

#include "scanner/cli/commands.h"
#include "scanner/platform/terminal.h"

namespace weighbridge {

std::string DayOfReport(const ScanOptions& options) {
  return IsoDate(options.report_time != 0 ? options.report_time : ReportTime());
}

Result<Database> DatabaseOf(const CommandLine& line) {
  const ScanOptions& scan = line.scan;
  auto database = FindDatabase({scan.database, scan.database_folder, DayOfReport(scan)});
  if (database.ok() && !line.quiet) {
    for (const std::string& note : database.value().notes) Complain(note);
  }
  return database;
}

Result<std::unique_ptr<Catalog>> CatalogOf(const CommandLine& line) {
  auto database = DatabaseOf(line);
  if (!database.ok()) return std::move(database).error();
  return OpenCatalog(database.value());
}

}  // namespace weighbridge
