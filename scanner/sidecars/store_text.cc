// Store documents in plain text.
//
//   refs/<ref>                  40 hexadecimal digits
//   <sha1>.descriptor.txt       "Module: URL", "Download Time: ...", "Downloader Hostname: ..."
//   config.pbtxt                name: "x"  platform: "onnxruntime_onnx"  ...
//   RECORD                      path,sha256=<URL-safe base 64 without padding>,size
#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "scanner/base/text.h"
#include "scanner/sidecars/licence_text.h"
#include "scanner/sidecars/small_json.h"
#include "scanner/sidecars/store_documents.h"

namespace weighbridge {
namespace {

constexpr std::uint64_t kMaxTextBytes = 1ULL << 20;
constexpr std::size_t kMaxRecordRows = 20'000;
constexpr std::size_t kMaxStated = 512;  // digests kept of one RECORD

bool IsHex(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789abcdefABCDEF") == text.npos;
}

std::string InnermostPath(const Location& location) {
  return location.members.empty() ? location.path : location.members.back();
}

std::optional<std::string> SmallText(const SideCarInput& input, std::uint64_t limit) {
  if (input.source.size() > limit || !LooksLikeText(input.window.head)) return std::nullopt;
  auto text = ReadText(input.source, limit);
  if (!text.ok()) return std::nullopt;
  return std::move(text).value();
}

// The text in quotes after "key:" at the start of a line that is not in a block.
std::string TopLevelString(std::string_view text, std::string_view key) {
  int depth = 0;
  for (const std::string& raw : Split(text, '\n')) {
    const std::string_view line = Trim(raw);
    if (depth == 0 && line.substr(0, key.size()) == key) {
      const std::string_view rest = Trim(line.substr(key.size()));
      if (rest.substr(0, 1) == ":") {
        const std::size_t open = rest.find('"');
        const std::size_t close = open == rest.npos ? rest.npos : rest.find('"', open + 1);
        if (close != rest.npos) return std::string(rest.substr(open + 1, close - open - 1));
      }
    }
    for (const char c : line.substr(0, line.find('#'))) {
      if (c == '{' || c == '[') ++depth;
      if ((c == '}' || c == ']') && depth > 0) --depth;
    }
  }
  return {};
}

std::optional<std::string> HexOfBase64(std::string_view text) {
  std::string hex;
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : text) {
    constexpr std::string_view kAlphabet =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    if (c == '=') break;
    const std::size_t value = kAlphabet.find(c);
    if (value == kAlphabet.npos) return std::nullopt;
    bits = (bits << 6) | static_cast<std::uint32_t>(value);
    count += 6;
    if (count < 8) continue;
    count -= 8;
    const auto byte = static_cast<std::uint8_t>((bits >> count) & 0xFF);
    hex += Hex(&byte, 1);
  }
  return hex;
}

bool MayBeModelFile(std::string_view path) {
  constexpr auto kEndings = std::to_array<std::string_view>(
      {".safetensors", ".bin", ".gguf", ".ggml", ".pt", ".pth", ".ckpt", ".onnx", ".h5", ".keras",
       ".msgpack", ".npz", ".npy", ".pb", ".pkl", ".joblib", ".tflite", ".model"});
  if (std::any_of(kEndings.begin(), kEndings.end(),
                  [&](std::string_view ending) { return EndsWithNoCase(path, ending); })) {
    return true;
  }
  return path.substr(path.rfind('/') + 1) == "model";  // spaCy: ner/model
}

// The commas of a quoted path do not separate fields.
std::array<std::string, 3> RecordRow(std::string_view line) {
  std::array<std::string, 3> fields;
  std::size_t at = 0;
  bool quoted = false;
  for (const char c : line) {
    if (c == '"') {
      quoted = !quoted;
    } else if (c == ',' && !quoted) {
      if (++at == fields.size()) break;
    } else {
      fields[at] += c;
    }
  }
  return fields;
}

bool IsBlobName(std::string_view name) {
  if (name.substr(0, 7) != "sha256-" && name.substr(0, 7) != "sha256:") return false;
  return name.size() == 71 && IsHex(name.substr(7));
}

// The text of a licence that is known, and not of a template or a prompt.
bool TakeLicence(const SideCarInput& input, const std::string& text, Artifact& artifact) {
  if (text.size() < 200 || text.find("{{") != text.npos) return false;
  Artifact licence = artifact;
  if (!ReadNamedLicence(input, licence)) return false;
  const std::vector<std::string> ids = licence.ClaimList("licence:id");
  if (ids.empty() || ids.front() == "unknown") return false;
  artifact = std::move(licence);
  return true;
}

bool TakeParameters(const Json& root, const Limits& limits, Artifact& artifact) {
  if (!root.is_object()) return false;
  artifact.kind = ArtifactKind::kModelfile;
  artifact.format = "store_layer";
  for (const auto& [key, value] : root.items()) {
    if (value.is_array()) {
      for (const Json& item : value) {
        AddClaim(artifact, limits, "layer:param", key + "=" + ScalarText(item));
      }
    } else {
      AddClaim(artifact, limits, "layer:param", key + "=" + ScalarText(value));
    }
  }
  return true;
}

}  // namespace

bool ReadHubRef(const SideCarInput& input, Artifact& artifact) {
  constexpr std::uint64_t kMaxRef = 64;
  if (input.source.size() < 40 || input.source.size() > kMaxRef) return false;
  const std::string path = InnermostPath(artifact.location);
  const std::size_t refs = path.find("/refs/");
  if (refs == std::string::npos) return false;
  const std::size_t slash = refs == 0 ? path.npos : path.rfind('/', refs - 1);
  const std::string folder =
      path.substr(slash == path.npos ? 0 : slash + 1, refs - (slash == path.npos ? 0 : slash + 1));
  if (folder.rfind("models--", 0) != 0) return false;
  const std::string_view commit = Trim(AsText(input.window.head));
  if (commit.size() != 40 || !IsHex(commit)) return false;
  artifact.kind = ArtifactKind::kHubMetadata;
  artifact.format = "hub_ref";
  AddClaim(artifact, input.limits, "hubref:name", path.substr(refs + 6));
  AddClaim(artifact, input.limits, "hubref:commit", ToLower(commit));
  return true;
}

bool ReadTfHubDescriptor(const SideCarInput& input, Artifact& artifact) {
  const auto text = SmallText(input, 4096);
  constexpr std::string_view kModule = "Module: ";
  if (!text || text->rfind(kModule, 0) != 0) return false;
  artifact.kind = ArtifactKind::kHubMetadata;
  artifact.format = "tfhub_descriptor";
  AddClaim(artifact, input.limits, "tfhub:module",
           Trim(std::string_view(*text).substr(kModule.size(), text->find('\n') - kModule.size())));
  return true;
}

bool ReadTritonConfig(const SideCarInput& input, Artifact& artifact) {
  const auto text = SmallText(input, kMaxTextBytes);
  if (!text) return false;
  const std::string platform = TopLevelString(*text, "platform");
  const std::string backend = TopLevelString(*text, "backend");
  if (platform.empty() && backend.empty()) return false;
  artifact.kind = ArtifactKind::kHubMetadata;
  artifact.format = "triton_config";
  AddClaim(artifact, input.limits, "triton:name", TopLevelString(*text, "name"));
  AddClaim(artifact, input.limits, "triton:platform", platform);
  AddClaim(artifact, input.limits, "triton:backend", backend);
  return true;
}

bool ReadWheelRecord(const SideCarInput& input, Artifact& artifact) {
  if (!EndsWithNoCase(input.window.folder_name, ".dist-info")) return false;
  const auto text = SmallText(input, 16 * kMaxTextBytes);
  if (!text) return false;
  std::vector<StatedDigest> stated;
  std::size_t rows = 0;
  std::string_view rest = *text;
  while (!rest.empty() && ++rows <= kMaxRecordRows && stated.size() < kMaxStated) {
    const std::size_t end = rest.find('\n');
    const std::array<std::string, 3> row = RecordRow(Trim(rest.substr(0, end)));
    rest = end == rest.npos ? std::string_view() : rest.substr(end + 1);
    if (row[1].rfind("sha256=", 0) != 0 || !MayBeModelFile(row[0])) continue;
    const auto hex = HexOfBase64(std::string_view(row[1]).substr(7));
    if (!hex || hex->size() != 64) continue;
    stated.push_back({"sha256", *hex, row[0], ParseUint(row[2]).value_or(0)});
  }
  if (stated.empty()) return false;
  artifact.kind = ArtifactKind::kHubMetadata;
  artifact.format = "wheel_record";
  artifact.stated_digests = std::move(stated);
  std::string package(input.window.folder_name);
  package.resize(package.size() - 10);
  const std::size_t dash = package.rfind('-');
  AddClaim(artifact, input.limits, "wheel:name", package.substr(0, dash));
  if (dash != package.npos)
    AddClaim(artifact, input.limits, "wheel:version", package.substr(dash + 1));
  return true;
}

bool ReadStoreText(const SideCarInput& input, Artifact& artifact) {
  if (!IsBlobName(input.window.file_name) || input.window.folder_name != "blobs") return false;
  const auto text = SmallText(input, kMaxTextBytes);
  if (!text || !IsValidUtf8(*text)) return false;
  if (FirstByte(*text) == '{' &&
      ReadSmallJson(input, "store_layer", artifact, ArtifactKind::kModelfile, TakeParameters)) {
    return true;
  }
  if (TakeLicence(input, *text, artifact)) return true;
  artifact.kind = ArtifactKind::kModelfile;
  artifact.format = "store_layer";
  AddClaim(artifact, input.limits, "layer:text", Trim(*text));
  return true;
}

}  // namespace weighbridge
