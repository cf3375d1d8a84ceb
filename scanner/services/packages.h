// SDK packages in the files that declare, lock or record them, and in import lines.
// Names compare as their ecosystem compares them (PyPI: PEP 503).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "scanner/services/file_kinds.h"
#include "scanner/services/service_table.h"

namespace weighbridge {

struct PackageHit {
  const std::vector<std::size_t>* items = nullptr;  // of the table, one per service
  std::string_view name;                            // "pypi:openai", as the table writes it
  std::size_t at = 0;
};

class Packages {
 public:
  explicit Packages(const ServiceTable& table);

  // In a manifest, lock file or installed package's record. `path` names the package of
  // an installed one.
  std::vector<PackageHit> Find(ServiceFileKind kind, std::string_view path,
                               std::string_view text) const;
  // A package by ecosystem and name; nullptr items when the table has none.
  PackageHit Look(std::string_view ecosystem, std::string_view name, std::size_t at) const;
  // For patterns of import lines, sorted. A distribution's name is taken for its module's.
  std::vector<std::string> PythonModules() const;
  std::vector<std::string> NpmPackages() const { return Names("npm:"); }
  std::vector<std::string> GoModules() const { return Names("go:"); }

 private:
  std::vector<std::string> Names(std::string_view ecosystem) const;

  std::unordered_map<std::string, std::vector<std::size_t>> by_name_;
};

}  // namespace weighbridge
