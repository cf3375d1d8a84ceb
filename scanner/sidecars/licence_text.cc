#include "scanner/sidecars/licence_text.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>
#include <string_view>
#include <vector>

#include "scanner/base/text.h"
#include "scanner/sidecars/licence_markers.h"

namespace weighbridge {
namespace {

constexpr const char* kName = "licence_text";
constexpr std::size_t kMarkerHead = 4096;
constexpr std::size_t kTitleHead = 1024;

constexpr std::array<std::string_view, 7> kStems = {
    "license", "licence", "copying", "unlicense", "notice", "use_policy", "use-policy"};
// Extensions of texts; anything else under another name is not looked into.
constexpr std::array<std::string_view, 6> kTextExtensions = {"",    "txt",  "md",
                                                             "rst", "text", "html"};
// Code and data that is named after licences without being one.
constexpr std::array<std::string_view, 26> kOtherExtensions = {
    "csv", "tsv", "sql", "db", "json", "yml",  "yaml", "py", "pyc", "c",   "cc",  "cpp", "h",
    "hpp", "js",  "ts",  "go", "rs",   "java", "css",  "rb", "xml", "svg", "png", "qml", "pdf"};
// What agreements say and documentation rarely does; two of these are asked for.
constexpr std::array<std::string_view, 8> kAgreementPhrases = {
    "you agree",      "hereby granted", "hereby grants", "licensee",
    "by downloading", "is granted",     "governing law", "limitation of liability"};

template <std::size_t kSize>
bool OneOf(const std::array<std::string_view, kSize>& list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

// "txt" of "a.b.txt"; "" without a dot, and when a space follows it ("v1.0 text").
std::string_view Extension(std::string_view lower_name) {
  const std::size_t dot = lower_name.rfind('.');
  if (dot == std::string_view::npos) return {};
  const std::string_view extension = lower_name.substr(dot + 1);
  return extension.find(' ') == std::string_view::npos ? extension : std::string_view();
}

bool StartsWith(std::string_view text, std::string_view start) {
  return text.substr(0, start.size()) == start;
}

bool IsNotice(std::string_view file_name) { return StartsWith(ToLower(file_name), "notice"); }

bool ReadsLikeAgreement(std::string_view normalised) {
  return std::count_if(kAgreementPhrases.begin(), kAgreementPhrases.end(),
                       [&](std::string_view phrase) {
                         return normalised.find(phrase) != std::string_view::npos;
                       }) >= 2;
}

void TakeLicences(const std::vector<const LicenceMarker*>& found, const Limits& limits,
                  Artifact& artifact) {
  std::vector<std::string_view> ids;
  std::vector<std::string> territories;
  for (const LicenceMarker* marker : found) {
    if (std::find(ids.begin(), ids.end(), marker->id) != ids.end()) continue;
    ids.push_back(marker->id);
    AddClaim(artifact, limits, "licence:id", marker->id);
    AddClaim(artifact, limits, "licence:name", marker->name);
    AddClaim(artifact, limits, "licence:marker", marker->phrases[0]);
    for (std::string& territory : Split(marker->territories, '|')) {
      if (std::find(territories.begin(), territories.end(), territory) == territories.end()) {
        AddClaim(artifact, limits, "licence:territory_excluded", territory);
        territories.push_back(std::move(territory));
      }
    }
  }
}

void Become(const SideCarInput& input, Artifact& artifact) {
  artifact.kind = ArtifactKind::kLicenceText;
  artifact.format = kName;
  const std::uint64_t limit = input.limits.max_licence_text_bytes;
  if (input.source.size() > limit) {
    MarkPartial(artifact, ErrorCode::kLimitExceeded, kName,
                "text of " + std::to_string(input.source.size()) + " bytes, limit " +
                    std::to_string(limit));
  }
}

// A cheap look for the words that every model licence has in its title or first lines.
// Most files are asked this, so words are sought by a rare letter that they share.
bool MayBeLicence(std::string_view head) {
  struct Word {
    std::string_view word;
    std::size_t rare;
  };
  const auto has = [text = head.substr(0, kTitleHead)](char letter, auto... words) {
    for (std::size_t at = text.find(letter); at != text.npos; at = text.find(letter, at + 1)) {
      const auto fits = [&](const Word& part) {
        return at >= part.rare && text.substr(at - part.rare, part.word.size()) == part.word;
      };
      if ((... || fits(words))) return true;
    }
    return false;
  };
  return has('R', Word{"Open RAIL", 5}) ||
         has('U', Word{"erms of Use", 8}, Word{"ERMS OF USE", 8}, Word{"cceptable Use", 10}) ||
         has('C', Word{"ICENSE", 1}) || has('c', Word{"icense", 1});
}

}  // namespace

bool IsLicenceName(std::string_view file_name) {
  const std::string name = ToLower(file_name);
  const std::string_view extension = Extension(name);
  for (const std::string_view stem : kStems) {
    if (!StartsWith(name, stem)) continue;
    // "licensed_images", "noticeboard": the stem must end its word.
    const std::string_view rest = std::string_view(name).substr(stem.size());
    const bool ends =
        rest.empty() || std::isalpha(static_cast<unsigned char>(rest[0])) == 0 || rest[0] == 's';
    if (ends && !OneOf(kOtherExtensions, extension)) return true;
  }
  const bool contains = name.find("license") != std::string::npos ||
                        name.find("licence") != std::string::npos ||
                        name.find("use_policy") != std::string::npos;
  return contains && OneOf(kTextExtensions, extension);
}

bool ReadNamedLicence(const SideCarInput& input, Artifact& artifact) {
  if (input.window.head.empty() || !LooksLikeText(input.window.head)) return false;
  auto text = ReadText(input.source, input.limits.max_licence_text_bytes);
  if (!text.ok()) {
    Become(input, artifact);
    MarkPartial(artifact, text.error().code, kName, text.error().message);
    return true;
  }
  const std::string normalised = NormaliseLicenceText(text.value());
  const std::vector<const LicenceMarker*> found = FindLicences(normalised);
  if (found.empty() && (Trim(text.value()).empty() || IsNotice(input.window.file_name))) {
    return false;
  }
  Become(input, artifact);
  TakeLicences(found, input.limits, artifact);
  if (found.empty()) AddClaim(artifact, input.limits, "licence:id", "unknown");
  return true;
}

bool ReadUnnamedLicence(const SideCarInput& input, Artifact& artifact) {
  const std::string name = ToLower(input.window.file_name);
  if (!OneOf(kTextExtensions, Extension(name)) || StartsWith(name, "readme")) return false;
  if (input.source.size() > input.limits.max_licence_text_bytes) return false;
  const std::string_view head = AsText(input.window.head).substr(0, kMarkerHead);
  if (!MayBeLicence(head) || !LooksLikeText(input.window.head)) return false;
  if (!HasModelLicenceMarker(NormaliseLicenceText(head))) return false;
  auto text = ReadText(input.source, input.limits.max_licence_text_bytes);
  if (!text.ok()) return false;
  const std::string normalised = NormaliseLicenceText(text.value());
  const std::vector<const LicenceMarker*> found = FindLicences(normalised);
  const bool model_licence = std::any_of(
      found.begin(), found.end(), [](const LicenceMarker* row) { return row->model_licence; });
  if (!model_licence || !ReadsLikeAgreement(normalised)) return false;
  Become(input, artifact);
  TakeLicences(found, input.limits, artifact);
  return true;
}

}  // namespace weighbridge
