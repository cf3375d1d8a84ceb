#include "scanner/bundles/manifest.h"

#include <algorithm>
#include <array>

#include "scanner/base/json.h"
#include "scanner/base/text.h"

namespace weighbridge {
namespace {

constexpr const char* kFormat = "weighbridge-database-bundle";
constexpr std::uint64_t kMaxValidDays = 3660;
constexpr std::size_t kMaxVersionBytes = 32;

Error Wrong(const std::string& what) { return {ErrorCode::kMalformed, "manifest: " + what}; }

std::uint64_t UintOr0(const Json& object, const char* key) {
  const Json* value = Find(object, key);
  return value != nullptr && value->is_number_unsigned() ? value->get<std::uint64_t>() : 0;
}

bool IsDigest(std::string_view text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

// Order of the parts: catalogue, packs by name, services, parties. 4: no such part.
int Rank(std::string_view name) {
  if (name == kCatalogPart) return 0;
  if (IsPackPart(name)) return 1;
  if (name == kServicesPart) return 2;
  return name == kPartiesPart ? 3 : 4;
}

std::string PartFaults(const std::vector<ManifestPart>& parts) {
  std::array<std::size_t, 4> seen{};
  const ManifestPart* before = nullptr;
  for (const ManifestPart& part : parts) {
    const int rank = Rank(part.name);
    if (rank == 4) return "no bundle has a part " + Quote(part.name);
    if (!IsDigest(part.sha256)) return "part " + Quote(part.name) + ": sha256 is no digest";
    if (before != nullptr &&
        (Rank(before->name) > rank || (Rank(before->name) == rank && before->name >= part.name))) {
      return "part " + Quote(part.name) + " is not in its place";
    }
    ++seen[static_cast<std::size_t>(rank)];
    before = &part;
  }
  for (const int rank : {0, 1, 2}) {
    if (seen[static_cast<std::size_t>(rank)] == 0) {
      return std::string("no ") + (rank == 0   ? "catalog.sqlite"
                                   : rank == 1 ? "pack"
                                               : "services.tsv");
    }
  }
  return {};
}

std::string Faults(const BundleManifest& manifest) {
  if (!IsDatabaseVersion(manifest.version)) return "version is not numbers and dots";
  if (!manifest.previous_version.empty() && !IsDatabaseVersion(manifest.previous_version))
    return "previous_version is not numbers and dots";
  if (!IsIsoDate(manifest.date)) return "date is not YYYY-MM-DD";
  if (manifest.valid_days == 0 || manifest.valid_days > kMaxValidDays)
    return "valid_days is not from 1 to " + std::to_string(kMaxValidDays);
  if (manifest.expires != DaysAfter(manifest.date, manifest.valid_days))
    return "expires is not date and valid_days together";
  return PartFaults(manifest.parts);
}

}  // namespace

bool IsPackPart(std::string_view name) {
  constexpr std::string_view kEnd = ".json";
  if (!name.starts_with(kPackPrefix) || !name.ends_with(kEnd)) return false;
  name.remove_prefix(kPackPrefix.size());
  if (name.size() <= kEnd.size()) return false;
  name.remove_suffix(kEnd.size());
  return name.size() <= 64 &&
         name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string_view::npos;
}

bool IsDatabaseVersion(std::string_view text) {
  if (text.empty() || text.size() > kMaxVersionBytes) return false;
  for (const std::string& number : Split(text, '.')) {
    if (number.empty() || number.size() > 9 || !ParseUint(number)) return false;
  }
  return true;
}

int CompareVersions(std::string_view a, std::string_view b) {
  const std::vector<std::string> left = Split(a, '.'), right = Split(b, '.');
  for (std::size_t i = 0; i < std::max(left.size(), right.size()); ++i) {
    const std::uint64_t x = i < left.size() ? ParseUint(left[i]).value_or(0) : 0;
    const std::uint64_t y = i < right.size() ? ParseUint(right[i]).value_or(0) : 0;
    if (x != y) return x < y ? -1 : 1;
  }
  return 0;
}

// Civil date of a day count, after H. Hinnant's description of the proleptic calendar.
std::string DaysAfter(const std::string& date, std::uint64_t days) {
  if (!IsIsoDate(date) || days > 4'000'000) return {};
  const std::int64_t all =
      DaysBetween("1970-01-01", date) + static_cast<std::int64_t>(days) + 719'468;
  const std::int64_t era = all / 146'097;
  const std::int64_t of_era = all - era * 146'097;
  const std::int64_t year_of_era =
      (of_era - of_era / 1460 + of_era / 36'524 - of_era / 146'096) / 365;
  const std::int64_t of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t shifted = (5 * of_year + 2) / 153;  // months from March
  const std::int64_t day = of_year - (153 * shifted + 2) / 5 + 1;
  const std::int64_t month = shifted < 10 ? shifted + 3 : shifted - 9;
  const std::int64_t year = year_of_era + era * 400 + (month <= 2 ? 1 : 0);
  if (year > 9999 || all < 0) return {};
  const auto padded = [](std::int64_t number, std::size_t width) {
    std::string text = std::to_string(number);
    return text.size() < width ? std::string(width - text.size(), '0') + text : text;
  };
  return padded(year, 4) + "-" + padded(month, 2) + "-" + padded(day, 2);
}

std::string WriteManifest(const BundleManifest& manifest) {
  nlohmann::ordered_json out{{"format", kFormat},
                             {"format_version", kBundleFormatVersion},
                             {"version", manifest.version},
                             {"date", manifest.date},
                             {"valid_days", manifest.valid_days},
                             {"expires", manifest.expires},
                             {"previous_version", manifest.previous_version}};
  auto& parts = out["parts"] = nlohmann::ordered_json::array();
  for (const ManifestPart& part : manifest.parts) {
    parts.push_back({{"name", part.name}, {"size", part.size}, {"sha256", part.sha256}});
  }
  return out.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

Result<BundleManifest> ParseManifest(std::string_view text) {
  if (text.size() > kMaxManifestBytes) {
    return Error{ErrorCode::kLimitExceeded,
                 "manifest: larger than " + std::to_string(kMaxManifestBytes) + " bytes"};
  }
  Limits limits;
  limits.max_json_depth = 4;
  limits.max_json_values = 4096;
  auto parsed = ParseJson(text, limits, {.refuse_duplicate_keys = true});
  if (!parsed.ok()) return Error{parsed.error().code, "manifest: " + parsed.error().message};
  const Json& root = parsed.value();
  if (!root.is_object() || StringOr(root, "format") != kFormat) {
    return Wrong("not that of a weighbridge database bundle");
  }
  if (const std::uint64_t format = UintOr0(root, "format_version");
      format != kBundleFormatVersion) {
    return Error{ErrorCode::kUnsupported, "manifest: format version " + std::to_string(format) +
                                              ", this program reads " +
                                              std::to_string(kBundleFormatVersion)};
  }
  BundleManifest manifest;
  manifest.version = StringOr(root, "version");
  manifest.date = StringOr(root, "date");
  manifest.valid_days = UintOr0(root, "valid_days");
  manifest.expires = StringOr(root, "expires");
  manifest.previous_version = StringOr(root, "previous_version");
  const Json* parts = Find(root, "parts");
  if (parts == nullptr || !parts->is_array()) return Wrong("no parts");
  for (const Json& part : *parts) {
    manifest.parts.push_back(
        {StringOr(part, "name"), UintOr0(part, "size"), StringOr(part, "sha256")});
  }
  if (std::string fault = Faults(manifest); !fault.empty()) return Wrong(fault);
  if (WriteManifest(manifest) != text) return Wrong("not in the form that is written here");
  return manifest;
}

}  // namespace weighbridge
