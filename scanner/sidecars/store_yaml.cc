// Store documents in YAML.
//
//   Jan model.yml      {model_path, name, size_bytes, mmproj_path, model_sha256, ...}
//   LocalAI X.yaml     {name, backend, parameters: {model: FILE}, mmproj: FILE}
#include <string>

#include "scanner/base/text.h"
#include "scanner/sidecars/store_documents.h"
#include "scanner/sidecars/yaml.h"

namespace weighbridge {
namespace {

constexpr std::uint64_t kMaxBytes = 256ULL << 10;

bool ParseSmall(const SideCarInput& input, YamlDocument& document) {
  if (input.source.size() > kMaxBytes || !LooksLikeText(input.window.head)) return false;
  auto text = ReadText(input.source, kMaxBytes);
  if (!text.ok()) return false;
  document = ParseYaml(text.value(), input.limits);
  return !document.error && document.root.kind == YamlNode::Kind::kMap;
}

std::string Scalar(const YamlNode& map, const char* key) {
  const YamlNode* node = FindYaml(map, key);
  return node == nullptr ? std::string() : std::string(Trim(node->scalar));
}

void AddStated(const std::string& hex, const std::string& file, Artifact& artifact) {
  const bool is_sha256 =
      hex.size() == 64 && hex.find_first_not_of("0123456789abcdefABCDEF") == hex.npos;
  if (!is_sha256 || file.empty()) return;
  artifact.stated_digests.push_back({"sha256", ToLower(hex), file.substr(file.rfind('/') + 1), 0});
}

}  // namespace

bool ReadJanModel(const SideCarInput& input, Artifact& artifact) {
  YamlDocument document;
  if (AsText(input.window.head).find("model_path:") == std::string_view::npos ||
      !ParseSmall(input, document)) {
    return false;
  }
  const YamlNode& root = document.root;
  const std::string path = Scalar(root, "model_path");
  if (path.empty()) return false;
  artifact.kind = ArtifactKind::kHubMetadata;
  artifact.format = "jan_model";
  AddClaim(artifact, input.limits, "jan:name", Scalar(root, "name"));
  AddClaim(artifact, input.limits, "jan:model_path", path);
  AddClaim(artifact, input.limits, "jan:mmproj_path", Scalar(root, "mmproj_path"));
  AddStated(Scalar(root, "model_sha256"), path, artifact);
  AddStated(Scalar(root, "mmproj_sha256"), Scalar(root, "mmproj_path"), artifact);
  return true;
}

bool ReadLocalAiModel(const SideCarInput& input, Artifact& artifact) {
  YamlDocument document;
  if (AsText(input.window.head).find("parameters:") == std::string_view::npos ||
      !ParseSmall(input, document)) {
    return false;
  }
  const YamlNode& root = document.root;
  const YamlNode* parameters = FindYaml(root, "parameters");
  if (parameters == nullptr || parameters->kind != YamlNode::Kind::kMap) return false;
  const std::string name = Scalar(root, "name");
  const std::string model = Scalar(*parameters, "model");
  if (name.empty() || model.empty()) return false;
  artifact.kind = ArtifactKind::kHubMetadata;
  artifact.format = "localai_model";
  AddClaim(artifact, input.limits, "localai:name", name);
  AddClaim(artifact, input.limits, "localai:backend", Scalar(root, "backend"));
  AddClaim(artifact, input.limits, "localai:model", model);
  AddClaim(artifact, input.limits, "localai:mmproj", Scalar(root, "mmproj"));
  return true;
}

}  // namespace weighbridge
