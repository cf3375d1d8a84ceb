// BuildCatalogImage: checked tables in, SQLite bytes out.
//
// Reproducible: rows go in in file order, and the files are sorted.
#include "scanner/identity/catalog_image.h"

#include <cstdlib>
#include <map>
#include <set>

#include "scanner/base/text.h"
#include "scanner/identity/catalog_schema.h"
#include "scanner/identity/catalog_tsv.h"
#include "scanner/sqlite/image_writer.h"

namespace weighbridge {
namespace {

struct Table {
  const CatalogFile* file = nullptr;
  std::vector<CatalogRow> rows;
};
using Tables = std::map<std::string, Table, std::less<>>;

const std::string& Cell(const Table& table, const CatalogRow& row, std::string_view column) {
  static const std::string empty;
  for (std::size_t i = 0; i < row.cells.size(); ++i) {
    if (table.file->columns[i].name == column) return row.cells[i];
  }
  return empty;
}

std::string Where(const Table& table, const CatalogRow& row) {
  return std::string(table.file->file) + ":" + std::to_string(row.line) + ": ";
}

// ---- checks across tables ------------------------------------------------------

using LineOf = std::map<std::string, std::size_t>;

LineOf CheckNamespaces(const Table& publishers, std::vector<std::string>& errors) {
  LineOf owners;
  for (const auto& row : publishers.rows) {
    for (const auto& ns : Split(Cell(publishers, row, "namespaces"), '|')) {
      const auto [found, fresh] = owners.emplace(ToLower(ns), row.line);
      if (!fresh) {
        errors.push_back(Where(publishers, row) + "namespace " + Quote(ns) +
                         " was given before, on line " + std::to_string(found->second));
      }
    }
  }
  return owners;
}

void CheckKinds(const Table& publishers, std::vector<std::string>& errors) {
  static const std::set<std::string> kinds = {"company", "lab", "university", "individual",
                                              "community"};
  for (const auto& row : publishers.rows) {
    const std::string& kind = Cell(publishers, row, "kind");
    if (!kinds.contains(kind)) {
      errors.push_back(Where(publishers, row) + "kind is " + Quote(kind) +
                       ", expected company, lab, university, individual or community");
    }
  }
}

void CheckModels(const Table& models, const LineOf& namespaces, CatalogImage& out) {
  std::set<std::string> ids;
  for (const auto& row : models.rows) ids.insert(ToLower(row.cells[0]));
  for (const auto& row : models.rows) {
    const std::string& publisher = Cell(models, row, "publisher");
    if (!namespaces.contains(ToLower(publisher))) {
      out.errors.push_back(Where(models, row) + "publisher " + Quote(publisher) +
                           " is not a namespace of publishers.tsv");
    }
    const std::string& base = Cell(models, row, "base_hub_id");
    if (!base.empty() && !ids.contains(ToLower(base))) {
      out.notes.push_back(Where(models, row) + "base " + Quote(base) + " has no row of its own");
    }
  }
}

void CheckListNamespaces(const Table& table, std::string_view column, const LineOf& namespaces,
                         std::vector<std::string>& errors) {
  for (const auto& row : table.rows) {
    const std::string& cell = Cell(table, row, column);
    if (cell.empty()) continue;
    for (const auto& ns : Split(cell, '|')) {
      if (!namespaces.contains(ToLower(ns))) {
        errors.push_back(Where(table, row) + std::string(column) + " " + Quote(ns) +
                         " is not a namespace of publishers.tsv");
      }
    }
  }
}

void CheckDigests(const Table& table, std::vector<std::string>& errors) {
  static const std::map<std::string, std::size_t> digits = {
      {"sha256", 64}, {"sha384", 96}, {"sha1", 40}, {"md5", 32}};
  for (const auto& row : table.rows) {
    const auto known = digits.find(row.cells[1]);
    if (known == digits.end() || known->second != row.cells[0].size()) {
      errors.push_back(Where(table, row) + Quote(row.cells[1]) + " with " +
                       std::to_string(row.cells[0].size()) +
                       " digits, expected sha256 (64), sha384 (96), sha1 (40) or md5 (32)");
    }
  }
}

void CheckVersion(const Table& version, std::vector<std::string>& errors) {
  std::map<std::string, std::string> values;
  for (const auto& row : version.rows) values[row.cells[0]] = row.cells[1];
  if (values["version"].empty()) errors.emplace_back("version.tsv:1: no row \"version\"");
  if (!IsIsoDate(values["date"])) {
    errors.push_back("version.tsv:1: date is " + Quote(values["date"]) + ", expected YYYY-MM-DD");
  }
}

bool IsPciId(const std::string& text) {
  return text.size() == 4 && text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

// A figure that is given is more than nothing, and ids are as sysfs prints them.
void CheckAccelerator(const Table& table, const CatalogRow& row, std::vector<std::string>& errors) {
  static const std::set<std::string> segments = {"datacenter", "cloud-only", "workstation",
                                                 "consumer", "embedded"};
  for (std::size_t i = 0; i < row.cells.size(); ++i) {
    const CatalogColumn& column = table.file->columns[i];
    if (column.kind != CellKind::kReal || row.cells[i].empty()) continue;
    const double value = std::strtod(row.cells[i].c_str(), nullptr);
    if (value > 0 && value < 1e9) continue;
    errors.push_back(Where(table, row) + std::string(column.name) + " is " + Quote(row.cells[i]) +
                     ", expected more than zero or nothing");
  }
  if (!segments.contains(Cell(table, row, "segment"))) {
    errors.push_back(Where(table, row) + "segment is " + Quote(Cell(table, row, "segment")) +
                     ", expected datacenter, cloud-only, workstation, consumer or embedded");
  }
  std::vector<std::string> ids;
  const std::string& vendor = Cell(table, row, "pci_vendor");
  const std::string& devices = Cell(table, row, "pci_devices");
  const std::string& subsystems = Cell(table, row, "pci_subsystems");
  if (!vendor.empty()) ids.push_back(vendor);
  if (!devices.empty()) {
    for (const auto& id : Split(devices, '|')) ids.push_back(id);
  }
  if (!subsystems.empty()) {
    for (const auto& pair : Split(subsystems, '|')) {
      for (const auto& id : Split(pair, ':')) ids.push_back(id);
    }
  }
  for (const auto& id : ids) {
    if (IsPciId(id)) continue;
    errors.push_back(Where(table, row) + Quote(id) + " is not a PCI id of four lower-case digits");
  }
}

std::string KeyOf(const Table& table, const CatalogRow& row) {
  std::string key;
  for (std::size_t i = 0; i < table.file->key_columns; ++i) key += ToLower(row.cells[i]) + '\t';
  return key;
}

// Sorted tables make small diffs and reproducible images.
void CheckOrder(const Table& table, std::vector<std::string>& errors) {
  for (std::size_t i = 1; i < table.rows.size(); ++i) {
    if (KeyOf(table, table.rows[i - 1]) < KeyOf(table, table.rows[i])) continue;
    errors.push_back(Where(table, table.rows[i]) + Quote(table.rows[i].cells[0]) +
                     " is not in sorted place, it comes before " +
                     Quote(table.rows[i - 1].cells[0]));
  }
}

void CheckTables(const Tables& tables, CatalogImage& out) {
  const Table& publishers = tables.at("publishers.tsv");
  const LineOf namespaces = CheckNamespaces(publishers, out.errors);
  CheckKinds(publishers, out.errors);
  CheckModels(tables.at("models.tsv"), namespaces, out);
  CheckListNamespaces(tables.at("listed_parties.tsv"), "publisher_ns", namespaces, out.errors);
  CheckListNamespaces(tables.at("licences.tsv"), "publisher", namespaces, out.errors);
  CheckDigests(tables.at("hashes_sha256.tsv"), out.errors);
  CheckDigests(tables.at("hashes_other.tsv"), out.errors);
  CheckVersion(tables.at("version.tsv"), out.errors);
  const Table& accelerators = tables.at("accelerators.tsv");
  for (const auto& row : accelerators.rows) CheckAccelerator(accelerators, row, out.errors);
  for (const auto& [name, table] : tables) CheckOrder(table, out.errors);
}

// ---- writing --------------------------------------------------------------------

SqlCell CellOf(CellKind kind, const std::string& text) {
  switch (kind) {
    case CellKind::kUint: return static_cast<std::size_t>(ParseUint(text).value_or(0));
    case CellKind::kReal: return SqlCell::Real(std::strtod(text.c_str(), nullptr));
    case CellKind::kBool: return std::size_t{text == "true" ? 1U : 0U};
    case CellKind::kDigest: break;
    default: return text;
  }
  std::string raw;
  for (std::size_t i = 0; i + 1 < text.size(); i += 2) {
    raw += static_cast<char>(std::stoi(text.substr(i, 2), nullptr, 16));
  }
  return SqlCell::Blob(std::move(raw));
}

void InsertRows(SqliteImageWriter& writer, const Table& table) {
  std::string names;
  for (const auto& column : table.file->columns) {
    names += (names.empty() ? "" : ", ") + std::string(column.name);
  }
  const std::string target = std::string(table.file->table) + "(" + names + ")";
  for (const auto& row : table.rows) {
    std::vector<SqlCell> cells;
    for (std::size_t i = 0; i < row.cells.size(); ++i) {
      cells.push_back(CellOf(table.file->columns[i].kind, row.cells[i]));
    }
    writer.Insert(target, cells);
  }
}

void InsertKey(SqliteImageWriter& writer, const char* table, const std::string& key,
               std::size_t rowid) {
  writer.Insert(std::string(table) + "(key, row)", {key, rowid});
}

// Rowids are 1, 2, ... in file order.
void IndexPublishers(SqliteImageWriter& writer, const Table& publishers) {
  std::map<std::string, std::size_t> names;
  std::map<std::string, std::set<std::size_t>> aliases;
  for (std::size_t i = 0; i < publishers.rows.size(); ++i) {
    const auto& row = publishers.rows[i];
    names[ToLower(row.cells[0])] = i + 1;
    for (const auto& ns : Split(Cell(publishers, row, "namespaces"), '|')) {
      InsertKey(writer, "publisher_namespaces", ToLower(ns), i + 1);
    }
    for (const auto& alias : Split(Cell(publishers, row, "aliases"), '|')) {
      if (!alias.empty()) aliases[ToLower(alias)].insert(i + 1);
    }
  }
  // An alias that two publishers share finds neither; a name wins over an alias.
  for (const auto& [alias, rows] : aliases) {
    if (rows.size() == 1) names.emplace(alias, *rows.begin());
  }
  for (const auto& [name, rowid] : names) InsertKey(writer, "publisher_names", name, rowid);
}

void IndexModels(SqliteImageWriter& writer, const Table& models) {
  for (std::size_t i = 0; i < models.rows.size(); ++i) {
    const auto& row = models.rows[i];
    const std::string hub_name = NormalModelName(row.cells[0]);
    const std::string own_name = NormalModelName(Cell(models, row, "model_name"));
    InsertKey(writer, "model_ids", ToLower(row.cells[0]), i + 1);
    InsertKey(writer, "model_names", hub_name, i + 1);
    if (own_name != hub_name) InsertKey(writer, "model_names", own_name, i + 1);
    const std::string& hidden = Cell(models, row, "hidden_size");
    const std::string& layers = Cell(models, row, "num_layers");
    if (hidden.empty() || layers.empty()) continue;
    writer.Insert("model_shapes(hidden, layers, row)",
                  {CellOf(CellKind::kUint, hidden), CellOf(CellKind::kUint, layers), i + 1});
  }
}

// An id that opens a row belongs to it; one that several rows share goes to the
// row with the latest version.
void IndexLicences(SqliteImageWriter& writer, const Table& licences) {
  std::map<std::string, std::pair<std::string, std::size_t>> ids;
  for (std::size_t i = 0; i < licences.rows.size(); ++i) {
    const auto& row = licences.rows[i];
    const auto spellings = Split(row.cells[0], '|');
    for (std::size_t k = 0; k < spellings.size(); ++k) {
      const std::string rank = (k == 0 ? "1" : "0") + Cell(licences, row, "version");
      auto& best = ids[ToLower(spellings[k])];
      if (best.second == 0 || rank > best.first) best = {rank, i + 1};
    }
  }
  for (const auto& [id, best] : ids) InsertKey(writer, "licence_ids", id, best.second);
}

void IndexListings(SqliteImageWriter& writer, const Table& parties) {
  for (std::size_t i = 0; i < parties.rows.size(); ++i) {
    const auto& row = parties.rows[i];
    std::set<std::pair<std::string, std::string>> keys;
    keys.emplace("name", ToLower(row.cells[0]));
    for (const auto& alias : Split(Cell(parties, row, "aliases"), '|')) {
      if (!alias.empty()) keys.emplace("name", ToLower(alias));
    }
    for (const auto& ns : Split(Cell(parties, row, "publisher_ns"), '|')) {
      if (!ns.empty()) keys.emplace("namespace", ToLower(ns));
    }
    for (const auto& [kind, key] : keys) {
      writer.Insert("listing_keys(key, kind, row)", {key, kind, i + 1});
    }
  }
}

void IndexAccelerators(SqliteImageWriter& writer, const Table& table) {
  std::set<std::pair<std::string, std::size_t>> names;
  std::set<std::pair<std::string, std::size_t>> pci;
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    const auto& row = table.rows[i];
    InsertKey(writer, "accelerator_ids", ToLower(row.cells[0]), i + 1);
    names.emplace(NormalAcceleratorName(Cell(table, row, "product")), i + 1);
    for (const auto& alias : Split(Cell(table, row, "aliases"), '|')) {
      if (!alias.empty()) names.emplace(NormalAcceleratorName(alias), i + 1);
    }
    for (const auto& device : Split(Cell(table, row, "pci_devices"), '|')) {
      if (!device.empty()) pci.emplace(Cell(table, row, "pci_vendor") + ":" + device, i + 1);
    }
  }
  for (const auto& [key, row] : names) InsertKey(writer, "accelerator_names", key, row);
  for (const auto& [key, row] : pci) InsertKey(writer, "accelerator_pci", key, row);
}

// Replaces the text in the last column by the number of that text in `sources`.
void InternSources(SqliteImageWriter& writer, Table& hashes,
                   std::map<std::string, std::size_t>& ids) {
  for (auto& row : hashes.rows) {
    const auto [found, fresh] = ids.emplace(row.cells.back(), ids.size() + 1);
    if (fresh) {
      writer.Insert("sources(id, text)", {found->second, found->first});
    }
    row.cells.back() = std::to_string(found->second);
  }
}

void WriteTables(SqliteImageWriter& writer, Tables& tables) {
  std::map<std::string, std::size_t> source_ids;
  InternSources(writer, tables.at("hashes_sha256.tsv"), source_ids);
  InternSources(writer, tables.at("hashes_other.tsv"), source_ids);
  for (const auto& row : tables.at("version.tsv").rows) {
    writer.Insert("meta(key, value)", {row.cells[0], row.cells[1]});
  }
  for (const auto& file : CatalogFiles()) {
    if (!file.table.empty()) InsertRows(writer, tables.find(file.file)->second);
  }
  IndexPublishers(writer, tables.at("publishers.tsv"));
  IndexModels(writer, tables.at("models.tsv"));
  IndexLicences(writer, tables.at("licences.tsv"));
  IndexListings(writer, tables.at("listed_parties.tsv"));
  IndexAccelerators(writer, tables.at("accelerators.tsv"));
}

// hub_aliases and gguf_architectures are found by lower-case key.
void LowerKeys(Tables& tables) {
  for (const char* name : {"hub_aliases.tsv", "gguf_architectures.tsv"}) {
    for (auto& row : tables.at(name).rows) row.cells[0] = ToLower(row.cells[0]);
  }
}

}  // namespace

std::vector<std::string> CatalogFileNames() {
  std::vector<std::string> names;
  for (const auto& file : CatalogFiles()) names.emplace_back(file.file);
  return names;
}

CatalogImage BuildCatalogImage(const CatalogTexts& texts) {
  CatalogImage out;
  Tables tables;
  for (const auto& file : CatalogFiles()) {
    Table& table = tables[std::string(file.file)];
    table.file = &file;
    std::string_view text;
    for (const auto& [name, content] : texts) {
      if (name == file.file) text = content;
    }
    table.rows = ReadCatalogTable(file, text, out.errors);
  }
  if (out.errors.empty()) CheckTables(tables, out);
  if (!out.errors.empty()) return out;
  LowerKeys(tables);
  SqliteImageWriter writer(CatalogSchema());
  WriteTables(writer, tables);
  out.bytes = writer.Finish();
  if (!writer.failure().empty()) {
    out.errors.push_back("sqlite: " + writer.failure());
    out.bytes.clear();
  }
  return out;
}

}  // namespace weighbridge
