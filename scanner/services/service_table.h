// The table of hosted services: rules/catalog/services.tsv, embedded by the build.
// Columns: service, provider, country (of the provider's headquarters), role, publisher
// (hub namespace of its own models), hostnames, env_vars, packages ("pypi:openai"),
// model_prefixes, shared (items that other things use too), unverified (items not read
// at a source), source, confidence. Lists by '|'.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "weighbridge/service.h"

namespace weighbridge {

struct ServiceRow {
  std::string service;
  std::string provider;
  std::string country;
  ServiceRole role = ServiceRole::kUnknown;
  std::string publisher;
  bool country_unverified = false;
  std::string source;
  std::string confidence;
};

enum class ServiceItemKind { kHost, kVariable, kPackage, kModelPrefix };

struct ServiceItem {
  ServiceItemKind kind = ServiceItemKind::kHost;
  std::string text;
  std::size_t row = 0;  // index into ServiceTable::rows
  bool shared = false;
  bool unverified = false;
};

struct ServiceTable {
  std::vector<ServiceRow> rows;
  std::vector<ServiceItem> items;
  std::size_t RowOf(std::string_view service) const;  // rows.size() when there is none
};

// Of items of the table, by their indexes: their rows, sorted and distinct.
std::vector<std::size_t> RowsOf(const ServiceTable& table, const std::vector<std::size_t>& items);
// kMedium for what only its service uses, kWeak for what is shared or of any client.
ServiceStrength StrengthOf(const ServiceTable& table, const std::vector<std::size_t>& items);
bool AnyUnverified(const ServiceTable& table, const std::vector<std::size_t>& items);

// Reads the table; every fault is appended to `errors` as "services.tsv:line: message".
ServiceTable ParseServiceTable(std::string_view text, std::vector<std::string>& errors);

std::string_view EmbeddedServiceText();  // in the made file
// The embedded table; that it has no faults is tested.
const ServiceTable& EmbeddedServiceTable();

}  // namespace weighbridge
