#include "scanner/formats/sif_claims.h"

#include <chrono>
#include <cstdio>

#include "scanner/base/json.h"
#include "scanner/base/text.h"
#include "scanner/source/sif_directory.h"

namespace weighbridge {
namespace {

constexpr std::uint64_t kMaxText = 1U << 20;  // of one object
constexpr std::size_t kMaxClaims = 256;
constexpr std::size_t kMaxValue = 1024;

class SifClaims {
 public:
  explicit SifClaims(Artifact& artifact) : artifact_(artifact) {}

  void Add(const std::string& key, std::string_view value) {
    value = Trim(value);
    if (value.empty() || ++kept_ > kMaxClaims) return;
    artifact_.claims.push_back(
        {Printable(key.substr(0, kMaxValue)), Printable(value.substr(0, kMaxValue))});
  }

  void AddLabels(const Json* labels) {
    if (labels == nullptr || !labels->is_object()) return;
    for (const auto& [key, value] : labels->items()) {
      if (value.is_string()) Add("sif:label." + key, value.get_ref<const std::string&>());
    }
  }

  // "Bootstrap: docker", "From: ubuntu:22.04" of every stage.
  void AddDefinition(std::string_view text) {
    for (const std::string& line : Split(text, '\n')) {
      const std::string_view plain = Trim(line);
      const std::string key = ToLower(Trim(plain.substr(0, plain.find(':'))));
      if (key == "bootstrap" || key == "from") Add("sif:deffile", plain);
    }
  }

  void AddEnvironment(std::string_view text) {
    for (const std::string& line : Split(text, '\n')) {
      std::string_view plain = Trim(line);
      if (plain.starts_with("export ")) plain = Trim(plain.substr(7));
      const std::string_view name = plain.substr(0, plain.find('='));
      const bool plain_name =
          name.find_first_not_of(
              "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_") == name.npos;
      if (name.size() < plain.size() && plain_name) Add("sif:env", name);
    }
  }

  void AddMetadata(const Json& document) {
    const Json* data = Find(document, "data");
    const Json* attributes = data == nullptr ? nullptr : Find(*data, "attributes");
    if (attributes == nullptr) return;
    AddLabels(Find(*attributes, "labels"));
    AddDefinition(StringOr(*attributes, "deffile"));
  }

 private:
  Artifact& artifact_;
  std::size_t kept_ = 0;
};

std::string IsoTimeOf(std::int64_t unix_seconds) {
  constexpr std::int64_t kYear10000 = 253'402'300'800;
  if (unix_seconds <= 0 || unix_seconds >= kYear10000) return {};
  const std::chrono::sys_seconds time{std::chrono::seconds(unix_seconds)};
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  char text[40];
  std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02dZ", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()));
  return text;
}

void DescribeObject(const ByteSource& source, const SifObject& object, SifClaims& claims) {
  const bool metadata = object.Is(SifType::kJson) && object.name == "inspect-metadata.json";
  const bool labels = object.Is(SifType::kLabels);
  const bool definition = object.Is(SifType::kDefinitionFile);
  if (!metadata && !labels && !definition && !object.Is(SifType::kEnvironment)) return;
  if (!object.located || object.size > kMaxText) return;
  auto bytes = ReadExactly(source, object.offset, object.size);
  if (!bytes.ok()) return;
  const std::string_view text = AsText(bytes.value());
  if (definition) return claims.AddDefinition(text);
  if (object.Is(SifType::kEnvironment)) return claims.AddEnvironment(text);
  const auto json = ParseJson(text, Limits{});
  if (!json.ok()) return;
  if (metadata) return claims.AddMetadata(json.value());
  claims.AddLabels(&json.value());
}

}  // namespace

void DescribeSif(const ProbeWindow& window, Artifact& artifact) {
  if (window.head.size() < kSifHeaderBytes) return;
  const std::string_view version = AsText(window.head.subspan(42, 3));
  artifact.format_version = Printable(version.substr(0, version.find('\0')));
  if (window.source == nullptr) return;
  const auto directory = ReadSifDirectory(*window.source);
  if (!directory.ok()) return;
  SifClaims claims(artifact);
  claims.Add("sif:arch", directory.value().architecture);
  claims.Add("sif:created", IsoTimeOf(directory.value().created));
  for (const SifObject& object : directory.value().objects) {
    DescribeObject(*window.source, object, claims);
  }
}

}  // namespace weighbridge
