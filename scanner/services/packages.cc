#include "scanner/services/packages.h"

#include <algorithm>

#include "scanner/base/text.h"
#include "scanner/services/package_reader.h"

namespace weighbridge {
namespace {

using Kind = ServiceFileKind;

// PEP 503: runs of "-", "_" and "." are one "-".
std::string PypiName(std::string_view name) {
  std::string out;
  for (const char c : ToLower(name)) {
    const bool dash = c == '-' || c == '_' || c == '.';
    if (!dash) {
      out.push_back(c);
    } else if (out.empty() || out.back() != '-') {
      out.push_back('-');
    }
  }
  return out;
}

std::string Key(std::string_view ecosystem, std::string_view name) {
  return std::string(ecosystem) + ":" +
         (ecosystem == "pypi"    ? PypiName(name)
          : ecosystem == "nuget" ? ToLower(name)
                                 : std::string(name));
}

}  // namespace

Packages::Packages(const ServiceTable& table) {
  for (std::size_t i = 0; i < table.items.size(); ++i) {
    const ServiceItem& item = table.items[i];
    if (item.kind != ServiceItemKind::kPackage) continue;
    const std::size_t colon = item.text.find(':');
    const std::string ecosystem = item.text.substr(0, colon);
    const std::string name = item.text.substr(colon + 1);
    by_name_[Key(ecosystem, name)].push_back(i);
    if (ecosystem == "maven") {
      by_name_["maven-artifact:" + name.substr(name.find(':') + 1)].push_back(i);
    }
  }
}

PackageHit Packages::Look(std::string_view ecosystem, std::string_view name, std::size_t at) const {
  const auto found = by_name_.find(Key(ecosystem, name));
  if (found == by_name_.end()) return {};
  return {&found->second, found->first, at};
}

std::vector<std::string> Packages::Names(std::string_view ecosystem) const {
  std::vector<std::string> out;
  for (const auto& [key, items] : by_name_) {
    if (key.starts_with(ecosystem)) out.push_back(key.substr(ecosystem.size()));
  }
  std::sort(out.begin(), out.end());
  return out;
}

std::vector<std::string> Packages::PythonModules() const {
  std::vector<std::string> out = Names("pypi:");
  for (std::string& name : out) std::replace(name.begin(), name.end(), '-', '_');
  return out;
}

std::vector<PackageHit> Packages::Find(ServiceFileKind kind, std::string_view path,
                                       std::string_view text) const {
  std::vector<PackageHit> hits;
  PackageReader reader(*this, text, hits);
  switch (kind) {
    case Kind::kRequirements: reader.Requirements(); break;
    case Kind::kPythonToml: reader.PythonToml(); break;
    case Kind::kSetupPy: reader.SetupPy(); break;
    case Kind::kTomlLock: reader.TomlLock(); break;
    case Kind::kPipfileLock: reader.JsonKeys("pypi", "{"); break;
    case Kind::kDistInfo: reader.DistInfo(); break;
    case Kind::kPackageJson: reader.JsonKeys("npm", "\""); break;
    case Kind::kInstalledNpm: reader.InstalledNpm(path); break;
    case Kind::kNpmLock: reader.JsonKeys("npm", "{\""); break;
    case Kind::kYarnLock: reader.YarnLock(); break;
    case Kind::kGoMod: reader.GoMod(); break;
    case Kind::kMaven: reader.Maven(); break;
    case Kind::kNuget: reader.Nuget(); break;
    case Kind::kNone:
    case Kind::kSource:
    case Kind::kConfig:
    case Kind::kDocumentation: break;
  }
  return hits;
}

}  // namespace weighbridge
