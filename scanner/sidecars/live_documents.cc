#include "scanner/sidecars/live_documents.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "scanner/base/text.h"

namespace weighbridge {
namespace {

constexpr std::uint64_t kMaxJsonBytes = 16ULL << 20;
constexpr std::uint64_t kMaxTextBytes = 128;
constexpr std::size_t kMaxNames = 64;  // of one image

bool IsDigest(std::string_view text) {
  return text.substr(0, 7) == "sha256:" && IsSha256Hex(text.substr(7));
}

// 64 hexadecimal digits, or 25 of base 36 when BuildKit made the layer.
bool IsCacheId(std::string_view text) {
  if (IsSha256Hex(text)) return true;
  return text.size() == 25 &&
         text.find_first_not_of("0123456789abcdefghijklmnopqrstuvwxyz") == text.npos;
}

// The last `count` components of the file's path, fewer when it has fewer.
std::vector<std::string> LastParts(const Location& location, std::size_t count) {
  std::string_view path =
      location.members.empty() ? std::string_view(location.path) : location.members.back();
  std::vector<std::string> parts;
  while (parts.size() < count && !path.empty()) {
    const std::size_t slash = path.rfind('/');
    const std::size_t from = slash == path.npos ? 0 : slash + 1;
    parts.emplace(parts.begin(), path.substr(from));
    path = slash == path.npos ? std::string_view() : path.substr(0, slash);
  }
  return parts;
}

// True when the path ends with these components; "" stands for any.
bool EndsWithParts(const Location& location, const std::vector<std::string_view>& wanted) {
  const std::vector<std::string> parts = LastParts(location, wanted.size());
  return parts.size() == wanted.size() &&
         std::equal(parts.begin(), parts.end(), wanted.begin(),
                    [](const std::string& part, std::string_view want) {
                      return want.empty() ? !part.empty() : part == want;
                    });
}

void Become(Artifact& artifact, const char* format) {
  artifact.kind = ArtifactKind::kHubMetadata;
  artifact.format = format;
}

std::string OneLine(std::string text) {
  std::replace_if(
      text.begin(), text.end(), [](char c) { return c == '\t' || c == '\n'; }, ' ');
  return text;
}

std::string Field(const Json& object, const char* key) { return OneLine(StringOr(object, key)); }

// The whole content of a small text file, without the white space around it.
std::string SmallText(const SideCarInput& input) {
  if (input.source.size() > kMaxTextBytes) return {};
  auto text = ReadText(input.source, kMaxTextBytes);
  return text.ok() ? std::string(Trim(text.value())) : std::string();
}

// The document at a place where nothing else lies. Null, with a diagnostic in the
// artifact, when it cannot be read as JSON.
Json ReadDocument(const SideCarInput& input, const char* format, Artifact& artifact) {
  Become(artifact, format);
  if (input.source.size() > kMaxJsonBytes) {
    MarkPartial(artifact, ErrorCode::kLimitExceeded, format, "more than 16 MiB");
    return {};
  }
  auto text = ReadText(input.source, kMaxJsonBytes);
  auto root = text.ok() ? ParseJson(text.value(), input.limits) : Result<Json>(text.error());
  if (root.ok()) return std::move(root).value();
  MarkPartial(artifact, root.error().code, format, root.error().message);
  return {};
}

bool ReadDockerNames(const SideCarInput& input, Artifact& artifact) {
  if (!EndsWithParts(artifact.location, {"image", "", "repositories.json"})) return false;
  if (FirstByte(AsText(input.window.head)) != '{') return false;
  const Json root = ReadDocument(input, "docker_names", artifact);
  const Json* repositories = Find(root, "Repositories");
  if (repositories == nullptr || !repositories->is_object()) return true;
  for (const auto& [repository, references] : repositories->items()) {
    if (!references.is_object()) continue;
    for (const auto& [reference, id] : references.items()) {
      if (!id.is_string() || !IsDigest(id.get_ref<const std::string&>())) continue;
      AddClaim(artifact, input.limits, "docker:name",
               OneLine(reference) + "\t" + id.get<std::string>());
    }
  }
  return true;
}

bool ReadDockerLayer(const SideCarInput& input, Artifact& artifact) {
  const std::string name(input.window.file_name);
  if (!EndsWithParts(artifact.location, {"layerdb", "sha256", "", name}) ||
      !IsSha256Hex(input.window.folder_name)) {
    return false;
  }
  const std::string text = SmallText(input);
  if (name == "cache-id" ? !IsCacheId(text) : !IsDigest(text)) return false;
  Become(artifact, "docker_layer");
  AddClaim(artifact, input.limits, "dockerlayer:" + name, text);
  return true;
}

bool ReadDockerDiffId(const SideCarInput& input, Artifact& artifact) {
  if (!EndsWithParts(artifact.location, {"distribution", "diffid-by-digest", "sha256", ""})) {
    return false;
  }
  const std::string text = SmallText(input);
  if (!IsDigest(text)) return false;
  Become(artifact, "docker_diffid");
  AddClaim(artifact, input.limits, "dockerlayer:diff_id", text);
  return true;
}

bool ReadStorageImages(const SideCarInput& input, Artifact& artifact) {
  if (FirstByte(AsText(input.window.head)) != '[') return false;
  const Json root = ReadDocument(input, "storage_images", artifact);
  if (!root.is_array()) return true;
  for (const Json& image : root) {
    if (!image.is_object()) continue;
    std::string digest = Field(image, "digest");
    if (const Json* digests = Find(image, "big-data-digests"); digest.empty() && digests) {
      digest = Field(*digests, "manifest");
    }
    std::string line = Field(image, "id") + "\t" + Field(image, "layer") + "\t" + digest;
    std::size_t kept = 0;
    if (const Json* names = Find(image, "names"); names != nullptr && names->is_array()) {
      for (const Json& name : *names) {
        if (name.is_string() && ++kept <= kMaxNames) line += "\t" + OneLine(ScalarText(name));
      }
    }
    AddClaim(artifact, input.limits, "storage:image", line);
  }
  return true;
}

bool ReadStorageLayers(const SideCarInput& input, Artifact& artifact) {
  if (FirstByte(AsText(input.window.head)) != '[') return false;
  const Json root = ReadDocument(input, "storage_layers", artifact);
  if (!root.is_array()) return true;
  for (const Json& layer : root) {
    if (!layer.is_object()) continue;
    AddClaim(artifact, input.limits, "storage:layer",
             Field(layer, "id") + "\t" + Field(layer, "parent") + "\t" +
                 Field(layer, "diff-digest") + "\t" + Field(layer, "compressed-diff-digest"));
  }
  return true;
}

// A second copy of an image's manifest, or its configuration: big data of containers/
// storage, named "=" and the base 64 of its key.
bool ReadStorageData(const SideCarInput& input, Artifact& artifact) {
  const std::vector<std::string> parts = LastParts(artifact.location, 3);
  if (parts.size() != 3 || !EndsWithNoCase(parts[0], "-images") || !IsSha256Hex(parts[1]))
    return false;
  if (FirstByte(AsText(input.window.head)) != '{') return false;
  Become(artifact, "storage_data");
  return true;
}

// Databases of the engines that say nothing of images.
bool ReadOtherDatabase(const SideCarInput& input, Artifact& artifact) {
  constexpr std::string_view kMagic("\xED\xDA\x0C\xED", 4);
  if (AsText(input.window.head).substr(std::min<std::size_t>(16, input.window.head.size()), 4) !=
      kMagic) {
    return false;
  }
  const bool known = input.window.folder_name == "buildkit" ||
                     EndsWithParts(artifact.location, {"network", "files", "local-kv.db"}) ||
                     EndsWithParts(artifact.location, {"volumes", "metadata.db"}) ||
                     EndsWithParts(artifact.location, {"builder", "fscache.db"}) ||
                     EndsWithParts(artifact.location, {"libpod", "bolt_state.db"});
  if (known) Become(artifact, "engine_database");
  return known;
}

}  // namespace

bool ReadEngineDatabase(const SideCarInput& input, Artifact& artifact) {
  const std::string_view name = input.window.file_name;
  const std::string_view folder = input.window.folder_name;
  if (!name.ends_with(".db")) return false;
  if (name == "meta.db" && folder == "io.containerd.metadata.v1.bolt") {
    return ReadContainerdImages(input, artifact);
  }
  if (name == "metadata.db" && folder.starts_with("io.containerd.snapshotter.v1.")) {
    return ReadContainerdSnapshots(input, artifact);
  }
  return ReadOtherDatabase(input, artifact);
}

bool ReadLiveDocument(const SideCarInput& input, Artifact& artifact) {
  const std::string_view name = input.window.file_name;
  const std::string_view folder = input.window.folder_name;
  if (name == "repositories.json") return ReadDockerNames(input, artifact);
  if (name == "cache-id" || name == "diff" || name == "parent") {
    return ReadDockerLayer(input, artifact);
  }
  if (folder == "sha256" && IsSha256Hex(name)) return ReadDockerDiffId(input, artifact);
  if (name == "images.json" && folder.ends_with("-images")) {
    return ReadStorageImages(input, artifact);
  }
  if ((name == "layers.json" || name == "volatile-layers.json") && folder.ends_with("-layers")) {
    return ReadStorageLayers(input, artifact);
  }
  if (name.starts_with("=")) return ReadStorageData(input, artifact);
  return ReadEngineDatabase(input, artifact);
}

}  // namespace weighbridge
