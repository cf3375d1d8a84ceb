// NameCheck: stated names resolved in the Catalog and set against the structure.
// Those that contradict the tensors lose: they become conflicts and feed nothing.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "scanner/identity/lineage.h"
#include "scanner/identity/stated_names.h"
#include "scanner/identity/structure.h"

namespace weighbridge {

struct CheckedName {
  StatedName name;
  Resolved resolved;
  std::set<std::string> roots;  // namespaces that the name leads to
  std::string root;             // the one to report when all are of one publisher
  std::string contradiction;    // "" when it stands
  bool proven = false;          // the tensors are compared with its row and allow it
  std::string modified;         // how the tensors differ from the stated base, "" not at all
};

// Rows of the whole catalogue, read once per run and only when needed.
class ModelTable {
 public:
  explicit ModelTable(const Catalog& catalog) : catalog_(catalog) {}
  const std::vector<ModelRow>& Rows();
  // Namespaces at the roots of the rows whose family begins `name`, longest first.
  std::set<std::string> RootsOfFamilyName(const std::string& name);
  // Namespaces at the roots of the families that `name` mentions anywhere.
  std::set<std::string> RootsOfFamiliesIn(const std::string& name);
  // Roots of everything that this publisher is known to have published.
  std::set<std::string> RootsOfPublisher(const std::string& publisher_key);
  bool HasOwnBase(const std::string& publisher_key);
  const Catalog& catalog() const { return catalog_; }

 private:
  const Catalog& catalog_;
  bool loaded_ = false;
  std::vector<ModelRow> rows_;
  std::map<std::string, std::set<std::string>> roots_of_publisher_;
};

std::vector<CheckedName> CheckNames(ModelTable& table, const std::vector<StatedName>& names,
                                    const Dimensions& dimensions, const StructureMatch& structure,
                                    bool layers_are_partial);

}  // namespace weighbridge
