// list: what the program knows, as a table or as JSON.
#include <algorithm>
#include <fstream>
#include <iterator>
#include <sstream>

#include "rules/classify.h"
#include "rules/rule_set.h"
#include "scanner/base/json.h"
#include "scanner/base/text.h"
#include "scanner/cli/classification_text.h"
#include "scanner/cli/commands.h"
#include "scanner/cli/database_cli.h"
#include "scanner/cli/output.h"
#include "scanner/cli/rule_texts.h"
#include "scanner/formats/formats.h"
#include "scanner/identity/catalog.h"

namespace weighbridge {
namespace {

struct Table {
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;
};

std::string AsText(const Table& table) {
  std::vector<std::size_t> widths;
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    std::size_t width = table.columns[c].size();
    for (const auto& row : table.rows)
      width = std::max(width, std::min<std::size_t>(row[c].size(), 44));
    widths.push_back(width);
  }
  std::string out;
  const auto add = [&](const std::vector<std::string>& cells) {
    std::string line;
    for (std::size_t c = 0; c < cells.size(); ++c) {
      line += cells[c];
      if (c + 1 < cells.size() && cells[c].size() < widths[c])
        line.append(widths[c] - cells[c].size(), ' ');
      if (c + 1 < cells.size()) line += "  ";
    }
    out += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
  };
  add(table.columns);
  for (const auto& row : table.rows) add(row);
  return out;
}

std::string AsJson(const Table& table) {
  auto list = nlohmann::ordered_json::array();
  for (const auto& row : table.rows) {
    nlohmann::ordered_json object;
    for (std::size_t c = 0; c < row.size(); ++c) object[table.columns[c]] = row[c];
    list.push_back(std::move(object));
  }
  return list.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

Table Formats() {
  Table table{{"id", "name", "tier", "support"}, {}};
  for (const FormatInfo& format : KnownFormats()) {
    table.rows.push_back({std::string(format.id), std::string(format.name),
                          std::to_string(format.tier), std::string(format.support)});
  }
  return table;
}

Table Publishers(const Catalog& catalog) {
  Table table{{"namespace", "name", "country", "parent", "kind", "confidence"}, {}};
  for (const PublisherRow& row : catalog.AllPublishers()) {
    table.rows.push_back(
        {Join(row.namespaces, ","), row.name, row.country, row.parent, row.kind, row.confidence});
  }
  return table;
}

Table Models(const Catalog& catalog) {
  Table table{{"hub_id", "family", "publisher", "base", "licence", "released", "confidence"}, {}};
  for (const ModelRow& row : catalog.AllModels()) {
    table.rows.push_back({row.hub_id, row.family, row.publisher, row.base_hub_id, row.license_id,
                          row.released, row.confidence});
  }
  return table;
}

Table Licences(const Catalog& catalog) {
  Table table{{"id", "name", "publisher", "territories_excluded", "confidence"}, {}};
  for (const LicenceRow& row : catalog.Licences()) {
    table.rows.push_back({row.ids.empty() ? "" : row.ids.front(), row.name, row.publisher,
                          Join(row.territories_excluded, ","), row.confidence});
  }
  return table;
}

Table Rules(const RuleSet& rules) {
  Table table{{"id", "outcome", "status", "from", "to", "pack", "confidence", "title"}, {}};
  std::vector<RuleInfo> all = rules.List();
  for (RuleInfo& rule : BuiltinRules()) all.push_back(std::move(rule));
  for (const RuleInfo& rule : all) {
    table.rows.push_back({rule.id, rule.outcome, rule.status, rule.effective_from,
                          rule.effective_to, rule.pack, rule.confidence, rule.title});
  }
  return table;
}

// Classified as of the day of the report; `needs` is what an undecided one waits for.
Table Accelerators(const Catalog& catalog, const std::string& as_of) {
  Table table{{"id", "product", "segment", "tpp", "density", "eccn", "needs", "confidence"}, {}};
  for (const AcceleratorRow& row : catalog.AllAccelerators()) {
    const Classification result = Classify(FiguresOf(row), as_of);
    table.rows.push_back({row.id, row.vendor + " " + row.product, row.segment, TppWords(result),
                          DensityWords(result), result.eccn.empty() ? "undecided" : result.eccn,
                          Join(result.needs, ", "), row.confidence});
  }
  return table;
}

Result<std::string> ReadAll(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return Error{ErrorCode::kNotFound, Printable(path) + ": cannot be read"};
  return std::string((std::istreambuf_iterator<char>(file)), {});
}

Result<Table> MakeTable(const CommandLine& line) {
  if (line.list_what == "formats") return Formats();
  if (line.list_what == "rules") {
    auto rules = LoadRules(line);
    if (!rules.ok()) return std::move(rules).error();
    return Rules(*rules.value());
  }
  auto catalog = CatalogOf(line);
  if (!catalog.ok()) return std::move(catalog).error();
  for (const std::string& path : line.scan.database_overlays) {
    auto text = ReadAll(path);
    if (!text.ok()) return std::move(text).error();
    Status added = catalog.value()->AddOverlay(text.value(), path);
    if (!added.ok()) return std::move(added).error();
  }
  if (line.list_what == "publishers") return Publishers(*catalog.value());
  if (line.list_what == "accelerators") {
    auto as_of = DayAsked(line);
    if (!as_of.ok()) return std::move(as_of).error();
    return Accelerators(*catalog.value(), as_of.value());
  }
  if (line.list_what == "models") return Models(*catalog.value());
  return Licences(*catalog.value());
}

}  // namespace

int RunList(const CommandLine& line) {
  auto table = MakeTable(line);
  if (!table.ok()) {
    Complain(table.error().message);
    return kExitError;
  }
  const bool json = !line.output_texts.empty() && line.output_texts.back() == "json";
  Status wrote = WriteDocument("", json ? AsJson(table.value()) : AsText(table.value()));
  if (!wrote.ok()) Complain(wrote.error().message);
  return wrote.ok() ? kExitClean : kExitError;
}

}  // namespace weighbridge
