// Namespaces and re-packagers. The list of re-packagers is that of
// rules/catalog publishers whose alias says so, with the best known by name, because
// the kind "community" holds developers too (BigScience, RWKV, Dolphin).
#include "scanner/identity/publishers.h"

#include <algorithm>
#include <array>
#include <map>

#include "scanner/base/text.h"

namespace weighbridge {
namespace {

constexpr std::array<std::string_view, 40> kRepackagers = {
    "thebloke",           "bartowski",      "unsloth",     "mradermacher", "nicoboss",
    "lmstudio-community", "mlx-community",  "ggml-org",    "quantfactory", "second-state",
    "maziyarpanahi",      "hugging-quants", "neuralmagic", "redhatai",     "nm-testing",
    "modelcloud",         "casperhansen",   "solidrust",   "lonestriker",  "turboderp",
    "ista-daslab",        "mobiuslabsgmbh", "techxgenus",  "quanttrio",    "cpatonn",
    "study-hjt",          "legraphista",    "mungert",     "devquasar",    "richarderkhov",
    "tensorblock",        "city96",         "comfy-org",   "quantstack",   "onnx-community",
    "openvino",           "library",        "ollama",      "mudler",       "junhowie"};

// Namespaces under which others, or another hub, carry a publisher's models: ModelScope
// ids (rules/catalog/hub_aliases.tsv) and re-uploads from before the publisher had one.
constexpr std::array<std::string_view, 23> kMirrors = {"01ai",
                                                       "chinesealpacagroup",
                                                       "colossalai",
                                                       "fengshenbang",
                                                       "gongjy",
                                                       "huggyllama",
                                                       "infiniai",
                                                       "llava-community",
                                                       "llm-research",
                                                       "minimax",
                                                       "nv-community",
                                                       "openai-mirror",
                                                       "openmoss",
                                                       "pai",
                                                       "shanghai_ai_laboratory",
                                                       "sustc",
                                                       "swift",
                                                       "teleai",
                                                       "tencent-community",
                                                       "tencent-hunyuan",
                                                       "tongyifinance",
                                                       "zai-org-community",
                                                       "zhipuai"};

}  // namespace

std::string PublisherKey(const Catalog& catalog, std::string_view ns) {
  if (ns.empty()) return {};
  const auto row = catalog.PublisherByNamespace(ns);
  if (row && !row->namespaces.empty()) return row->namespaces.front();
  return std::string(ns);
}

bool SamePublisher(const Catalog& catalog, std::string_view a, std::string_view b) {
  if (a.empty() || b.empty()) return false;
  return a == b || ToLower(PublisherKey(catalog, a)) == ToLower(PublisherKey(catalog, b));
}

std::string ReportNamespace(const Catalog& catalog, std::string_view ns) {
  if (ns.empty()) return {};
  const auto row = catalog.PublisherByNamespace(ns);
  if (!row || row->namespaces.empty()) return std::string(ns);
  const std::string lower = ToLower(ns);
  if (std::find(kMirrors.begin(), kMirrors.end(), lower) == kMirrors.end()) {
    for (const std::string& known : row->namespaces) {
      if (ToLower(known) == lower) return known;
    }
  }
  return row->namespaces.front();
}

std::string PublisherOf(const Catalog& catalog, const ModelRow& row) {
  const std::string own = NamespaceOf(row.hub_id);
  if (!own.empty() && (row.publisher.empty() || SamePublisher(catalog, own, row.publisher))) {
    return ReportNamespace(catalog, own);
  }
  return ReportNamespace(catalog, row.publisher);
}

std::string OnePublisher(const Catalog& catalog, const std::set<std::string>& namespaces) {
  if (namespaces.size() < 2) return namespaces.empty() ? std::string() : *namespaces.begin();
  const std::vector<std::string> chosen = OneEach(catalog, namespaces);
  return chosen.size() == 1 ? chosen.front() : std::string();
}

std::vector<std::string> OneEach(const Catalog& catalog, const std::set<std::string>& namespaces) {
  std::map<std::string, std::set<std::string>> by_publisher;
  for (const std::string& ns : namespaces) by_publisher[PublisherKey(catalog, ns)].insert(ns);
  std::vector<std::string> chosen;
  for (const auto& [key, own] : by_publisher) {
    chosen.push_back(own.contains(key) ? key : *own.begin());
  }
  std::sort(chosen.begin(), chosen.end());
  return chosen;
}

std::string FindPublisher(const Catalog& catalog, const std::vector<std::string>& list,
                          std::string_view ns) {
  if (std::find(list.begin(), list.end(), ns) != list.end()) return std::string(ns);
  for (const std::string& item : list) {
    if (SamePublisher(catalog, item, ns)) return item;
  }
  return {};
}

bool IsKnownNamespace(const Catalog& catalog, std::string_view ns) {
  return !ns.empty() && catalog.PublisherByNamespace(ns).has_value();
}

bool IsRepackager(const Catalog& catalog, std::string_view ns) {
  const std::string lower = ToLower(ns);
  if (std::find(kRepackagers.begin(), kRepackagers.end(), lower) != kRepackagers.end()) return true;
  const auto row = catalog.PublisherByNamespace(ns);
  if (!row || row->kind != "community") return false;
  return std::any_of(row->aliases.begin(), row->aliases.end(), [](const std::string& alias) {
    const std::string text = ToLower(alias);
    return text.find("re-quantis") != std::string::npos ||
           text.find("conversion") != std::string::npos || text.find("mirror") != std::string::npos;
  });
}

bool LooksRequantised(std::string_view ns, std::string_view name) {
  const std::string lower = ToLower(name);
  const std::string org = ToLower(ns);
  return org == "nvidia" &&
         (lower.ends_with("-nvfp4") || lower.ends_with("-fp8") || lower.ends_with("-fp4"));
}

std::string NamespaceOf(std::string_view hub_id) {
  const std::size_t slash = hub_id.find('/');
  return slash == std::string_view::npos ? std::string() : std::string(hub_id.substr(0, slash));
}

std::string NameOf(std::string_view hub_id) {
  const std::size_t slash = hub_id.find('/');
  return std::string(slash == std::string_view::npos ? hub_id : hub_id.substr(slash + 1));
}

}  // namespace weighbridge
