#include "scanner/services/service_finder.h"

#include <algorithm>
#include <array>
#include <map>
#include <unordered_set>

#include <re2/re2.h>
#include <re2/set.h>

#include "scanner/base/text.h"
#include "scanner/services/file_kinds.h"
#include "scanner/services/hosts.h"
#include "scanner/services/model_ids.h"
#include "scanner/services/packages.h"
#include "scanner/services/text_context.h"

namespace weighbridge {

namespace {

using Technique = ServiceTechnique;
using Strength = ServiceStrength;

constexpr std::size_t kHeadBytes = 4096;
// Distinct things kept of one file for one service and technique.
constexpr std::size_t kMaxKeptPerService = 16;
constexpr std::int64_t kSetMemory = 32 << 20;

// Settings that point a client at a host, in lower case, as code and environments write them.
constexpr auto kOverrides =
    std::to_array<std::string_view>({"base_url", "baseurl", "base-url", "api_base", "apibase",
                                     "api-base", "api_host", "apihost", "endpoint"});

std::string Alternatives(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : "|") + RE2::QuoteMeta(word);
  return out;
}

}  // namespace

// What is looked for, in the order of the set's patterns.
struct ServiceFinder::Patterns {
  enum class What {
    kHost,
    kVariable,
    kModelPrefix,
    kPythonImport,
    kNpmImport,
    kGoImport,
    kOverride
  };
  struct Entry {
    What what;
    std::string fragment;            // lower case, by which places are found
    std::vector<std::size_t> items;  // of the table
  };

  explicit Patterns(const ServiceTable& services)
      : table(services),
        models(services),
        packages(services),
        python_import("(?m)^[ \\t]*(?:from|import)[ \\t]+(" +
                      Alternatives(packages.PythonModules()) + ")(?:[ \\t.,]|\\r?$)"),
        npm_import("(?:from|require\\(|import\\(?)[ \\t]*[\"'](" +
                   Alternatives(packages.NpmPackages()) + ")[\"']"),
        go_import("\"(" + Alternatives(packages.GoModules()) + ")[\"/]"),
        set(SetOptions(), RE2::UNANCHORED) {
    std::map<std::pair<int, std::string>, std::vector<std::size_t>> fragments;
    for (std::size_t i = 0; i < table.items.size(); ++i) {
      const ServiceItem& item = table.items[i];
      if (item.kind == ServiceItemKind::kPackage) continue;
      const What what = item.kind == ServiceItemKind::kHost       ? What::kHost
                        : item.kind == ServiceItemKind::kVariable ? What::kVariable
                                                                  : What::kModelPrefix;
      const std::string fragment =
          what == What::kHost ? std::string(HostFragment(item.text)) : ToLower(item.text);
      fragments[{static_cast<int>(what), fragment}].push_back(i);
    }
    for (const auto& [key, items] : fragments) {
      Add({static_cast<What>(key.first), key.second, items}, RE2::QuoteMeta(key.second));
    }
    for (const std::string_view word : {"base_url", "baseurl", "api_base"}) {
      Add({What::kOverride, std::string(word), {}}, RE2::QuoteMeta(std::string(word)));
    }
    Add({What::kPythonImport, {}, {}}, python_import.pattern());
    Add({What::kNpmImport, {}, {}}, npm_import.pattern());
    Add({What::kGoImport, {}, {}}, go_import.pattern());
    usable = set.Compile();
  }

  static RE2::Options SetOptions() {
    RE2::Options options(RE2::Latin1);  // bytes: invalid UTF-8 is text like any other
    options.set_case_sensitive(false);
    options.set_max_mem(kSetMemory);
    options.set_log_errors(false);
    return options;
  }

  void Add(Entry entry, const std::string& pattern) {
    if (set.Add(pattern, nullptr) >= 0) entries.push_back(std::move(entry));
  }

  // The entries that may occur; all of them when the set gives up (out of memory).
  std::vector<int> Occurring(std::string_view text) const {
    std::vector<int> found;
    RE2::Set::ErrorInfo error{RE2::Set::kNoError};
    if (usable && (set.Match(re2::StringPiece(text.data(), text.size()), &found, &error) ||
                   error.kind == RE2::Set::kNoError)) {
      std::sort(found.begin(), found.end());
      return found;
    }
    found.clear();
    for (std::size_t i = 0; i < entries.size(); ++i) found.push_back(static_cast<int>(i));
    return found;
  }

  const ServiceTable& table;
  ModelIds models;
  Packages packages;
  RE2 python_import;
  RE2 npm_import;
  RE2 go_import;
  RE2::Set set;
  std::vector<Entry> entries;
  bool usable = false;
};

namespace {

// The longest pattern of the table that the host fits; its rows, and whether the entry
// is shared or unverified.
struct HostFit {
  std::vector<std::size_t> rows;
  bool shared = false;
  bool unverified = false;
};

HostFit FitHost(const ServiceTable& table, std::string_view host) {
  HostFit fit;
  std::size_t best = 0;
  for (const ServiceItem& item : table.items) {
    if (item.kind != ServiceItemKind::kHost || item.text.size() < best) continue;
    if (!HostMatches(item.text, host)) continue;
    if (item.text.size() > best) fit = {};
    best = item.text.size();
    fit.rows.push_back(item.row);
    fit.shared |= item.shared;
    fit.unverified |= item.unverified;
  }
  return fit;
}

// In lower case: a variable by which a vendor's client is pointed elsewhere.
bool IsClientSetting(std::string_view name) {
  if (!name.starts_with("openai_") && !name.starts_with("anthropic_")) return false;
  return std::any_of(kOverrides.begin(), kOverrides.end(), [&](std::string_view word) {
    return name.find(word) != std::string_view::npos;
  });
}

// "OPENAI_BASE_URL" before the host on its line, or on the line before (Kubernetes writes
// name: and value: in two); "" when no such setting stands there.
std::string SettingBefore(std::string_view text, std::string_view lower, std::size_t at) {
  constexpr std::size_t kReach = 160;
  const std::size_t from = at > kReach ? at - kReach : 0;
  std::string_view part = lower.substr(from, at - from);
  std::size_t newlines = 0;
  std::size_t start = part.size();
  while (start > 0 && (part[start - 1] != '\n' || newlines++ == 0)) --start;
  part.remove_prefix(start);
  std::size_t best = std::string_view::npos;
  for (const std::string_view word : kOverrides) {
    const std::size_t found = part.rfind(word);
    if (found != std::string_view::npos && (best == std::string_view::npos || found > best)) {
      best = found;
    }
  }
  if (best == std::string_view::npos) return {};
  std::size_t begin = from + start + best;
  std::size_t end = begin;
  const auto is_name = [](char c) { return IsWordByte(c) || c == '-'; };
  while (begin > 0 && is_name(text[begin - 1]) && end - begin < 64) --begin;
  while (end < text.size() && is_name(text[end]) && end - begin < 64) ++end;
  return std::string(text.substr(begin, end - begin));
}

// The host of a URL that follows a setting's name closely; "" when none does.
std::string HostAfter(std::string_view lower, std::size_t end) {
  constexpr std::size_t kReach = 48;
  const std::string_view near = lower.substr(end, kReach);
  const std::size_t scheme = near.find("http");
  if (scheme == std::string_view::npos) return {};
  for (const char c : near.substr(0, scheme)) {
    if (std::string_view(" \t\r\n\"'`:=,(-|value").find(c) == std::string_view::npos) return {};
  }
  std::size_t at = end + scheme + 4;
  if (at < lower.size() && lower[at] == 's') ++at;
  if (lower.substr(at, 3) != "://") return {};
  at += 3;
  std::string_view rest = lower.substr(at, 384);
  const std::size_t stop = std::min(rest.find_first_of("/\"'` \t\r\n,)?#"), rest.size());
  rest = rest.substr(0, stop);
  const std::size_t user = rest.rfind('@');  // what stands before it is a credential
  if (user != std::string_view::npos) rest.remove_prefix(user + 1);
  rest = rest.substr(0, rest.find(':'));
  if (rest.empty() || rest.size() > 253) return {};
  for (const char c : rest) {
    if (!IsWordByte(c) && c != '.' && c != '-') return {};
  }
  return std::string(rest);
}

// Keeps one hit for each thing, and for each service and technique no more than some.
class Collector {
 public:
  Collector(std::string_view text, const Location& location) : text_(text), location_(location) {}

  void Add(ServiceHit hit, std::size_t at) {
    const Key key{hit.technique, hit.services, hit.matched};
    const auto found = kept_.find(key);
    if (found != kept_.end()) {
      ++found->second.hit.repeats;
      // The strongest place stands for all; a comment above the code must not hide it.
      if (hit.strength > found->second.hit.strength) {
        found->second.hit.strength = hit.strength;
        found->second.at = at;
      }
      found->second.hit.named_as_model |= hit.named_as_model;
      return;
    }
    const auto room =
        std::make_pair(hit.technique, hit.services.empty() ? std::string(hit.model.publisher)
                                                           : std::to_string(hit.services.front()));
    if (++counts_[room] > kMaxKeptPerService) {
      ++dropped_;
      return;
    }
    kept_.emplace(key, Kept{std::move(hit), at});
  }

  bool empty() const { return kept_.empty(); }

  // True when a client or an SDK was seen, mentions left out.
  bool HasClient() const {
    return std::any_of(kept_.begin(), kept_.end(), [](const auto& entry) {
      const Technique technique = entry.second.hit.technique;
      return entry.second.hit.strength > Strength::kMention &&
             (technique == Technique::kPackage || technique == Technique::kVariable);
    });
  }

  std::uint64_t Finish(std::vector<ServiceHit>& hits) {
    std::vector<Kept*> ordered;
    for (auto& [key, kept] : kept_) ordered.push_back(&kept);
    std::stable_sort(ordered.begin(), ordered.end(),
                     [](const Kept* a, const Kept* b) { return a->at < b->at; });
    LineCounter lines(text_);
    for (Kept* kept : ordered) {
      kept->hit.location = location_;
      kept->hit.line = lines.LineOf(kept->at);
      hits.push_back(std::move(kept->hit));
    }
    return dropped_;
  }

 private:
  using Key = std::tuple<Technique, std::vector<std::size_t>, std::string>;
  struct Kept {
    ServiceHit hit;
    std::size_t at;
  };
  std::string_view text_;
  const Location& location_;
  std::map<Key, Kept> kept_;
  std::map<std::pair<Technique, std::string>, std::size_t> counts_;
  std::uint64_t dropped_ = 0;
};

std::vector<std::size_t> RowsOf(const ServiceTable& table, const std::vector<std::size_t>& items) {
  std::vector<std::size_t> rows;
  for (const std::size_t item : items) rows.push_back(table.items[item].row);
  std::sort(rows.begin(), rows.end());
  rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
  return rows;
}

// Of a variable or a package: of this service only, or of any compatible client.
Strength StrengthOf(const ServiceTable& table, const std::vector<std::size_t>& items) {
  for (const std::size_t item : items) {
    if (table.items[item].shared) return Strength::kWeak;
    if (table.rows[table.items[item].row].role == ServiceRole::kClient) return Strength::kWeak;
  }
  return Strength::kMedium;
}

bool AnyUnverified(const ServiceTable& table, const std::vector<std::size_t>& items) {
  return std::any_of(items.begin(), items.end(),
                     [&](std::size_t item) { return table.items[item].unverified; });
}

std::string WithoutPath(const std::string& host) { return host.substr(0, host.find('/')); }

}  // namespace

namespace {

// One text's search.
template <typename Patterns>
class TextSearch {
  using What = typename Patterns::What;
  using Entry = typename Patterns::Entry;

 public:
  TextSearch(const Patterns& patterns, ServiceFileKind kind, std::string_view text,
             Collector& collector)
      : patterns_(patterns), table_(patterns.table), kind_(kind), text_(text), out_(collector) {}

  void Run() {
    const std::vector<int> found = patterns_.Occurring(text_);
    if (found.empty()) return;
    lower_ = ToLower(text_);
    for (const int index : found) {
      const Entry& entry = patterns_.entries[static_cast<std::size_t>(index)];
      switch (entry.what) {
        case What::kHost: Each(entry, [&](std::size_t at) { TakeHost(entry, at); }); break;
        case What::kVariable: Each(entry, [&](std::size_t at) { TakeVariable(entry, at); }); break;
        case What::kModelPrefix: Each(entry, [&](std::size_t at) { TakeModel(entry, at); }); break;
        case What::kPythonImport: TakeImports(patterns_.python_import, "pypi"); break;
        case What::kNpmImport: TakeImports(patterns_.npm_import, "npm"); break;
        case What::kGoImport: TakeImports(patterns_.go_import, "go"); break;
        case What::kOverride: overrides_.push_back(&entry); break;
      }
    }
    // Last: whether a plain base_url is that of a client depends on what else is here.
    const bool client = out_.HasClient();
    for (const Entry* entry : overrides_) {
      Each(*entry, [&](std::size_t at) { TakeOverride(*entry, at, client); });
    }
  }

 private:
  template <typename F>
  void Each(const Entry& entry, F take) {
    const std::string_view lower = lower_;
    for (std::size_t at = lower.find(entry.fragment); at != std::string_view::npos;
         at = lower.find(entry.fragment, at + entry.fragment.size())) {
      take(at);
    }
  }

  Strength Weighed(Strength strength, std::size_t at) const {
    if (kind_ == ServiceFileKind::kDocumentation) return Strength::kMention;
    return InComment(LineBefore(text_, at)) ? Strength::kMention : strength;
  }

  void TakeHost(const Entry& entry, std::size_t at) {
    const HostToken token = HostAt(lower_, at, entry.fragment.size());
    if (token.host.empty()) return;
    if (kind_ == ServiceFileKind::kSource && !token.quoted_or_url) return;
    if (seen_hosts_.contains(token.begin)) return;  // by another name of the table
    const bool fits = std::any_of(entry.items.begin(), entry.items.end(), [&](std::size_t item) {
      return HostMatches(table_.items[item].text, token.host);
    });
    if (!fits) return;
    seen_hosts_.insert(token.begin);
    const HostFit& fit = Fit(token.host);
    ServiceHit hit;
    hit.services = fit.rows;
    hit.endpoint = WithoutPath(token.host);
    hit.unverified = fit.unverified;
    hit.setting = SettingBefore(text_, lower_, token.begin);
    hit.technique = hit.setting.empty() ? Technique::kEndpoint : Technique::kBaseUrl;
    hit.matched = (hit.setting.empty() ? "" : hit.setting + " -> ") + hit.endpoint;
    hit.strength = Weighed(fit.shared ? Strength::kWeak : Strength::kStrong, token.begin);
    out_.Add(std::move(hit), token.begin);
  }

  const HostFit& Fit(const std::string& host) {
    constexpr std::size_t kMaxFits = 256;
    if (fits_.size() >= kMaxFits && !fits_.contains(host)) fits_.clear();
    const auto found = fits_.find(host);
    return found != fits_.end() ? found->second
                                : fits_.emplace(host, FitHost(table_, host)).first->second;
  }

  void TakeVariable(const Entry& entry, std::size_t at) {
    const std::string& name = table_.items[entry.items.front()].text;
    if (text_.substr(at, name.size()) != name) return;  // names of variables have a case
    if (!WordStartsAt(text_, at) || !WordEndsAt(text_, at + name.size())) return;
    ServiceHit hit;
    hit.services = RowsOf(table_, entry.items);
    hit.technique = Technique::kVariable;
    hit.matched = name;
    hit.unverified = AnyUnverified(table_, entry.items);
    hit.strength = Weighed(StrengthOf(table_, entry.items), at);
    out_.Add(std::move(hit), at);
  }

  void TakeModel(const Entry& entry, std::size_t at) {
    if (kind_ == ServiceFileKind::kDocumentation) return;
    const bool unquoted = kind_ == ServiceFileKind::kConfig;
    const ModelToken token = ModelTokenAt(text_, at, entry.fragment.size(), unquoted);
    if (token.id.empty() || !seen_models_.insert(token.begin).second) return;
    const ModelMeaning meaning = patterns_.models.Read(token.id);
    if (!meaning.publisher_row && !meaning.gateway_row) return;
    ServiceHit hit;
    hit.technique = Technique::kModelId;
    hit.matched = token.id;
    hit.model.id = token.id;
    if (meaning.publisher_row) {
      hit.model.publisher = table_.rows[*meaning.publisher_row].publisher;
      hit.model.country = table_.rows[*meaning.publisher_row].country;
    }
    if (meaning.gateway_row) hit.services = {*meaning.gateway_row};
    hit.named_as_model = token.named_as_model;
    hit.strength = Weighed(meaning.gateway_row ? Strength::kMedium : Strength::kWeak, token.begin);
    out_.Add(std::move(hit), token.begin);
  }

  void TakeImports(const RE2& pattern, std::string_view ecosystem) {
    if (kind_ != ServiceFileKind::kSource) return;
    re2::StringPiece rest(text_.data(), text_.size());
    re2::StringPiece name;
    while (RE2::FindAndConsume(&rest, pattern, &name)) {
      const auto at = static_cast<std::size_t>(name.data() - text_.data());
      Add(patterns_.packages.Look(ecosystem, text_.substr(at, name.size()), at));
    }
  }

  void TakeOverride(const Entry& entry, std::size_t at, bool client) {
    std::size_t begin = at;
    std::size_t end = at + entry.fragment.size();
    while (begin > 0 && IsWordByte(text_[begin - 1]) && at - begin < 64) --begin;
    while (end < text_.size() && IsWordByte(text_[end]) && end - at < 64) ++end;
    const std::string_view name = std::string_view(lower_).substr(begin, end - begin);
    if (!IsClientSetting(name) && (!client || begin != at)) return;
    const std::string host = HostAfter(lower_, end);
    if (host.empty() || !Fit(host).rows.empty()) return;
    ServiceHit hit;
    hit.technique = Technique::kBaseUrl;
    hit.endpoint = host;
    hit.setting = std::string(text_.substr(begin, end - begin));
    hit.matched = hit.setting + " -> " + host;
    hit.strength = Weighed(Strength::kStrong, begin);
    out_.Add(std::move(hit), begin);
  }

 public:
  void Add(const PackageHit& package) {
    if (package.items == nullptr) return;
    ServiceHit hit;
    hit.services = RowsOf(table_, *package.items);
    hit.technique = Technique::kPackage;
    hit.matched = table_.items[package.items->front()].text;
    hit.unverified = AnyUnverified(table_, *package.items);
    hit.strength = Weighed(StrengthOf(table_, *package.items), package.at);
    out_.Add(std::move(hit), package.at);
  }

 private:
  const Patterns& patterns_;
  const ServiceTable& table_;
  ServiceFileKind kind_;
  std::string_view text_;
  std::string lower_;
  std::vector<const Entry*> overrides_;
  std::map<std::string, HostFit> fits_;
  std::unordered_set<std::size_t> seen_hosts_;  // where they begin
  std::unordered_set<std::size_t> seen_models_;
  Collector& out_;
};

bool IsBinary(std::string_view text) {
  return text.substr(0, kHeadBytes).find('\0') != std::string_view::npos;
}

}  // namespace

ServiceFinder::ServiceFinder(const ServiceTable& table)
    : patterns_(std::make_unique<const Patterns>(table)) {}

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
  Collector collector(text, location);
  TextSearch<Patterns> search(*patterns_, kind, text, collector);
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
