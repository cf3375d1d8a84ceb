// Layout (huggingface_hub repocard.py): optional white space, a line `---`, YAML, a
// line `---`; lines end in LF, CRLF or CR.
//
//   ---
//   license: other
//   license_name: qwen-research
//   base_model:
//   - Qwen/Qwen2.5-3B
//   base_model_relation: quantized
//   ---
//
// Embedding models carry `model-index` blocks of several hundred KiB there; nothing
// in them is a claim of ours, so that block is blanked before the YAML is parsed.
#include "scanner/sidecars/model_card.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "scanner/base/text.h"
#include "scanner/sidecars/yaml.h"

namespace weighbridge {
namespace {

constexpr const char* kName = "model_card";
// Longest front matter looked for; the largest seen on the Hub are below 1 MiB.
constexpr std::uint64_t kMaxFrontMatterBytes = 4ULL << 20;

// Keys that become claims "card:KEY".
constexpr std::array<std::string_view, 16> kClaimKeys = {
    "license",      "license_name", "license_link", "base_model",    "base_model_relation",
    "library_name", "pipeline_tag", "model_name",   "quantized_by",  "tags",
    "language",     "datasets",     "new_version",  "model_creator", "model_type",
    "inference"};

// Keys that alone make a front matter a model card; site generators use the others too.
constexpr std::array<std::string_view, 11> kTellingKeys = {
    "license",      "license_name", "license_link", "base_model",  "base_model_relation",
    "library_name", "pipeline_tag", "quantized_by", "model-index", "model_name",
    "datasets"};

template <std::size_t kSize>
bool OneOf(const std::array<std::string_view, kSize>& list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

struct FrontMatter {
  std::string yaml;            // line ends made LF
  std::size_t first_line = 1;  // of yaml in the file
  bool closed = false;
};

std::string WithPlainLineEnds(std::string_view text) {
  std::string plain;
  plain.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\r') {
      plain += text[i];
    } else if (i + 1 == text.size() || text[i + 1] != '\n') {
      plain += '\n';
    }
  }
  return plain;
}

std::string_view TrimRight(std::string_view line) {
  while (!line.empty() && (line.back() == ' ' || line.back() == '\t')) line.remove_suffix(1);
  return line;
}

// True when the text's first non-space line is `---`; `*at` is then what follows it.
bool OpensFrontMatter(std::string_view text, std::size_t* at, std::size_t* line) {
  if (text.substr(0, 3) == "\xEF\xBB\xBF") *at = 3;
  while (*at < text.size()) {
    std::size_t end = text.find('\n', *at);
    if (end == std::string_view::npos) end = text.size();
    const std::string_view content = Trim(text.substr(*at, end - *at));
    ++*line;
    *at = std::min(end + 1, text.size());
    if (!content.empty()) return content == "---";
  }
  return false;
}

std::optional<FrontMatter> FindFrontMatter(std::string_view raw) {
  const std::string text = WithPlainLineEnds(raw);
  const std::string_view view = text;
  std::size_t at = 0;
  FrontMatter found;
  if (!OpensFrontMatter(view, &at, &found.first_line)) return std::nullopt;
  for (std::size_t line = at; line < view.size();) {
    std::size_t end = view.find('\n', line);
    if (end == std::string_view::npos) end = view.size();
    if (TrimRight(view.substr(line, end - line)) == "---") {
      found.yaml = std::string(view.substr(at, line - at));
      found.closed = true;
      return found;
    }
    line = end + 1;
  }
  found.yaml = std::string(view.substr(at));
  return found;
}

// Replaces the lines of a top-level `model-index:` block by empty ones.
std::string WithoutModelIndex(const std::string& yaml) {
  std::string kept;
  kept.reserve(yaml.size());
  bool inside = false;
  for (std::size_t at = 0; at < yaml.size();) {
    std::size_t end = yaml.find('\n', at);
    if (end == std::string::npos) end = yaml.size();
    const std::string_view line = std::string_view(yaml).substr(at, end - at);
    if (!line.empty() && line[0] != ' ' && line[0] != '-' && line[0] != '\t') {
      inside = line.substr(0, 12) == "model-index:" && Trim(line.substr(12)).empty();
    }
    if (!inside) kept.append(line);
    kept += '\n';
    at = end + 1;
  }
  return kept;
}

bool HasTellingKey(std::string_view yaml) {
  for (std::size_t at = 0; at < yaml.size();) {
    std::size_t end = yaml.find('\n', at);
    if (end == std::string_view::npos) end = yaml.size();
    const std::string_view line = yaml.substr(at, end - at);
    const std::size_t colon = line.find(':');
    if (colon != std::string_view::npos && OneOf(kTellingKeys, TrimRight(line.substr(0, colon)))) {
      return true;
    }
    at = end + 1;
  }
  return false;
}

void TakeNode(const YamlNode& node, const std::string& key, const Limits& limits,
              Artifact& artifact) {
  if (node.kind == YamlNode::Kind::kScalar) AddClaim(artifact, limits, key, Trim(node.scalar));
  for (const YamlNode& item : node.items) {
    if (item.kind == YamlNode::Kind::kScalar) AddClaim(artifact, limits, key, Trim(item.scalar));
  }
}

void TakeCard(const YamlNode& root, const Limits& limits, Artifact& artifact) {
  std::map<std::string_view, int> seen;
  for (const auto& [key, node] : root.fields) {
    if (!OneOf(kClaimKeys, key)) continue;
    if (++seen[key] == 2) {
      AddDiagnostic(artifact, ErrorCode::kMalformed, kName, "key " + Quote(key) + " stands twice");
    }
    TakeNode(node, "card:" + key, limits, artifact);
  }
}

}  // namespace

bool ReadModelCard(const SideCarInput& input, Artifact& artifact) {
  const char first = FirstByte(AsText(input.window.head));
  if (first != '-' || !LooksLikeText(input.window.head)) return false;
  auto text = ReadText(input.source, kMaxFrontMatterBytes);
  if (!text.ok()) {
    if (!HasTellingKey(AsText(input.window.head))) return false;
    artifact.kind = ArtifactKind::kModelCard;
    artifact.format = kName;
    MarkPartial(artifact, text.error().code, kName, text.error().message);
    return true;
  }
  const std::optional<FrontMatter> front = FindFrontMatter(text.value());
  if (!front.has_value() || !HasTellingKey(front->yaml)) return false;
  // Without the closing line the head may be any Markdown that starts with a rule.
  const YamlDocument document =
      ParseYaml(WithoutModelIndex(front->yaml), input.limits, front->first_line);
  if (document.root.kind != YamlNode::Kind::kMap && !document.error.has_value()) return false;

  artifact.kind = ArtifactKind::kModelCard;
  artifact.format = kName;
  TakeCard(document.root, input.limits, artifact);
  if (document.error.has_value()) {
    MarkPartial(artifact, document.error->code, kName, document.error->message);
  } else if (!front->closed) {
    MarkPartial(artifact, ErrorCode::kTruncated, kName, "front matter has no closing line");
  }
  return true;
}

}  // namespace weighbridge
