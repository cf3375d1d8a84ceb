#include "scanner/services/service_patterns.h"

#include <algorithm>
#include <map>

#include "scanner/base/text.h"
#include "scanner/services/hosts.h"

namespace weighbridge {
namespace {

constexpr std::int64_t kSetMemory = 32 << 20;

std::string Alternatives(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : "|") + RE2::QuoteMeta(word);
  return out;
}

RE2::Options SetOptions() {
  RE2::Options options(RE2::Latin1);  // bytes: invalid UTF-8 is text like any other
  options.set_case_sensitive(false);
  options.set_max_mem(kSetMemory);
  options.set_log_errors(false);
  return options;
}

}  // namespace

ServicePatterns::ServicePatterns(const ServiceTable& services)
    : table(services),
      models(services),
      packages(services),
      python_import("(?m)^[ \\t]*(?:from|import)[ \\t]+(" + Alternatives(packages.PythonModules()) +
                    ")(?:[ \\t.,]|\\r?$)"),
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

void ServicePatterns::Add(Entry entry, const std::string& pattern) {
  if (set.Add(pattern, nullptr) >= 0) entries.push_back(std::move(entry));
}

std::vector<int> ServicePatterns::Occurring(std::string_view text) const {
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

}  // namespace weighbridge
