#include "scanner/pipeline/setup.h"

#include <fstream>
#include <iterator>

#include "scanner/base/text.h"
#include "scanner/bundles/database.h"
#include "scanner/platform/terminal.h"
#include "weighbridge/version.h"

namespace weighbridge {
namespace {

constexpr std::uint64_t kStaleAfterDays = 90;

Result<std::string> ReadTextFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return Error{ErrorCode::kNotFound, Printable(path) + ": cannot be read"};
  std::string text((std::istreambuf_iterator<char>(file)), {});
  if (file.bad()) return Error{ErrorCode::kIo, Printable(path) + ": cannot be read"};
  return text;
}

std::vector<std::string> ContextLines(const Context& context) {
  std::vector<std::string> lines;
  if (context.country) lines.push_back("country=" + *context.country);
  if (context.sector) lines.push_back("sector=" + *context.sector);
  if (context.activity) lines.push_back("activity=" + Join(*context.activity, ","));
  if (context.destinations) lines.push_back("destinations=" + Join(*context.destinations, ","));
  return lines;
}

}  // namespace

Result<Setup> Prepare(const ScanOptions& options) {
  if (!options.as_of.empty() && !IsIsoDate(options.as_of)) {
    return Error{ErrorCode::kInvalidArgument,
                 "--as-of " + Quote(options.as_of) + " is not a date (YYYY-MM-DD)"};
  }
  Setup setup;
  const std::int64_t time = options.report_time != 0 ? options.report_time : ReportTime();
  auto database = FindDatabase({options.database, options.database_folder, IsoDate(time)});
  if (!database.ok()) return std::move(database).error();
  setup.notes = database.value().notes;
  auto catalog = OpenCatalog(database.value());
  if (!catalog.ok()) return std::move(catalog).error();
  setup.catalog = std::move(catalog).value();
  for (const std::string& path : options.database_overlays) {
    auto text = ReadTextFile(path);
    if (!text.ok()) return std::move(text).error();
    Status added = setup.catalog->AddOverlay(text.value(), path);
    if (!added.ok()) return std::move(added).error();
  }
  auto rules = LoadPacks(database.value());
  if (!rules.ok()) return std::move(rules).error();
  setup.rules = std::move(rules).value();
  for (const std::string& path : options.rule_packs) {
    auto text = ReadTextFile(path);
    if (!text.ok()) return std::move(text).error();
    Status added = setup.rules->AddPack(text.value(), path);
    if (!added.ok()) return std::move(added).error();
  }
  if (!options.policy_file.empty()) {
    auto text = ReadTextFile(options.policy_file);
    if (!text.ok()) return std::move(text).error();
    auto policy = ParsePolicy(text.value(), options.policy_file);
    if (!policy.ok()) return std::move(policy).error();
    setup.policy = std::move(policy).value();
    Status packs = CheckPacks(setup.policy, *setup.rules);
    if (!packs.ok()) {
      return Error{packs.error().code,
                   Printable(options.policy_file) + ": " + packs.error().message};
    }
  }
  if (!options.fail_on.empty()) {
    const auto outcome = ParseOutcome(options.fail_on);
    if (!outcome) {
      return Error{ErrorCode::kInvalidArgument, "--fail-on " + Quote(options.fail_on) +
                                                    " is not an outcome (none, notice, review, "
                                                    "restricted, licence-required, prohibited)"};
    }
    setup.policy.fail_on = *outcome;
  }
  setup.policy.fail_on_undecided |= options.fail_on_undecided;
  return setup;
}

void Describe(const ScanOptions& options, const Setup& setup, Report& report) {
  const std::int64_t time = options.report_time != 0 ? options.report_time : ReportTime();
  report.tool_version = kVersion;
  report.timestamp = IsoTime(time);
  report.as_of = options.as_of.empty() ? IsoDate(time) : options.as_of;
  report.targets = options.targets;
  report.hash_mode = options.hash == HashMode::kFull ? "full" : "none";
  report.policy_name = setup.policy.name;
  report.gate = OutcomeName(setup.policy.fail_on);
  report.context_lines = ContextLines(setup.policy.context);
  report.database = setup.catalog->Info();
  const std::int64_t age = DaysBetween(report.database.date, IsoDate(time));
  report.database.age_days = age > 0 ? static_cast<std::uint64_t>(age) : 0;
  // Stale from the start: a bundle past its day.
  report.database.stale |= report.database.age_days > kStaleAfterDays;
  for (const std::string& note : setup.notes) {
    report.diagnostics.push_back(
        {Severity::kWarning, ErrorCode::kInvalidArgument, {kDatabasePlace, {}}, note});
  }
}

}  // namespace weighbridge
