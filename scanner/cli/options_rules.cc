// The options of rules: test, lint, explain, diff.
#include "scanner/cli/options.h"

namespace weighbridge {
namespace {

void AddPacks(CLI::App& command, CommandLine& line) {
  command
      .add_option("packs", line.rules.packs,
                  "Rule packs: files, folders of *.json, or built-in, which is meant where none is "
                  "named")
      ->type_name("PACK");
}

void AddDay(CLI::App& command, CommandLine& line, const char* description) {
  command.add_option("--as-of", line.scan.as_of, description)->type_name("YYYY-MM-DD");
}

}  // namespace

void DefineRules(CLI::App& app, CommandLine& line) {
  CLI::App* rules = app.add_subcommand("rules", "Test, check, explain and compare rule packs");
  rules->require_subcommand(1);

  CLI::App* test = rules->add_subcommand(
      "test",
      "Run the example subjects of rules: exit 1 when one gets another answer than its "
      "pack says");
  AddPacks(*test, line);
  AddDay(*test, line, "The day of examples that name none (default: today)");

  CLI::App* lint = rules->add_subcommand(
      "lint",
      "Check packs: dates, overlaps, conditions that never hold, expired reviews, dead "
      "references; exit 1 on errors");
  AddPacks(*lint, line);
  AddDay(*lint, line, "Judge dates and reviews on this day (default: today)");

  CLI::App* explain =
      rules->add_subcommand("explain", "Say in plain words what a rule says, and its history");
  explain->add_option("id", line.rules.id, "Id of the rule; see list rules")
      ->required()
      ->type_name("ID");
  AddDay(*explain, line, "Say how the rule stands on this day (default: today)");
  explain
      ->add_option("--rules", line.scan.rule_packs,
                   "Add a rule pack of one's own to the built-in ones (JSON); repeatable")
      ->type_name("FILE")
      ->allow_extra_args(false);

  CLI::App* diff = rules->add_subcommand(
      "diff", "Compare two sets of rule packs, and what findings of a stored report would change");
  diff->add_option("packs", line.rules.packs,
                   "Two sets: each a file, a folder of *.json, or built-in")
      ->expected(2)
      ->required()
      ->type_name("A B");
  diff->add_option("--report", line.rules.report,
                   "A stored report (-o json): say which of its findings change")
      ->type_name("FILE");
  diff->add_option("--policy", line.scan.policy_file,
                   "The policy that the report was made with: without it the context is unknown")
      ->type_name("FILE");
  AddDay(*diff, line, "Judge the report under the law of this day (default: the report's own)");
  diff->add_option("--db", line.scan.database,
                   "Use this catalogue (an SQLite image) instead of the embedded one")
      ->type_name("FILE");
}

}  // namespace weighbridge
