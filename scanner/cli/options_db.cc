// The options of db: building, signing, checking and installing database bundles.
#include "scanner/cli/options.h"

namespace weighbridge {
namespace {

CLI::App* DatabaseCommand(CLI::App& app) {
  for (CLI::App* each : app.get_subcommands([](CLI::App*) { return true; })) {
    if (each->get_name() == "db") return each;
  }
  CLI::App* db = app.add_subcommand("db", "Build, sign, check and install databases");
  db->require_subcommand(1);
  return db;
}

void AddFolder(CLI::App& command, CommandLine& line) {
  command
      .add_option("--data-dir", line.scan.database_folder,
                  "Folder of installed databases (default: $XDG_DATA_HOME/weighbridge, for root "
                  "/var/lib/weighbridge)")
      ->type_name("DIR");
}

void AddKey(CLI::App& command, CommandLine& line) {
  command
      .add_option("--key", line.db.key,
                  "Public key (PEM) that must have signed it (default: the keys in the folder of "
                  "databases, keys/*.pem; none comes with this version)")
      ->type_name("FILE");
}

void DefineBuild(CLI::App& db, CommandLine& line) {
  DatabaseLine& own = line.db;
  CLI::App* build = db.add_subcommand(
      "build", "Write catalogue, rule packs and services to one file, the same for the same input");
  build->add_option("-o,--output", own.output, "File to write")->required()->type_name("FILE");
  build
      ->add_option("--catalog", own.catalog_dir,
                   "Tables to build the catalogue from, as rules/catalog (default: the embedded "
                   "catalogue)")
      ->type_name("DIR");
  build
      ->add_option("--packs", own.packs_dir,
                   "Rule packs, as rules/packs (default: the embedded packs)")
      ->type_name("DIR");
  build->add_option("--parties", own.parties, "Lists that db import-list wrote")->type_name("FILE");
  build
      ->add_option("--expires", own.expires,
                   "Last day of use (default: 180 days after the catalogue's date)")
      ->type_name("YYYY-MM-DD");
  build
      ->add_option("--version", own.version, "Version, numbers and dots (default: the catalogue's)")
      ->type_name("V");
  build->add_option("--previous", own.previous, "Version that this one follows")->type_name("V");
}

void DefineKeys(CLI::App& db, CommandLine& line) {
  CLI::App* sign = db.add_subcommand("sign", "Sign a bundle with an Ed25519 key");
  sign->add_option("file", line.db.file, "Bundle")->required()->type_name("FILE");
  sign->add_option("--key", line.db.key, "Private key (PEM)")->required()->type_name("PRIVATE");
  sign->add_option("-o,--output", line.db.output, "File to write (default: the bundle itself)")
      ->type_name("OUT");
  CLI::App* keygen =
      db.add_subcommand("keygen", "Make a key: NAME.pem, for its owner alone, and NAME.pub.pem");
  keygen->add_option("-o,--output", line.db.output, "Name; nothing is ever overwritten")
      ->required()
      ->type_name("NAME");
}

}  // namespace

void DefineDatabases(CLI::App& app, CommandLine& line) {
  CLI::App& db = *DatabaseCommand(app);
  DefineBuild(db, line);
  CLI::App* info =
      db.add_subcommand("info", "Say what a bundle is, or the database that is in use");
  info->add_option("file", line.db.file, "Bundle (default: what is in use)")->type_name("FILE");
  info->add_option("-o,--output", line.output_texts, "table or json")
      ->type_name("FORMAT")
      ->allow_extra_args(false)
      ->check(CLI::IsMember({"table", "json"}));
  AddFolder(*info, line);
  CLI::App* verify = db.add_subcommand(
      "verify", "Check a bundle: digests, signature, content, expiry; exit 1 when one fails");
  verify->add_option("file", line.db.file, "Bundle")->required()->type_name("FILE");
  AddKey(*verify, line);
  AddFolder(*verify, line);
  DefineKeys(db, line);
  CLI::App* update =
      db.add_subcommand("update", "Install a signed bundle; exit 1 when it is refused");
  update
      ->add_option("--from", line.db.from,
                   "Bundle, folder of bundles (*.wbdb, the newest is taken) or https:// address; "
                   "nothing is fetched unless an address is given")
      ->required()
      ->type_name("SOURCE");
  AddKey(*update, line);
  update->add_flag("--force", line.db.force,
                   "Install it although it is older than what is in use, or has expired; never "
                   "in spite of a wrong digest, signature or key");
  update->add_flag("--insecure", line.scan.insecure, "Plain HTTP, from loopback addresses only");
  AddFolder(*update, line);
  CLI::App* rollback = db.add_subcommand("rollback", "Use the database before the last update");
  AddFolder(*rollback, line);
}

}  // namespace weighbridge
