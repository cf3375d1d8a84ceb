// The manifest of a database bundle: what it is, until when it is meant to be used, and
// the size and SHA-256 of each part. It has one written form; any other text is refused,
// so that the signature over it and its digest mean one thing. See rules/catalog/README.md.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "weighbridge/result.h"

namespace weighbridge {

inline constexpr std::uint64_t kBundleFormatVersion = 1;
inline constexpr std::size_t kMaxManifestBytes = 64 << 10;

struct ManifestPart {
  std::string name;  // "catalog.sqlite", "packs/eu.json", "services.tsv", "parties.sqlite"
  std::uint64_t size = 0;
  std::string sha256;
};

struct BundleManifest {
  std::string version;  // "2026.11.24": numbers and dots, so that two can be compared
  std::string date;     // ISO; when its tables were last reviewed
  std::uint64_t valid_days = 0;
  std::string expires;           // date + valid_days: the last day of use
  std::string previous_version;  // "" when it is not stated
  std::vector<ManifestPart> parts;
};

// The names that parts may have, in the order that they must have.
inline constexpr std::string_view kCatalogPart = "catalog.sqlite";
inline constexpr std::string_view kServicesPart = "services.tsv";
inline constexpr std::string_view kPartiesPart = "parties.sqlite";
inline constexpr std::string_view kPackPrefix = "packs/";
// True for "packs/NAME.json", NAME of a-z, 0-9 and '-', 64 at most.
bool IsPackPart(std::string_view name);

bool IsDatabaseVersion(std::string_view text);
// Below 0, 0 or above 0; numbers are compared, "2026.9.1" comes before "2026.11.24".
int CompareVersions(std::string_view a, std::string_view b);
// The ISO date `days` after an ISO date; "" beyond the year 9999.
std::string DaysAfter(const std::string& date, std::uint64_t days);

std::string WriteManifest(const BundleManifest& manifest);
// kUnsupported for the manifest of another format version.
Result<BundleManifest> ParseManifest(std::string_view text);

}  // namespace weighbridge
