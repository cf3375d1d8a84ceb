// The options of screen and db import-list.
#include "rules/parties/screen.h"
#include "scanner/cli/options.h"

namespace weighbridge {
namespace {

void DefineScreen(CLI::App& app, CommandLine& line) {
  CLI::App* screen = app.add_subcommand(
      "screen",
      "Look names up in lists of restricted parties: exact hits, and candidates to review");
  screen->add_option("names", line.screen_names, "Names of parties, each in one argument")
      ->type_name("NAME");
  screen
      ->add_option("--list", line.party_lists,
                   "A published list to look in (Consolidated Screening List, OFAC, BIS, UN, UK, "
                   "EU, or a CSV of one's own), told by its content; repeatable")
      ->type_name("FILE")
      ->allow_extra_args(false);
  screen
      ->add_option("--db-parties", line.party_database,
                   "Lists imported by db import-list (default, with no --list either: the "
                   "parties of the catalogue)")
      ->type_name("FILE");
  screen->add_option("--db", line.scan.database, "Catalogue to look in instead of the embedded one")
      ->type_name("FILE");
  screen
      ->add_option("--country", line.screen_country,
                   "Country of the parties asked for (ISO 3166 alpha-2); candidates say whether "
                   "it agrees")
      ->type_name("CC");
  screen
      ->add_option("--type", line.screen_type,
                   "What the parties asked for are: entity, individual, vessel or aircraft")
      ->type_name("TYPE")
      ->check(CLI::IsMember({"entity", "individual", "vessel", "aircraft"}));
  screen
      ->add_option("--threshold", line.screen_threshold,
                   "Least score of a candidate, 0.5 to 1 (default: 0.80, see tests/bench)")
      ->type_name("SCORE")
      ->check(CLI::Range(0.5, 1.0).description(""));
  screen
      ->add_option("--from-file", line.screen_from,
                   "Read further names from a file, one a line; - is standard input")
      ->type_name("FILE");
  screen->add_option("-o,--output", line.output_texts, "table or json")
      ->type_name("FORMAT")
      ->allow_extra_args(false)
      ->check(CLI::IsMember({"table", "json"}));
}

}  // namespace

void DefineScreening(CLI::App& app, CommandLine& line) {
  DefineScreen(app, line);
  CLI::App* db = nullptr;
  for (CLI::App* each : app.get_subcommands([](CLI::App*) { return true; })) {
    if (each->get_name() == "db") db = each;
  }
  if (db == nullptr) {
    db = app.add_subcommand("db", "Make databases from what others publish");
    db->require_subcommand(1);
  }
  CLI::App* import = db->add_subcommand(
      "import-list", "Check published party lists and write them to one file for --db-parties");
  import
      ->add_option("files", line.party_lists, "Lists; an OFAC ALT.CSV or ADD.CSV with its SDN.CSV")
      ->required()
      ->type_name("FILE");
  import->add_option("-o,--output", line.party_database, "File to write")
      ->required()
      ->type_name("FILE");
}

}  // namespace weighbridge
