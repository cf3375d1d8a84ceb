#include "scanner/sidecars/oci_document.h"

#include <algorithm>

#include "scanner/base/text.h"
#include "scanner/sidecars/small_json.h"

namespace weighbridge {
namespace {

constexpr std::size_t kMaxLayers = 4096;
constexpr std::size_t kMaxAnnotations = 64;
constexpr std::size_t kMaxVariables = 512;

void Become(Artifact& artifact, const char* format) {
  artifact.kind = ArtifactKind::kImageManifest;
  artifact.format = format;
}

std::string Field(const Json& object, const char* key) {
  std::string text = StringOr(object, key);
  std::replace_if(
      text.begin(), text.end(), [](char c) { return c == '\t' || c == '\n'; }, ' ');
  return text;
}

std::string Platform(const Json& object) {
  const std::string os = Field(object, "os");
  const std::string architecture = Field(object, "architecture");
  const std::string variant = Field(object, "variant");
  if (os.empty() && architecture.empty()) return {};
  return os + "/" + architecture + (variant.empty() ? "" : "/" + variant);
}

// A title or a reference name: what people call the thing.
std::string Title(const Json& descriptor) {
  const Json* annotations = Find(descriptor, "annotations");
  if (annotations == nullptr) {
    std::string name = Field(descriptor, "name");  // Ollama: of a tensor
    return name.empty() ? Field(descriptor, "from") : name;
  }
  for (const char* key :
       {"io.containerd.image.name", "org.opencontainers.image.ref.name",
        "org.opencontainers.image.title", "org.cncf.model.filepath", "org.cnai.model.filepath"}) {
    std::string text = Field(*annotations, key);
    if (!text.empty()) return text;
  }
  return {};
}

void AddAnnotations(const Json& root, const Limits& limits, Artifact& artifact) {
  const Json* annotations = Find(root, "annotations");
  if (annotations == nullptr || !annotations->is_object()) return;
  std::size_t kept = 0;
  for (const auto& [key, value] : annotations->items()) {
    if (!value.is_string() || ++kept > kMaxAnnotations) continue;
    AddClaim(artifact, limits, "oci:annotation", key + "=" + value.get<std::string>());
  }
}

std::string Descriptor(const Json& object) {
  return Field(object, "digest") + "\t" + Field(object, "mediaType");
}

bool TakeIndex(const Json& root, const Json& manifests, const Limits& limits, Artifact& artifact) {
  if (!manifests.is_array()) return false;
  Become(artifact, "oci_index");
  AddClaim(artifact, limits, "oci:document", "index");
  std::size_t kept = 0;
  for (const Json& entry : manifests) {
    if (!entry.is_object() || ++kept > kMaxLayers) continue;
    const Json* platform = Find(entry, "platform");
    AddClaim(artifact, limits, "oci:manifest",
             Descriptor(entry) + "\t" + (platform == nullptr ? "" : Platform(*platform)) + "\t" +
                 Title(entry));
  }
  AddAnnotations(root, limits, artifact);
  return true;
}

bool TakeManifest(const Json& root, const Json& layers, const Limits& limits, Artifact& artifact) {
  const Json* config = Find(root, "config");
  if (!layers.is_array() || config == nullptr || !config->is_object()) return false;
  Become(artifact, "oci_manifest");
  AddClaim(artifact, limits, "oci:document", "manifest");
  AddClaim(artifact, limits, "oci:config", Descriptor(*config));
  std::size_t kept = 0;
  for (const Json& layer : layers) {
    if (!layer.is_object() || ++kept > kMaxLayers) continue;
    const Json* size = Find(layer, "size");
    AddClaim(artifact, limits, "oci:layer",
             Field(layer, "digest") + "\t" + (size == nullptr ? "" : ScalarText(*size)) + "\t" +
                 Field(layer, "mediaType") + "\t" + Title(layer));
  }
  AddClaim(artifact, limits, "oci:artifact_type", Field(root, "artifactType"));
  if (const Json* subject = Find(root, "subject")) {
    AddClaim(artifact, limits, "oci:subject", Field(*subject, "digest"));
  }
  AddAnnotations(root, limits, artifact);
  return true;
}

// The host of a URL, "" when the text is none; never its user, port, path or query.
std::string UrlHost(std::string_view text) {
  const std::size_t scheme = text.find("://");
  if (!text.starts_with("http") || scheme == std::string_view::npos) return {};
  text.remove_prefix(scheme + 3);
  text = text.substr(0, text.find_first_of("/?#"));
  const std::size_t user = text.rfind('@');
  if (user != std::string_view::npos) text.remove_prefix(user + 1);
  text = text.substr(0, text.find(':'));
  constexpr std::string_view kHostBytes =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-";
  const bool host = text.find_first_not_of(kHostBytes) == std::string_view::npos;
  return host ? std::string(text) : std::string();
}

// The names of the variables that an image sets, never their values: oci:env "NAME", and
// oci:env.host "NAME\tHOST" where the value is a URL.
void TakeVariables(const Json& root, const Limits& limits, Artifact& artifact) {
  const Json* config = Find(root, "config");
  const Json* variables = config == nullptr ? nullptr : Find(*config, "Env");
  if (variables == nullptr || !variables->is_array()) return;
  std::size_t kept = 0;
  for (const Json& entry : *variables) {
    if (!entry.is_string() || ++kept > kMaxVariables) continue;
    const std::string text = entry.get<std::string>();
    const std::size_t equals = text.find('=');
    std::string name = text.substr(0, equals);
    if (name.empty() || name.find_first_of("\t\n") != std::string::npos) continue;
    AddClaim(artifact, limits, "oci:env", name);
    if (equals == std::string::npos) continue;
    const std::string host = UrlHost(std::string_view(text).substr(equals + 1));
    if (!host.empty()) AddClaim(artifact, limits, "oci:env.host", name + "\t" + host);
  }
}

bool TakeConfig(const Json& root, const Json& rootfs, const Limits& limits, Artifact& artifact) {
  const Json* diff_ids = Find(rootfs, "diff_ids");
  if (diff_ids == nullptr || !diff_ids->is_array()) return false;
  Become(artifact, "oci_config");
  AddClaim(artifact, limits, "oci:document", "config");
  AddClaim(artifact, limits, "oci:platform", Platform(root));
  TakeVariables(root, limits, artifact);
  std::size_t kept = 0;
  for (const Json& id : *diff_ids) {
    if (id.is_string() && ++kept <= kMaxLayers) {
      AddClaim(artifact, limits, "oci:diff_id", id.get<std::string>());
    }
  }
  return true;
}

// One claim per scalar of the object; "a,b" of a list of scalars.
void TakeScalars(const Json* object, const std::string& prefix, const Limits& limits,
                 Artifact& artifact) {
  if (object == nullptr || !object->is_object()) return;
  std::size_t kept = 0;
  for (const auto& [key, value] : object->items()) {
    if (++kept > kMaxAnnotations) return;
    std::string text = ScalarText(value);
    if (value.is_array()) {
      for (const Json& item : value) text += (text.empty() ? "" : ",") + ScalarText(item);
    }
    AddClaim(artifact, limits, prefix + key, text);
  }
}

// What configurations of model artifacts say about the model.
//   Ollama (types/model/config.go)       model_format, model_family, model_type, file_type,
//                                        remote_host, remote_model
//   Docker AI, CNCF ModelPack            descriptor {...}, config {...}
//   KitOps                               the Kitfile as JSON: package {...}, model {...}
bool TakeModelConfig(const Json& root, const Limits& limits, Artifact& artifact) {
  const Json* descriptor = Find(root, "descriptor");
  const Json* config = Find(root, "config");
  const Json* package = Find(root, "package");
  const bool ollama = Find(root, "model_format") != nullptr;
  const bool pack = descriptor != nullptr && config != nullptr && config->is_object() &&
                    Find(*config, "format") != nullptr;
  const bool kit = package != nullptr && Find(root, "manifestVersion") != nullptr;
  if (!ollama && !pack && !kit && Find(root, "modelfs") == nullptr) return false;
  Become(artifact, "oci_config");
  for (const char* key : {"model_format", "model_family", "model_families", "model_type",
                          "file_type", "remote_host", "remote_model"}) {
    if (ollama) AddJsonClaim(artifact, limits, std::string("ollama:") + key, root, key);
  }
  if (!ollama) {
    TakeScalars(descriptor, "modelpack:descriptor.", limits, artifact);
    TakeScalars(config, "modelpack:config.", limits, artifact);
  }
  if (kit) {
    TakeScalars(package, "kitfile:package.", limits, artifact);
    TakeScalars(Find(root, "model"), "kitfile:model.", limits, artifact);
  }
  return true;
}

bool TakeDocument(const Json& root, const Limits& limits, Artifact& artifact) {
  if (!root.is_object()) return false;
  if (const Json* manifests = Find(root, "manifests")) {
    return TakeIndex(root, *manifests, limits, artifact);
  }
  if (const Json* layers = Find(root, "layers")) {
    return TakeManifest(root, *layers, limits, artifact);
  }
  const bool model = TakeModelConfig(root, limits, artifact);
  if (const Json* rootfs = Find(root, "rootfs")) {
    if (TakeConfig(root, *rootfs, limits, artifact)) return true;
  }
  if (model) AddClaim(artifact, limits, "oci:document", "config");
  return model;
}

bool TakeDockerManifest(const Json& root, const Limits& limits, Artifact& artifact) {
  if (!root.is_array() || root.empty()) return false;
  std::size_t number = 0;
  for (const Json& image : root) {
    const Json* layers = image.is_object() ? Find(image, "Layers") : nullptr;
    if (layers == nullptr || !layers->is_array() || number >= kMaxLayers) return number > 0;
    Become(artifact, "docker_manifest");
    if (number == 0) AddClaim(artifact, limits, "oci:document", "docker-manifest");
    std::string line = Field(image, "Config");
    if (const Json* tags = Find(image, "RepoTags"); tags != nullptr && tags->is_array()) {
      for (const Json& tag : *tags) line += "\t" + ScalarText(tag);
    }
    AddClaim(artifact, limits, "docker:image", line);
    std::size_t kept = 0;
    for (const Json& layer : *layers) {
      if (layer.is_string() && ++kept <= kMaxLayers) {
        AddClaim(artifact, limits, "docker:layer",
                 std::to_string(number) + "\t" + layer.get<std::string>());
      }
    }
    ++number;
  }
  return true;
}

}  // namespace

bool ReadOciDocument(const SideCarInput& input, Artifact& artifact) {
  return ReadSmallJson(input, "oci_manifest", artifact, ArtifactKind::kImageManifest, TakeDocument);
}

bool ReadDockerManifest(const SideCarInput& input, Artifact& artifact) {
  constexpr std::uint64_t kMaxBytes = 4 << 20;
  if (FirstByte(AsText(input.window.head)) != '[' || input.source.size() > kMaxBytes) return false;
  auto text = ReadText(input.source, kMaxBytes);
  if (!text.ok()) return false;
  auto root = ParseJson(text.value(), input.limits);
  return root.ok() && TakeDockerManifest(root.value(), input.limits, artifact);
}

}  // namespace weighbridge
