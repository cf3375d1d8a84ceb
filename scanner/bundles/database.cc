#include "scanner/bundles/database.h"

#include <fstream>

#include "rules/rule_pack.h"
#include "scanner/base/text.h"
#include "scanner/bundles/data_folder.h"
#include "scanner/services/service_table.h"

namespace weighbridge {
namespace {

Database Embedded() {
  Database database;
  for (const EmbeddedPack& pack : EmbeddedPacks()) database.packs.push_back({pack.name, pack.text});
  database.services = EmbeddedServiceText();
  return database;
}

// `bundle` was read from `bytes`.
Database OfBundle(DatabaseOrigin origin, std::string place,
                  std::shared_ptr<const std::string> bytes, Bundle bundle) {
  Database database;
  database.origin = origin;
  database.place = std::move(place);
  database.bytes = std::move(bytes);
  database.bundle = std::move(bundle);
  for (const TarMember& part : database.bundle.parts) {
    if (IsPackPart(part.name)) database.packs.push_back({part.name, part.bytes});
  }
  database.services = database.bundle.Part(kServicesPart);
  database.parties = database.bundle.Part(kPartiesPart);
  return database;
}

void JudgeExpiry(const std::string& today, Database& database) {
  const BundleManifest& manifest = database.bundle.manifest;
  database.expired = manifest.expires < today;
  if (!database.expired) return;
  database.notes.push_back("database " + manifest.version + " expired on " + manifest.expires +
                           "; it is used, and may no longer say what the law is");
}

struct EmbeddedVersion {
  std::string version, date;
};

// Asked only when something is installed.
EmbeddedVersion VersionOfEmbedded() {
  auto catalog = Catalog::Open("");
  if (!catalog.ok()) return {};
  const DatabaseInfo info = catalog.value()->Info();
  return {info.version, info.date};
}

// The installed bundle of a folder; kNotFound when none is.
Result<Database> OpenInstalled(const std::string& folder) {
  auto state = ReadInstalled(folder);
  if (!state.ok()) return std::move(state).error();
  const std::optional<InstalledBundle>& current = state.value().current;
  if (!current) return Error{ErrorCode::kNotFound, folder};
  auto bytes = ReadInstalledBundle(folder, *current);
  if (!bytes.ok()) {
    return Error{ErrorCode::kIo, bytes.error().message};  // it should be there
  }
  auto bundle = ParseBundle(*bytes.value(), Digests::kAllButParties);
  if (!bundle.ok()) return std::move(bundle).error();
  if (bundle.value().Digest() != current->digest) {
    return Error{ErrorCode::kMalformed, "manifest: not the one that was installed (SHA-256)"};
  }
  if (!current->forced) {
    const EmbeddedVersion own = VersionOfEmbedded();
    if (const std::string fault = RollbackFault(bundle.value(), own.version, own.date, "");
        !fault.empty()) {
      return Error{ErrorCode::kUnsupported, fault + ", which the program carries"};
    }
  }
  Database database =
      OfBundle(DatabaseOrigin::kInstalled, folder, bytes.value(), std::move(bundle).value());
  database.key_id = current->key_id;
  // A schema or a predicate that this program does not read.
  if (auto catalog = OpenCatalog(database); !catalog.ok()) return std::move(catalog).error();
  if (auto rules = LoadPacks(database); !rules.ok()) return std::move(rules).error();
  return database;
}

// An update that ends between our two reads removes the file that we were to read.
Result<Database> OpenInstalledTwice(const std::string& folder) {
  auto database = OpenInstalled(folder);
  if (!database.ok() && database.error().code == ErrorCode::kIo) return OpenInstalled(folder);
  return database;
}

bool LooksLikeBundle(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string head(13, '\0');
  file.read(head.data(), static_cast<std::streamsize>(head.size()));
  return file && head == "manifest.json";
}

Result<Database> OpenNamed(const std::string& path) {
  if (!LooksLikeBundle(path)) {
    Database database = Embedded();
    database.origin = DatabaseOrigin::kCatalogueFile;
    database.place = path;
    return database;
  }
  auto read = ReadWholeFile(path, kMaxBundleBytes);
  if (!read.ok()) return std::move(read).error();
  auto bytes = std::make_shared<const std::string>(std::move(read).value());
  auto bundle = ParseBundle(*bytes);
  std::vector<std::string> faults;
  if (bundle.ok()) {
    faults = ContentFaults(bundle.value());
  } else {
    faults = Split(bundle.error().message, '\n');
  }
  for (std::string& fault : faults) fault.insert(0, Printable(path) + ": ");
  if (!faults.empty()) return Error{ErrorCode::kInvalidArgument, Join(faults, "\n")};
  return OfBundle(DatabaseOrigin::kBundleFile, path, std::move(bytes), std::move(bundle).value());
}

}  // namespace

Result<Database> FindDatabase(const DatabaseRequest& request) {
  if (request.database == "embedded") return Embedded();
  if (!request.database.empty()) {
    auto named = OpenNamed(request.database);
    if (named.ok() && named.value().FromBundle()) JudgeExpiry(request.today, named.value());
    return named;
  }
  std::vector<std::string> notes;
  for (const std::string& folder : DataFolders(request.data_dir)) {
    auto installed = OpenInstalledTwice(folder);
    if (installed.ok()) {
      Database database = std::move(installed).value();
      database.notes = std::move(notes);
      JudgeExpiry(request.today, database);
      return database;
    }
    if (installed.error().code == ErrorCode::kNotFound) continue;
    for (const std::string& line : Split(installed.error().message, '\n')) {
      notes.push_back("the database in " + Printable(folder) + " is not used: " + line);
    }
  }
  Database database = Embedded();
  database.notes = std::move(notes);
  return database;
}

Result<std::unique_ptr<Catalog>> OpenCatalog(const Database& database) {
  if (!database.FromBundle()) {
    return Catalog::Open(database.origin == DatabaseOrigin::kCatalogueFile ? database.place : "");
  }
  DatabaseInfo info;
  info.version = database.bundle.manifest.version;
  info.date = database.bundle.manifest.date;
  info.digest = database.bundle.Digest();
  info.stale = database.expired;
  return Catalog::OpenImage(database.bytes, database.bundle.Part(kCatalogPart), std::move(info));
}

Result<std::unique_ptr<RuleSet>> LoadPacks(const Database& database) {
  std::unique_ptr<RuleSet> rules = RuleSet::Empty();
  for (const DatabasePack& pack : database.packs) {
    Status added = rules->AddPack(pack.text, pack.name);
    if (!added.ok()) return std::move(added).error();
  }
  return rules;
}

}  // namespace weighbridge
