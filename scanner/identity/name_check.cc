// Stated names against structure.
#include "scanner/identity/name_check.h"

#include <algorithm>
#include <cctype>

#include "scanner/base/text.h"
#include "scanner/identity/file_names.h"
#include "scanner/identity/publishers.h"

namespace weighbridge {
namespace {

std::string Squeeze(std::string_view text) {
  std::string squeezed;
  for (const char c : text) {
    const auto u = static_cast<unsigned char>(c);
    if (std::isalnum(u) != 0 || c == '.') squeezed += static_cast<char>(std::tolower(u));
  }
  return squeezed;
}

// What a derived model may change: fine-tunes extend the vocabulary, pruning and
// depth up-scaling change the number of layers or experts. The widths tell the base.
constexpr std::size_t kFewestWidths = 3;

bool MayDerive(const Fit& fit, const std::string& relation) {
  const bool vocabulary =
      std::all_of(fit.differences.begin(), fit.differences.end(),
                  [](const std::string& d) { return d.starts_with("vocab_size"); });
  if (vocabulary) return true;
  if (relation == "quantized" || relation == "adapter" || fit.matched < kFewestWidths) return false;
  return std::all_of(fit.differences.begin(), fit.differences.end(), [](const std::string& d) {
    return d.starts_with("vocab_size") || d.starts_with("num_layers") ||
           d.starts_with("num_experts");
  });
}

// "" when a row fits, or there are none. Sets `modified` when the row fits as a base.
std::string RowsContradict(CheckedName& checked, const Dimensions& dimensions, bool partial) {
  std::vector<ModelRow> rows = checked.resolved.rows;
  if (checked.resolved.row) rows.push_back(*checked.resolved.row);
  const bool gguf = dimensions.contains("gguf");
  std::string first;
  std::string modified;
  bool derives = false;
  for (const ModelRow& row : rows) {
    const Fit fit = CompareShape(row, dimensions, partial);
    std::string reason = ArchitectureContradiction(ModelTypeOf(row), dimensions, gguf);
    if (reason.empty() && fit.fits) {
      checked.proven = fit.matched >= kFewestWidths;
      return {};
    }
    if (reason.empty() && checked.name.role == StatedName::Role::kBase &&
        MayDerive(fit, checked.name.relation)) {
      derives = true;
      if (fit.matched >= kFewestWidths) checked.proven = true;
      modified = Join(fit.differences, "; ");
    }
    if (!fit.fits) reason = fit.differences.front();
    if (first.empty()) first = reason;
  }
  if (!derives) return first;
  checked.modified = modified;
  return {};
}

bool Intersects(const Catalog& catalog, const std::set<std::string>& roots,
                const std::vector<std::string>& origins) {
  return std::any_of(roots.begin(), roots.end(), [&](const std::string& root) {
    return !FindPublisher(catalog, origins, root).empty();
  });
}

// A name such as "Foo Qwen 7B" mentions a family that the structure allows.
bool MentionsStructure(const std::string& name, const StructureMatch& structure) {
  const std::string squeezed = Squeeze(name);
  for (const ModelRow& row : structure.rows) {
    const std::string family = Squeeze(row.family);
    std::size_t length = 0;
    while (length < family.size() && std::isalpha(static_cast<unsigned char>(family[length])) != 0)
      ++length;
    if (length >= 2 && squeezed.find(family.substr(0, length)) != std::string::npos) return true;
  }
  return false;
}

// All that the publisher is known for is its own, and the name mentions no one else's.
bool BuildsOnItsOwn(ModelTable& table, const std::string& publisher, const std::string& name) {
  const auto own = [&](const std::set<std::string>& roots) {
    return std::all_of(roots.begin(), roots.end(), [&](const std::string& root) {
      return SamePublisher(table.catalog(), root, publisher);
    });
  };
  return table.HasOwnBase(publisher) && own(table.RootsOfPublisher(publisher)) &&
         own(table.RootsOfFamiliesIn(name));
}

void FindRoots(ModelTable& table, CheckedName& checked) {
  if (!checked.resolved.root.empty()) {
    checked.roots.insert(checked.resolved.root);
    return;
  }
  for (const ModelRow& row : checked.resolved.rows)
    checked.roots.insert(RootPublisher(table.catalog(), row));
  if (!checked.roots.empty()) return;
  // A word of a path names no origin, unless it is a model's whole name.
  if (checked.name.is_path && checked.name.weak) return;
  const std::string& publisher = checked.resolved.publisher;
  if (!publisher.empty()) {
    if (BuildsOnItsOwn(table, publisher, NameOf(checked.resolved.text)))
      checked.roots.insert(publisher);
    return;
  }
  if (NamespaceOf(checked.resolved.text).empty() || !checked.resolved.uploader.empty()) {
    checked.roots = table.RootsOfFamilyName(NameOf(checked.resolved.text));
  }
}

std::string Contradiction(ModelTable& table, CheckedName& checked, const Dimensions& dimensions,
                          const StructureMatch& structure, bool partial) {
  if (!dimensions.contains("hidden_size")) return {};
  const std::string reason = RowsContradict(checked, dimensions, partial);
  if (!reason.empty()) return reason;
  // A base that differs in its vocabulary only, or itself.
  if (checked.proven) return {};
  const bool has_rows = checked.resolved.row.has_value() || !checked.resolved.rows.empty();
  if (structure.origins.empty() || structure.only_low_confidence) return {};
  // A folder called "llama" is no statement about the file in it.
  if (checked.name.is_path && checked.name.weak && !has_rows) return {};
  if (MentionsStructure(checked.resolved.text, structure)) return {};
  std::set<std::string> possible = checked.roots;
  if (!has_rows && !checked.resolved.publisher.empty()) {
    // An unlisted model of a known publisher may build on anyone's, unless it bears the
    // name of a family: what has the publisher built on so far?
    possible = table.RootsOfPublisher(checked.resolved.publisher);
    if (checked.name.role == StatedName::Role::kSelf &&
        (!table.HasOwnBase(checked.resolved.publisher) ||
         (checked.name.is_path && table.RootsOfFamilyName(NameOf(checked.resolved.text)).empty())))
      return {};
  }
  if (possible.empty() || Intersects(table.catalog(), possible, structure.origins)) return {};
  return "their shapes are those of models by " + Join(structure.origins, ", ");
}

}  // namespace

const std::vector<ModelRow>& ModelTable::Rows() {
  if (!loaded_) {
    rows_ = catalog_.AllModels();
    loaded_ = true;
  }
  return rows_;
}

std::set<std::string> ModelTable::RootsOfFamilyName(const std::string& name) {
  const std::string squeezed = Squeeze(name);
  std::set<std::string> roots;
  std::size_t longest = 3;  // shorter family words ("Yi", "GLM") begin too many names
  for (const ModelRow& row : Rows()) {
    const std::string family = Squeeze(row.family);
    if (family.size() < longest || !squeezed.starts_with(family)) continue;
    if (family.size() > longest) roots.clear();
    longest = family.size();
    roots.insert(RootPublisher(catalog_, row));
  }
  return roots;
}

std::set<std::string> ModelTable::RootsOfFamiliesIn(const std::string& name) {
  const std::string squeezed = Squeeze(name);
  std::set<std::string> roots;
  for (const ModelRow& row : Rows()) {
    const std::string family = Squeeze(row.family);
    const std::string word = family.substr(0, family.find_first_of("0123456789."));
    if (word.size() > 3 && squeezed.find(word) != std::string::npos)
      roots.insert(RootPublisher(catalog_, row));
  }
  return roots;
}

std::set<std::string> ModelTable::RootsOfPublisher(const std::string& publisher_key) {
  const auto known = roots_of_publisher_.find(publisher_key);
  if (known != roots_of_publisher_.end()) return known->second;
  std::set<std::string> namespaces = {ToLower(publisher_key)};
  if (const auto row = catalog_.PublisherByNamespace(publisher_key)) {
    for (const std::string& ns : row->namespaces) namespaces.insert(ToLower(ns));
  }
  std::set<std::string> roots;
  for (const ModelRow& row : Rows()) {
    if (namespaces.contains(ToLower(row.publisher))) roots.insert(RootPublisher(catalog_, row));
  }
  return roots_of_publisher_.emplace(publisher_key, roots).first->second;
}

bool ModelTable::HasOwnBase(const std::string& publisher_key) {
  const std::set<std::string> roots = RootsOfPublisher(publisher_key);
  return std::any_of(roots.begin(), roots.end(), [&](const std::string& root) {
    return SamePublisher(catalog_, root, publisher_key);
  });
}

std::vector<CheckedName> CheckNames(ModelTable& table, const std::vector<StatedName>& names,
                                    const Dimensions& dimensions, const StructureMatch& structure,
                                    bool layers_are_partial) {
  std::vector<CheckedName> checked_names;
  for (const StatedName& name : names) {
    CheckedName checked;
    checked.name = name;
    const std::string ns = NamespaceOf(name.value);
    if (name.known_only && !IsKnownNamespace(table.catalog(), ns) &&
        !IsRepackager(table.catalog(), ns)) {
      // "Stability-AI" is no namespace, and yet a publisher's name.
      std::string spaced = ns;
      std::replace(spaced.begin(), spaced.end(), '-', ' ');
      const auto row = table.catalog().PublisherByName(spaced);
      if (name.is_path || !row || row->namespaces.empty()) continue;
      checked.name.value = row->namespaces.front() + "/" + NameOf(name.value);
    }
    checked.resolved = ResolveName(table.catalog(), checked.name.value);
    FindRoots(table, checked);
    checked.root = OnePublisher(table.catalog(), checked.roots);
    checked.contradiction =
        Contradiction(table, checked, dimensions, structure, layers_are_partial);
    // Code is lent to models of any size: no statement about this one's shape.
    if (name.kin && !checked.contradiction.empty()) continue;
    checked_names.push_back(std::move(checked));
  }
  // What a re-packager's card names as base is what it packed.
  const bool packed =
      std::any_of(checked_names.begin(), checked_names.end(), [](const CheckedName& checked) {
        return checked.name.role == StatedName::Role::kSelf && !checked.resolved.uploader.empty() &&
               checked.resolved.text.find('/') != std::string::npos;
      });
  for (CheckedName& checked : checked_names) {
    if (packed && checked.name.source == "base_model of the card" && checked.name.relation.empty())
      checked.name.relation = "quantized";
  }
  return checked_names;
}

}  // namespace weighbridge
