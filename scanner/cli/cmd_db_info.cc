// db info: what a bundle is, or the database that is in use.
#include "scanner/base/json.h"
#include "scanner/base/text.h"
#include "scanner/cli/bundle_trust.h"
#include "scanner/cli/commands.h"
#include "scanner/cli/database_cli.h"
#include "scanner/cli/output.h"
#include "scanner/services/service_table.h"

namespace weighbridge {
namespace {

using OrderedJson = nlohmann::ordered_json;

const char* OriginName(DatabaseOrigin origin) {
  switch (origin) {
    case DatabaseOrigin::kEmbedded: return "embedded";
    case DatabaseOrigin::kInstalled: return "installed";
    case DatabaseOrigin::kBundleFile: return "bundle";
    case DatabaseOrigin::kCatalogueFile: break;
  }
  return "catalogue";
}

struct Described {
  DatabaseInfo info;
  SignatureCheck signature;
  std::vector<std::pair<const char*, std::size_t>> counts;
};

Result<Described> Describe(const CommandLine& line, const Database& database) {
  auto catalog = OpenCatalog(database);
  if (!catalog.ok()) return std::move(catalog).error();
  auto rules = LoadPacks(database);
  if (!rules.ok()) return std::move(rules).error();
  auto keys = TrustedKeys(line);
  if (!keys.ok()) return std::move(keys).error();
  Described out;
  out.info = catalog.value()->Info();
  out.signature =
      CheckSignature(database.bundle.manifest_text, database.bundle.signature, keys.value());
  std::vector<std::string> ignored;
  const Catalog& own = *catalog.value();
  out.counts = {{"publishers", own.AllPublishers().size()},
                {"models", own.AllModels().size()},
                {"accelerators", own.AllAccelerators().size()},
                {"licences", own.Licences().size()},
                {"packs", database.packs.size()},
                {"rules", rules.value()->List().size()},
                {"services", ParseServiceTable(database.services, ignored).rows.size()}};
  return out;
}

std::string SignatureOf(const Database& database, const Described& described) {
  if (!database.FromBundle()) return "none: it is part of the program";
  std::string words = SignatureWords(described.signature);
  if (database.origin == DatabaseOrigin::kInstalled &&
      described.signature.state == SignatureState::kUnknownKey) {
    words = "signed by key " + described.signature.key_id + ", checked when it was installed";
  }
  return words;
}

std::string AsText(const Database& database, const Described& described) {
  const BundleManifest& manifest = database.bundle.manifest;
  const auto field = [](std::string name, const std::string& value) {
    name.resize(12, ' ');
    return value.empty() ? std::string() : name + value + "\n";
  };
  std::string text = field("database", described.info.version + " of " + described.info.date);
  text += field("from", std::string(OriginName(database.origin)) +
                            (database.place.empty() ? "" : ": " + Printable(database.place)));
  text += field("expires", manifest.expires + (database.expired ? " (expired)" : ""));
  text += field("previous", manifest.previous_version);
  text += field("digest", described.info.digest);
  text += field("signature", SignatureOf(database, described));
  std::vector<std::string> counts;
  for (const auto& [name, count] : described.counts)
    counts.push_back(std::to_string(count) + " " + name);
  text += field("holds", Join(counts, ", "));
  for (const ManifestPart& part : manifest.parts) {
    std::string name = part.name, size = std::to_string(part.size);
    name.resize(std::max<std::size_t>(name.size(), 28), ' ');
    text += "  " + name + std::string(size.size() < 10 ? 10 - size.size() : 0, ' ') + size + "  " +
            part.sha256 + "\n";
  }
  return text;
}

std::string AsJson(const Database& database, const Described& described) {
  const BundleManifest& manifest = database.bundle.manifest;
  OrderedJson out{{"version", described.info.version},
                  {"date", described.info.date},
                  {"origin", OriginName(database.origin)},
                  {"place", database.place},
                  {"expires", manifest.expires},
                  {"expired", database.expired},
                  {"previous_version", manifest.previous_version},
                  {"sha256", described.info.digest},
                  {"signature", SignatureOf(database, described)},
                  {"key_id", described.signature.key_id}};
  for (const auto& [name, count] : described.counts) out["counts"][name] = count;
  out["parts"] = OrderedJson::array();
  for (const ManifestPart& part : manifest.parts)
    out["parts"].push_back({{"name", part.name}, {"size", part.size}, {"sha256", part.sha256}});
  out["notes"] = database.notes;
  return out.dump(2, ' ', false, OrderedJson::error_handler_t::replace) + "\n";
}

}  // namespace

int RunDatabaseInfo(const CommandLine& line) {
  CommandLine asked = line;
  asked.scan.database = line.db.file;
  auto database = DatabaseOf(asked);
  if (!database.ok()) {
    for (const auto& message : Split(database.error().message, '\n')) Complain(message);
    return kExitError;
  }
  auto described = Describe(line, database.value());
  if (!described.ok()) {
    Complain(described.error().message);
    return kExitError;
  }
  const bool json = !line.output_texts.empty() && line.output_texts.back() == "json";
  Status wrote = WriteDocument("", json ? AsJson(database.value(), described.value())
                                        : AsText(database.value(), described.value()));
  if (!wrote.ok()) Complain(wrote.error().message);
  return wrote.ok() ? kExitClean : kExitError;
}

}  // namespace weighbridge
