// What is looked for in texts: one RE2::Set of all names of the table, by which most texts
// are done with in one pass, and per pattern the fragment by which its places are found.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <re2/re2.h>
#include <re2/set.h>

#include "scanner/services/model_ids.h"
#include "scanner/services/packages.h"
#include "scanner/services/service_table.h"

namespace weighbridge {

// Immutable after construction. Entries are in the order of the set's patterns.
struct ServicePatterns {
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

  explicit ServicePatterns(const ServiceTable& services);
  // The entries that may occur; all of them when the set gives up (out of memory).
  std::vector<int> Occurring(std::string_view text) const;

  const ServiceTable& table;
  ModelIds models;
  Packages packages;
  RE2 python_import;
  RE2 npm_import;
  RE2 go_import;
  RE2::Set set;
  std::vector<Entry> entries;
  bool usable = false;

 private:
  void Add(Entry entry, const std::string& pattern);
};

}  // namespace weighbridge
