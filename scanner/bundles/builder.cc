#include "scanner/bundles/builder.h"

#include <deque>

#include "rules/rule_pack.h"
#include "scanner/base/text.h"
#include "scanner/bundles/bundle.h"
#include "scanner/bundles/data_folder.h"
#include "scanner/bundles/folder_files.h"
#include "scanner/identity/catalog_image.h"
#include "scanner/identity/catalog_schema.h"
#include "scanner/identity/embedded_catalog.h"
#include "scanner/services/service_table.h"
#include "scanner/sqlite/database.h"

namespace weighbridge {
namespace {

constexpr std::size_t kMaxTableBytes = 64 << 20;
constexpr std::size_t kMaxPackBytes = 16 << 20;

// Parts and the bytes that they look into.
class Parts {
 public:
  void Add(std::string name, std::string bytes) {
    bytes_.push_back(std::move(bytes));
    AddView(std::move(name), bytes_.back());
  }
  void AddView(std::string name, std::string_view bytes) {
    members_.push_back({std::move(name), bytes});
  }
  const std::vector<TarMember>& members() const { return members_; }

 private:
  std::deque<std::string> bytes_;
  std::vector<TarMember> members_;
};

Status AddCatalogue(const std::string& folder, Parts& parts) {
  if (folder.empty()) {
    parts.AddView(std::string(kCatalogPart), AsText(EmbeddedCatalog()));
    parts.AddView(std::string(kServicesPart), EmbeddedServiceText());
    return {};
  }
  CatalogTexts texts;
  for (const std::string& name : CatalogFileNames()) {
    auto text = ReadWholeFile(folder + "/" + name, kMaxTableBytes);
    if (!text.ok()) return std::move(text).error();
    texts.emplace_back(name, std::move(text).value());
  }
  CatalogImage image = BuildCatalogImage(texts);
  if (!image.errors.empty()) {
    for (std::string& error : image.errors) error.insert(0, Printable(folder) + "/");
    return Error{ErrorCode::kInvalidArgument, Join(image.errors, "\n")};
  }
  auto services = ReadWholeFile(folder + "/services.tsv", kMaxTableBytes);
  if (!services.ok()) return std::move(services).error();
  parts.Add(std::string(kCatalogPart), std::move(image.bytes));
  parts.Add(std::string(kServicesPart), std::move(services).value());
  return {};
}

Status AddPacks(const std::string& folder, Parts& parts) {
  constexpr std::string_view kEmbeddedPrefix = "rules/";
  if (folder.empty()) {
    for (const EmbeddedPack& pack : EmbeddedPacks()) {
      std::string_view name = pack.name;
      if (name.starts_with(kEmbeddedPrefix)) name.remove_prefix(kEmbeddedPrefix.size());
      parts.AddView(std::string(name), pack.text);
    }
    return {};
  }
  for (const std::string& name : NamesIn(folder, ".json")) {
    const std::string part = std::string(kPackPrefix) + name;
    if (!IsPackPart(part)) {
      return Error{ErrorCode::kInvalidArgument,
                   Printable(folder) + ": " + Quote(name) +
                       " cannot name a pack: a-z, 0-9 and -, 64 at most, then .json"};
    }
    auto text = ReadWholeFile(folder + "/" + name, kMaxPackBytes);
    if (!text.ok()) return std::move(text).error();
    parts.Add(part, std::move(text).value());
  }
  return {};
}

// Version and date of the catalogue among the parts, where the request states none.
Result<BundleManifest> MakeManifest(const BuildRequest& request, const Parts& parts) {
  auto catalog = SqliteDatabase::OpenImage(CatalogSchema(), AsBytes(parts.members().front().bytes),
                                           "embedded catalogue", false);
  if (!catalog.ok()) return std::move(catalog).error();
  BundleManifest manifest;
  manifest.date = catalog.value()->QueryText("SELECT value FROM meta WHERE key = 'date'");
  manifest.version = request.version;
  if (manifest.version.empty())
    manifest.version = catalog.value()->QueryText("SELECT value FROM meta WHERE key = 'version'");
  manifest.previous_version = request.previous_version;
  manifest.expires =
      request.expires.empty() ? DaysAfter(manifest.date, kValidDays) : request.expires;
  if (!IsIsoDate(manifest.expires) || manifest.expires <= manifest.date) {
    return Error{ErrorCode::kInvalidArgument, "--expires " + Quote(manifest.expires) +
                                                  " is not a day after " + manifest.date +
                                                  ", the date of the database"};
  }
  manifest.valid_days = static_cast<std::uint64_t>(DaysBetween(manifest.date, manifest.expires));
  return manifest;
}

}  // namespace

Result<std::string> BuildBundle(const BuildRequest& request) {
  Parts parts;
  Status added = AddCatalogue(request.catalog_dir, parts);
  if (added.ok()) added = AddPacks(request.packs_dir, parts);
  if (!added.ok()) return std::move(added).error();
  if (!request.parties_file.empty()) {
    auto parties = ReadWholeFile(request.parties_file, kMaxBundleBytes);
    if (!parties.ok()) return std::move(parties).error();
    parts.Add(std::string(kPartiesPart), std::move(parties).value());
  }
  auto manifest = MakeManifest(request, parts);
  if (!manifest.ok()) return std::move(manifest).error();
  auto bytes = WriteBundle(std::move(manifest).value(), parts.members());
  if (!bytes.ok()) return bytes;
  auto bundle = ParseBundle(bytes.value());
  if (!bundle.ok()) return std::move(bundle).error();
  const std::vector<std::string> faults = ContentFaults(bundle.value());
  if (!faults.empty()) return Error{ErrorCode::kInvalidArgument, Join(faults, "\n")};
  return bytes;
}

}  // namespace weighbridge
