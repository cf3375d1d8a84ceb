#include "scanner/services/service_table.h"

#include <algorithm>
#include <array>
#include <optional>

#include "scanner/base/text.h"

namespace weighbridge {
namespace {

constexpr std::array<std::string_view, 13> kColumns{
    "service",  "provider",       "country", "role",       "publisher", "hostnames", "env_vars",
    "packages", "model_prefixes", "shared",  "unverified", "source",    "confidence"};
enum Column {
  kService,
  kProvider,
  kCountry,
  kRole,
  kPublisher,
  kHostnames,
  kVariables,
  kPackages,
  kPrefixes,
  kShared,
  kUnverified,
  kSource,
  kConfidence
};

std::optional<ServiceRole> ParseRole(std::string_view text) {
  for (const ServiceRole role :
       {ServiceRole::kPublisher, ServiceRole::kCloud, ServiceRole::kGateway, ServiceRole::kLocal,
        ServiceRole::kClient}) {
    if (text == ServiceRoleName(role)) return role;
  }
  return std::nullopt;
}

bool OnlyOf(std::string_view text, std::string_view allowed) {
  return !text.empty() && text.find_first_not_of(allowed) == std::string_view::npos;
}

constexpr std::string_view kLower = "abcdefghijklmnopqrstuvwxyz0123456789";

// Whether an item may be written so; "" when it may.
std::string ItemFault(ServiceItemKind kind, const std::string& text) {
  const std::string lower(kLower);
  switch (kind) {
    case ServiceItemKind::kHost:
      if (OnlyOf(text, lower + ".-*/") && text.find('.') != std::string::npos) return {};
      return "is not a hostname in lower case";
    case ServiceItemKind::kVariable:
      if (OnlyOf(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") && text.size() >= 5) return {};
      return "is not the name of a variable";
    case ServiceItemKind::kPackage:
      for (const std::string_view ecosystem : {"pypi:", "npm:", "go:", "maven:", "nuget:"}) {
        if (text.starts_with(ecosystem) && text.size() > ecosystem.size()) return {};
      }
      return "is not ECOSYSTEM:NAME";
    case ServiceItemKind::kModelPrefix:
      if (OnlyOf(text, lower + ".-_:/@") && text.size() >= 4) return {};
      return "is not a prefix of model ids in lower case";
  }
  return {};
}

class TableReader {
 public:
  explicit TableReader(std::vector<std::string>& errors) : errors_(errors) {}

  ServiceTable Read(std::string_view text) {
    while (!text.empty()) {
      const std::size_t end = std::min(text.find('\n'), text.size());
      ++line_;
      TakeLine(text.substr(0, end));
      text.remove_prefix(std::min(end + 1, text.size()));
    }
    if (line_ == 0) Fault("the table is empty");
    return std::move(table_);
  }

 private:
  void Fault(const std::string& message) {
    errors_.push_back("services.tsv:" + std::to_string(line_) + ": " + message);
  }

  void TakeLine(std::string_view line) {
    const std::vector<std::string> cells = Split(line, '\t');
    if (line_ == 1) {
      if (!std::equal(cells.begin(), cells.end(), kColumns.begin(), kColumns.end())) {
        Fault("the columns are not those of the table of services");
      }
    } else if (cells.size() != kColumns.size()) {
      Fault(std::to_string(cells.size()) + " cells where " + std::to_string(kColumns.size()) +
            " belong");
    } else {
      TakeRow(cells);
    }
  }

  void TakeRow(const std::vector<std::string>& cells) {
    const std::string& name = cells[kService];
    if (name.empty()) Fault("service is empty");
    if (!last_.empty() && ToLower(name) <= last_) Fault(Quote(name) + " is not in sorted place");
    last_ = ToLower(name);
    const auto role = ParseRole(cells[kRole]);
    if (!role) Fault(Quote(cells[kRole]) + " is not a role");
    const std::string& country = cells[kCountry];
    if (!country.empty() &&
        (country.size() != 2 || !OnlyOf(country, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"))) {
      Fault(Quote(country) + " is not a country");
    }
    if (cells[kSource].empty()) Fault("source is empty");
    const std::string& confidence = cells[kConfidence];
    if (confidence != "high" && confidence != "medium" && confidence != "low") {
      Fault(Quote(confidence) + " is not high, medium or low");
    }
    unverified_ = List(cells[kUnverified]);
    shared_ = List(cells[kShared]);
    table_.rows.push_back({name, cells[kProvider], country, role.value_or(ServiceRole::kUnknown),
                           cells[kPublisher], Take(unverified_, "country"), cells[kSource],
                           confidence});
    AddItems(cells[kHostnames], ServiceItemKind::kHost);
    AddItems(cells[kVariables], ServiceItemKind::kVariable);
    AddItems(cells[kPackages], ServiceItemKind::kPackage);
    AddItems(cells[kPrefixes], ServiceItemKind::kModelPrefix);
    for (const auto* left : {&shared_, &unverified_}) {
      for (const std::string& item : *left) Fault(Quote(item) + " is no item of this row");
    }
  }

  static std::vector<std::string> List(const std::string& cell) {
    return cell.empty() ? std::vector<std::string>() : Split(cell, '|');
  }

  static bool Take(std::vector<std::string>& list, const std::string& item) {
    return std::erase(list, item) != 0;
  }

  void AddItems(const std::string& cell, ServiceItemKind kind) {
    for (const std::string& text : List(cell)) {
      const std::string fault = ItemFault(kind, text);
      if (!fault.empty()) Fault(Quote(text) + " " + fault);
      table_.items.push_back(
          {kind, text, table_.rows.size() - 1, Take(shared_, text), Take(unverified_, text)});
    }
  }

  std::vector<std::string>& errors_;
  ServiceTable table_;
  std::size_t line_ = 0;
  std::string last_;
  std::vector<std::string> shared_;
  std::vector<std::string> unverified_;
};

}  // namespace

std::size_t ServiceTable::RowOf(std::string_view service) const {
  const auto found = std::find_if(rows.begin(), rows.end(),
                                  [&](const ServiceRow& row) { return row.service == service; });
  return static_cast<std::size_t>(found - rows.begin());
}

std::vector<std::size_t> RowsOf(const ServiceTable& table, const std::vector<std::size_t>& items) {
  std::vector<std::size_t> rows;
  for (const std::size_t item : items) rows.push_back(table.items[item].row);
  std::sort(rows.begin(), rows.end());
  rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
  return rows;
}

ServiceStrength StrengthOf(const ServiceTable& table, const std::vector<std::size_t>& items) {
  for (const std::size_t item : items) {
    if (table.items[item].shared) return ServiceStrength::kWeak;
    if (table.rows[table.items[item].row].role == ServiceRole::kClient)
      return ServiceStrength::kWeak;
  }
  return ServiceStrength::kMedium;
}

bool AnyUnverified(const ServiceTable& table, const std::vector<std::size_t>& items) {
  return std::any_of(items.begin(), items.end(),
                     [&](std::size_t item) { return table.items[item].unverified; });
}

ServiceTable ParseServiceTable(std::string_view text, std::vector<std::string>& errors) {
  return TableReader(errors).Read(text);
}

const ServiceTable& EmbeddedServiceTable() {
  static const ServiceTable table = [] {
    std::vector<std::string> errors;
    return ParseServiceTable(EmbeddedServiceText(), errors);
  }();
  return table;
}

}  // namespace weighbridge
