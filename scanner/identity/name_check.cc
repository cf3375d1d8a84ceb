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

// Fine-tunes extend the vocabulary of their base.
bool OnlyVocabulary(const Fit& fit) {
  return std::all_of(fit.differences.begin(), fit.differences.end(),
                     [](const std::string& d) { return d.starts_with("vocab_size"); });
}

// "" when a row fits, or there are none.
std::string RowsContradict(const CheckedName& checked, const Dimensions& dimensions, bool partial) {
  std::vector<ModelRow> rows = checked.resolved.rows;
  if (checked.resolved.row) rows.push_back(*checked.resolved.row);
  const bool gguf = dimensions.contains("gguf");
  std::string first;
  for (const ModelRow& row : rows) {
    const Fit fit = CompareShape(row, dimensions, partial);
    std::string reason;
    if (!fit.fits && !(checked.name.role == StatedName::Role::kBase && OnlyVocabulary(fit))) {
      reason = fit.differences.front();
    } else {
      reason = ArchitectureContradiction(ModelTypeOf(row), dimensions, gguf);
    }
    if (reason.empty()) return {};
    if (first.empty()) first = reason;
  }
  return first;
}

bool Intersects(const std::set<std::string>& roots, const std::vector<std::string>& origins) {
  return std::any_of(origins.begin(), origins.end(),
                     [&](const std::string& o) { return roots.contains(o); });
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

void FindRoots(ModelTable& table, CheckedName& checked) {
  if (!checked.resolved.root.empty()) {
    checked.roots.insert(checked.resolved.root);
    return;
  }
  for (const ModelRow& row : checked.resolved.rows)
    checked.roots.insert(RootPublisher(table.catalog(), row));
  if (!checked.roots.empty()) return;
  const std::string& publisher = checked.resolved.publisher;
  if (!publisher.empty()) {
    if (table.HasOwnBase(publisher)) checked.roots.insert(publisher);
    return;
  }
  if (NamespaceOf(checked.resolved.text).empty() || !checked.resolved.uploader.empty()) {
    checked.roots = table.RootsOfFamilyName(NameOf(checked.resolved.text));
  }
}

std::string Contradiction(ModelTable& table, const CheckedName& checked,
                          const Dimensions& dimensions, const StructureMatch& structure,
                          bool partial) {
  if (!dimensions.contains("hidden_size")) return {};
  const std::string reason = RowsContradict(checked, dimensions, partial);
  if (!reason.empty()) return reason;
  const bool has_rows = checked.resolved.row.has_value() || !checked.resolved.rows.empty();
  if (structure.origins.empty() || structure.only_low_confidence) return {};
  // A folder called "llama" is no statement about the file in it.
  if (checked.name.is_path && checked.name.weak && !has_rows) return {};
  if (MentionsStructure(checked.resolved.text, structure)) return {};
  std::set<std::string> possible = checked.roots;
  if (!has_rows && !checked.resolved.publisher.empty()) {
    // An unlisted model of a known publisher: what has it built on so far?
    possible = table.RootsOfPublisher(checked.resolved.publisher);
    if (checked.name.role == StatedName::Role::kSelf &&
        !table.HasOwnBase(checked.resolved.publisher))
      return {};
  }
  if (possible.empty() || Intersects(possible, structure.origins)) return {};
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
  return RootsOfPublisher(publisher_key).contains(publisher_key);
}

std::vector<CheckedName> CheckNames(ModelTable& table, const std::vector<StatedName>& names,
                                    const Dimensions& dimensions, const StructureMatch& structure,
                                    bool layers_are_partial) {
  std::vector<CheckedName> checked_names;
  for (const StatedName& name : names) {
    // A folder pair is a hub id only when the first is a known namespace.
    const std::string ns = NamespaceOf(name.value);
    if (name.is_path && name.weak && !ns.empty() && !IsKnownNamespace(table.catalog(), ns) &&
        !IsRepackager(table.catalog(), ns)) {
      continue;
    }
    CheckedName checked;
    checked.name = name;
    checked.resolved = ResolveName(table.catalog(), name.value);
    FindRoots(table, checked);
    checked.contradiction =
        Contradiction(table, checked, dimensions, structure, layers_are_partial);
    checked_names.push_back(std::move(checked));
  }
  return checked_names;
}

}  // namespace weighbridge
