// policy init, policy check, version: the commands of a few lines.
#include <fstream>
#include <iterator>

#include "rules/policy.h"
#include "rules/rule_set.h"
#include "scanner/base/json.h"
#include "scanner/base/text.h"
#include "scanner/cli/commands.h"
#include "scanner/cli/database_cli.h"
#include "scanner/cli/output.h"
#include "scanner/cli/rule_texts.h"
#include "scanner/identity/catalog.h"
#include "weighbridge/version.h"

namespace weighbridge {
namespace {

int Print(const std::string& text) {
  Status wrote = WriteDocument("", text);
  if (!wrote.ok()) Complain(wrote.error().message);
  return wrote.ok() ? kExitClean : kExitError;
}

}  // namespace

int RunPolicyInit() { return Print(ExamplePolicy()); }

int RunPolicyCheck(const CommandLine& line) {
  if (line.rules.report.empty() && !line.scan.as_of.empty()) {
    Complain("--as-of is for --report: a policy is the same on every day");
    return kExitError;
  }
  std::ifstream file(line.policy_file, std::ios::binary);
  if (!file) {
    Complain(Printable(line.policy_file) + ": cannot be read");
    return kExitError;
  }
  const std::string text((std::istreambuf_iterator<char>(file)), {});
  auto policy = ParsePolicy(text, line.policy_file);
  if (!policy.ok()) {
    Complain(policy.error().message);
    return kExitError;
  }
  auto rules = LoadRules(line);
  if (!rules.ok()) {
    Complain(rules.error().message);
    return kExitError;
  }
  Status packs = CheckPacks(policy.value(), *rules.value());
  if (!packs.ok()) {
    Complain(Printable(line.policy_file) + ": " + packs.error().message);
    return kExitError;
  }
  if (!line.rules.report.empty()) return JudgeReport(line, policy.value(), *rules.value());
  return Print(Printable(line.policy_file) + ": ok\n");
}

int RunVersion(const CommandLine& line) {
  auto catalog = CatalogOf(line);
  if (!catalog.ok()) {
    Complain(catalog.error().message);
    return kExitError;
  }
  const DatabaseInfo info = catalog.value()->Info();
  auto rules = RuleSet::Builtin();
  auto today = DayAsked(line);
  if (!rules.ok() || !today.ok()) {
    Complain(rules.ok() ? today.error().message : rules.error().message);
    return kExitError;
  }
  const Horizon horizon = rules.value()->HorizonOn(today.value());
  if (!line.output_texts.empty() && line.output_texts.back() == "json") {
    nlohmann::ordered_json out{
        {"weighbridge", kVersion},
        {"database", {{"version", info.version}, {"date", info.date}, {"sha256", info.digest}}},
        {"rules",
         {{"count", horizon.rules},
          {"oldest_source", horizon.oldest_source},
          {"newest_source", horizon.newest_source},
          {"past_review", horizon.past_review},
          {"without_source_date", horizon.without_source},
          {"as_of", today.value()}}}};
    return Print(out.dump(2) + "\n");
  }
  return Print("weighbridge " + std::string(kVersion) + "\ndatabase " + info.version + " (" +
               info.date + ")\nsha256 " + info.digest + "\nrules " + std::to_string(horizon.rules) +
               ": " + HorizonWords(horizon, today.value()) + "\n");
}

}  // namespace weighbridge
