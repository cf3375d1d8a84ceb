// The search of one text: which names occur, then the places, boundaries and context of
// those that do.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "scanner/services/file_kinds.h"
#include "scanner/services/hit_collector.h"
#include "scanner/services/hosts.h"
#include "scanner/services/service_patterns.h"

namespace weighbridge {

class TextSearch {
 public:
  TextSearch(const ServicePatterns& patterns, ServiceFileKind kind, std::string_view text,
             HitCollector& collector)
      : patterns_(patterns), table_(patterns.table), kind_(kind), text_(text), out_(collector) {}

  void Run();
  void Add(const PackageHit& package);

 private:
  using What = ServicePatterns::What;
  using Entry = ServicePatterns::Entry;

  template <typename F>
  void Each(const Entry& entry, F take) {
    const std::string_view lower = lower_;
    for (std::size_t at = lower.find(entry.fragment); at != std::string_view::npos;
         at = lower.find(entry.fragment, at + entry.fragment.size())) {
      take(at);
    }
  }

  ServiceStrength Weighed(ServiceStrength strength, std::size_t at) const;
  const HostFit& Fit(const std::string& host);
  void TakeHost(const Entry& entry, std::size_t at);
  void TakeVariable(const Entry& entry, std::size_t at);
  void TakeModel(const Entry& entry, std::size_t at);
  void TakeImports(const RE2& pattern, std::string_view ecosystem);
  void TakeOverride(const Entry& entry, std::size_t at, bool client);

  const ServicePatterns& patterns_;
  const ServiceTable& table_;
  ServiceFileKind kind_;
  std::string_view text_;
  std::string lower_;
  std::vector<const Entry*> overrides_;
  std::map<std::string, HostFit> fits_;
  std::unordered_set<std::size_t> seen_hosts_;  // where they begin
  std::unordered_set<std::size_t> seen_models_;
  HitCollector& out_;
};

}  // namespace weighbridge
