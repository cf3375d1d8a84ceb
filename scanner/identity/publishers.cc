// Namespaces and re-packagers. The list of re-packagers is that of
// rules/catalog publishers whose alias says so, with the best known by name, because
// the kind "community" holds developers too (BigScience, RWKV, Dolphin).
#include "scanner/identity/publishers.h"

#include <algorithm>
#include <array>

#include "scanner/base/text.h"

namespace weighbridge {
namespace {

constexpr std::array<std::string_view, 38> kRepackagers = {
    "thebloke",           "bartowski",      "unsloth",     "mradermacher", "nicoboss",
    "lmstudio-community", "mlx-community",  "ggml-org",    "quantfactory", "second-state",
    "maziyarpanahi",      "hugging-quants", "neuralmagic", "redhatai",     "nm-testing",
    "modelcloud",         "casperhansen",   "solidrust",   "lonestriker",  "turboderp",
    "ista-daslab",        "mobiuslabsgmbh", "techxgenus",  "quanttrio",    "cpatonn",
    "study-hjt",          "legraphista",    "mungert",     "devquasar",    "richarderkhov",
    "tensorblock",        "city96",         "comfy-org",   "quantstack",   "onnx-community",
    "openvino",           "library",        "ollama"};

}  // namespace

std::string PublisherKey(const Catalog& catalog, std::string_view ns) {
  if (ns.empty()) return {};
  const auto row = catalog.PublisherByNamespace(ns);
  if (row && !row->namespaces.empty()) return row->namespaces.front();
  return std::string(ns);
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
