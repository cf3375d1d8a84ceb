// The database that a command uses: the installed bundle when there is a sound one, else
// the embedded one, which is always there; or what --db names. Catalogue, packs and
// services of a bundle are used together or not at all.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "rules/rule_set.h"
#include "scanner/bundles/bundle.h"
#include "scanner/identity/catalog.h"

namespace weighbridge {

struct DatabaseRequest {
  std::string database;  // "" = installed or embedded, "embedded", a bundle or a catalogue
  std::string data_dir;  // "" = the usual folders
  std::string today;     // ISO; expiry is judged on this day
};

enum class DatabaseOrigin { kEmbedded, kInstalled, kBundleFile, kCatalogueFile };

struct DatabasePack {
  std::string name;
  std::string_view text;
};

struct Database {
  DatabaseOrigin origin = DatabaseOrigin::kEmbedded;
  std::string place;                         // folder or file, "" for the embedded one
  std::shared_ptr<const std::string> bytes;  // of the bundle, which the views look into
  Bundle bundle;                             // empty but for a bundle
  std::vector<DatabasePack> packs;
  std::string_view services;  // services.tsv
  std::string_view parties;   // an SQLite image of imported lists, "" for none
  std::string key_id;         // that it was installed with
  bool expired = false;
  // Why an installed bundle is not used, or is past its day. For people.
  std::vector<std::string> notes;

  bool FromBundle() const { return bytes != nullptr; }
};

// Fails for a --db that cannot be used; what is wrong with an installed one is a note.
Result<Database> FindDatabase(const DatabaseRequest& request);
Result<std::unique_ptr<Catalog>> OpenCatalog(const Database& database);
Result<std::unique_ptr<RuleSet>> LoadPacks(const Database& database);

}  // namespace weighbridge
