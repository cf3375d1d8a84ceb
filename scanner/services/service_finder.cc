#include "scanner/services/service_finder.h"

#include <algorithm>

#include "scanner/base/text.h"
#include "scanner/services/file_kinds.h"
#include "scanner/services/hosts.h"
#include "scanner/services/service_patterns.h"
#include "scanner/services/settings.h"
#include "scanner/services/text_search.h"

namespace weighbridge {
namespace {

using Technique = ServiceTechnique;
using Strength = ServiceStrength;

constexpr std::size_t kHeadBytes = 4096;

bool IsBinary(std::string_view text) {
  return text.substr(0, kHeadBytes).find('\0') != std::string_view::npos;
}

}  // namespace

ServiceFinder::ServiceFinder(const ServiceTable& table)
    : patterns_(std::make_unique<const ServicePatterns>(table)) {}

ServiceFinder::~ServiceFinder() = default;

const ServiceFinder& ServiceFinder::Instance() {
  static const ServiceFinder finder(EmbeddedServiceTable());
  return finder;
}

const ServiceTable& ServiceFinder::table() const { return patterns_->table; }

ServiceReading ServiceFinder::FindInText(std::string_view text, const std::string& path,
                                         const Location& location,
                                         std::vector<ServiceHit>& hits) const {
  ServiceReading reading;
  const ServiceFileKind kind = ClassifyServiceFile(path);
  if (kind == ServiceFileKind::kNone) return reading;
  reading.read = true;
  reading.binary = IsBinary(text);
  if (reading.binary) return reading;
  reading.truncated = text.size() > kMaxServiceTextBytes;
  text = text.substr(0, kMaxServiceTextBytes);
  HitCollector collector(text, location);
  TextSearch search(*patterns_, kind, text, collector);
  for (const PackageHit& package : patterns_->packages.Find(kind, path, text)) search.Add(package);
  if (!IsPackageList(kind)) search.Run();
  reading.dropped = collector.Finish(hits);
  return reading;
}

Result<ServiceReading> ServiceFinder::FindInSource(const ByteSource& source,
                                                   const std::string& path,
                                                   const Location& location,
                                                   std::vector<ServiceHit>& hits) const {
  if (ClassifyServiceFile(path) == ServiceFileKind::kNone) return ServiceReading{};
  std::string text(std::min<std::uint64_t>(source.size(), kHeadBytes), '\0');
  std::size_t have = 0;
  const std::uint64_t wanted = std::min<std::uint64_t>(source.size(), kMaxServiceTextBytes + 1);
  while (have < text.size()) {
    auto* bytes = reinterpret_cast<std::uint8_t*>(text.data()) + have;
    auto read = source.ReadAt(have, MutableByteSpan(bytes, text.size() - have));
    if (!read.ok()) return std::move(read).error();
    if (read.value() == 0) break;
    have += read.value();
    if (have == text.size() && have < wanted) {
      if (IsBinary(text)) break;
      text.resize(wanted);
    }
  }
  text.resize(have);
  return FindInText(text, path, location, hits);
}

void ServiceFinder::FindInVariable(const std::string& name, const Location& location,
                                   std::vector<ServiceHit>& hits) const {
  const ServiceTable& all = table();
  std::vector<std::size_t> items;
  for (std::size_t i = 0; i < all.items.size(); ++i) {
    const ServiceItem& item = all.items[i];
    if (item.kind == ServiceItemKind::kVariable && item.text == name) items.push_back(i);
  }
  if (items.empty()) return;
  ServiceHit hit;
  hit.location = location;
  hit.services = RowsOf(all, items);
  hit.technique = Technique::kVariable;
  hit.matched = name;
  hit.unverified = AnyUnverified(all, items);
  hit.strength = StrengthOf(all, items);
  hits.push_back(std::move(hit));
}

void ServiceFinder::FindInSetting(const std::string& name, const std::string& host,
                                  const Location& location, std::vector<ServiceHit>& hits) const {
  ServiceHit hit;
  hit.location = location;
  hit.endpoint = ToLower(host);
  const HostFit fit = FitHost(table(), hit.endpoint);
  if (fit.rows.empty() && !IsClientSetting(ToLower(name))) return;
  hit.services = fit.rows;
  hit.technique = Technique::kBaseUrl;
  hit.setting = name;
  hit.matched = name + " -> " + hit.endpoint;
  hit.unverified = fit.unverified;
  hit.strength = fit.shared ? Strength::kWeak : Strength::kStrong;
  hits.push_back(std::move(hit));
}

void ServiceFinder::FindInRemote(const std::string& model, const std::string& host,
                                 const Location& location, std::vector<ServiceHit>& hits) const {
  ServiceHit hit;
  hit.location = location;
  hit.technique = Technique::kRemoteModel;
  hit.endpoint = ToLower(host.substr(0, host.find(':')));
  hit.matched = model + " at " + hit.endpoint;
  hit.strength = Strength::kStrong;
  hit.services = FitHost(table(), hit.endpoint).rows;
  const std::size_t ollama = table().RowOf("Ollama Cloud");
  const bool own = hit.endpoint == "ollama.com" || hit.endpoint.ends_with(".ollama.com");
  if (hit.services.empty() && own && ollama < table().rows.size()) hit.services = {ollama};
  hit.model.id = model;
  hit.named_as_model = true;
  const ModelMeaning meaning = patterns_->models.Read(model);
  if (meaning.publisher_row) {
    hit.model.publisher = table().rows[*meaning.publisher_row].publisher;
    hit.model.country = table().rows[*meaning.publisher_row].country;
  }
  hits.push_back(std::move(hit));
}

}  // namespace weighbridge
