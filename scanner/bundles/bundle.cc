#include "scanner/bundles/bundle.h"

#include <algorithm>

#include "rules/rule_set.h"
#include "scanner/base/text.h"
#include "scanner/identity/catalog_schema.h"
#include "scanner/services/service_table.h"
#include "scanner/sqlite/database.h"

namespace weighbridge {
namespace {

constexpr std::string_view kManifestMember = "manifest.json";
constexpr std::string_view kSignatureMember = "manifest.sig";

void AddLine(std::string& lines, const std::string& line) {
  lines += (lines.empty() ? "" : "\n") + line;
}

// Members against the manifest's parts.
std::string PartFaults(const Bundle& bundle, Digests digests) {
  const std::vector<ManifestPart>& stated = bundle.manifest.parts;
  std::string faults;
  if (bundle.parts.size() != stated.size()) {
    AddLine(faults, "bundle: " + std::to_string(bundle.parts.size()) +
                        " parts, the manifest states " + std::to_string(stated.size()));
  }
  for (std::size_t i = 0; i < std::min(stated.size(), bundle.parts.size()); ++i) {
    const TarMember& part = bundle.parts[i];
    if (part.name != stated[i].name) {
      AddLine(faults, "bundle: " + Quote(part.name) + " lies where the manifest states " +
                          Quote(stated[i].name));
    } else if (part.bytes.size() != stated[i].size) {
      AddLine(faults, part.name + ": " + std::to_string(part.bytes.size()) +
                          " bytes, the manifest states " + std::to_string(stated[i].size));
    } else if ((digests == Digests::kAll || part.name != kPartiesPart) &&
               Sha256OfBytes(part.bytes) != stated[i].sha256) {
      AddLine(faults, part.name + ": the bytes are not those that the manifest states (SHA-256)");
    }
  }
  return faults;
}

int Order(const TarMember& part) {
  if (part.name == kCatalogPart) return 0;
  if (part.name == kServicesPart) return 2;
  return part.name == kPartiesPart ? 3 : 1;
}

}  // namespace

std::string_view Bundle::Part(std::string_view name) const {
  for (const TarMember& part : parts) {
    if (part.name == name) return part.bytes;
  }
  return {};
}

Result<Bundle> ParseBundle(std::string_view bytes, Digests digests) {
  if (bytes.size() > kMaxBundleBytes) {
    return Error{ErrorCode::kLimitExceeded,
                 "bundle: larger than " + std::to_string(kMaxBundleBytes) + " bytes"};
  }
  auto members = ReadTarContainer(bytes);
  if (!members.ok()) return std::move(members).error();
  std::vector<TarMember>& all = members.value();
  if (all.empty() || all.front().name != kManifestMember) {
    return Error{ErrorCode::kMalformed, "bundle: the first member is not manifest.json"};
  }
  auto manifest = ParseManifest(all.front().bytes);
  if (!manifest.ok()) return std::move(manifest).error();
  Bundle bundle;
  bundle.manifest = std::move(manifest).value();
  bundle.manifest_text = all.front().bytes;
  std::size_t first = 1;
  if (all.size() > 1 && all[1].name == kSignatureMember) {
    bundle.signature = all[1].bytes;
    if (bundle.signature.empty())
      return Error{ErrorCode::kMalformed, "bundle: manifest.sig is empty"};
    first = 2;
  }
  bundle.parts.assign(std::make_move_iterator(all.begin() + static_cast<std::ptrdiff_t>(first)),
                      std::make_move_iterator(all.end()));
  if (std::string faults = PartFaults(bundle, digests); !faults.empty())
    return Error{ErrorCode::kMalformed, std::move(faults)};
  return bundle;
}

Result<std::string> WriteBundle(BundleManifest manifest, std::vector<TarMember> parts) {
  std::sort(parts.begin(), parts.end(), [](const TarMember& a, const TarMember& b) {
    return Order(a) != Order(b) ? Order(a) < Order(b) : a.name < b.name;
  });
  manifest.parts.clear();
  for (const TarMember& part : parts)
    manifest.parts.push_back({part.name, part.bytes.size(), Sha256OfBytes(part.bytes)});
  const std::string text = WriteManifest(manifest);
  parts.insert(parts.begin(), {std::string(kManifestMember), text});
  std::string bytes = WriteTarContainer(parts);
  // What cannot be read back is not written.
  auto read = ParseBundle(bytes);
  if (!read.ok()) return std::move(read).error();
  return bytes;
}

std::string WithSignature(const Bundle& bundle, const std::string& signature) {
  std::vector<TarMember> members{{std::string(kManifestMember), bundle.manifest_text},
                                 {std::string(kSignatureMember), signature}};
  members.insert(members.end(), bundle.parts.begin(), bundle.parts.end());
  return WriteTarContainer(members);
}

std::vector<std::string> ContentFaults(const Bundle& bundle) {
  std::vector<std::string> faults;
  auto catalog = SqliteDatabase::OpenImage(CatalogSchema(), AsBytes(bundle.Part(kCatalogPart)),
                                           std::string(kCatalogPart), true);
  if (!catalog.ok()) faults.push_back(catalog.error().message);
  const std::unique_ptr<RuleSet> rules = RuleSet::Empty();
  for (const TarMember& part : bundle.parts) {
    if (!IsPackPart(part.name)) continue;
    const Status added = rules->AddPack(part.bytes, part.name);
    if (added.ok()) continue;
    for (std::string& line : Split(added.error().message, '\n')) faults.push_back(std::move(line));
  }
  std::vector<std::string> of_services;
  const ServiceTable services = ParseServiceTable(bundle.Part(kServicesPart), of_services);
  if (of_services.empty() && services.rows.empty()) of_services.push_back("services.tsv: no row");
  faults.insert(faults.end(), of_services.begin(), of_services.end());
  const std::string_view parties = bundle.Part(kPartiesPart);
  constexpr std::string_view kMagic("SQLite format 3\0", 16);
  const bool has_parties = !bundle.parts.empty() && bundle.parts.back().name == kPartiesPart;
  if (has_parties && !parties.starts_with(kMagic))
    faults.push_back("parties.sqlite: not an SQLite database");
  return faults;
}

std::string RollbackFault(const Bundle& bundle, const std::string& version, const std::string& date,
                          const std::string& digest) {
  const BundleManifest& manifest = bundle.manifest;
  const int order = CompareVersions(manifest.version, version);
  const std::string both = manifest.version + " of " + manifest.date;
  if (order < 0 || manifest.date < date) return both + " is older than " + version + " of " + date;
  if (order == 0 && !digest.empty() && digest != bundle.Digest())
    return both + " is the version in use, with other content";
  return {};
}

}  // namespace weighbridge
