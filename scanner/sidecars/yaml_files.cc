// Kitfile (kitops-ml/kitops, manifestVersion 1.0.0):
//   manifestVersion: 1.0.0
//   package: {name, version, license, authors: []}
//   model: {name, path, license, framework, version}
// MLmodel (mlflow/models/model.py): flavors: {...}, mlflow_version, model_uuid, run_id.
#include "scanner/sidecars/yaml_files.h"

#include <initializer_list>
#include <string>

#include "scanner/base/text.h"
#include "scanner/sidecars/yaml.h"

namespace weighbridge {
namespace {

struct Read {
  YamlDocument document;
  bool ok = false;
};

Read ReadYaml(const SideCarInput& input) {
  Read read;
  if (!LooksLikeText(input.window.head)) return read;
  auto text = ReadText(input.source, input.limits.max_yaml_bytes + 1);
  if (!text.ok()) return read;
  read.document = ParseYaml(text.value(), input.limits);
  read.ok = true;
  return read;
}

void TakeField(const YamlNode* map, const char* field, const std::string& key, const Limits& limits,
               Artifact& artifact) {
  const YamlNode* node = map == nullptr ? nullptr : FindYaml(*map, field);
  if (node == nullptr) return;
  AddClaim(artifact, limits, key, Trim(node->scalar));
  for (const YamlNode& item : node->items) AddClaim(artifact, limits, key, Trim(item.scalar));
}

void Finish(const Read& read, const char* format, Artifact& artifact) {
  if (!read.document.error.has_value()) return;
  MarkPartial(artifact, read.document.error->code, format, read.document.error->message);
}

}  // namespace

bool ReadKitfile(const SideCarInput& input, Artifact& artifact) {
  const Read read = ReadYaml(input);
  if (!read.ok || FindYaml(read.document.root, "manifestVersion") == nullptr) return false;
  artifact.kind = ArtifactKind::kConfig;
  artifact.format = "kitfile";
  const YamlNode* package = FindYaml(read.document.root, "package");
  const YamlNode* model = FindYaml(read.document.root, "model");
  for (const char* field : {"name", "version", "license", "authors"}) {
    TakeField(package, field, std::string("kitfile:package.") + field, input.limits, artifact);
  }
  for (const char* field : {"name", "path", "license", "framework", "version"}) {
    TakeField(model, field, std::string("kitfile:model.") + field, input.limits, artifact);
  }
  Finish(read, "kitfile", artifact);
  return true;
}

bool ReadMlModel(const SideCarInput& input, Artifact& artifact) {
  const Read read = ReadYaml(input);
  if (!read.ok) return false;
  const YamlNode* flavors = FindYaml(read.document.root, "flavors");
  if (flavors == nullptr || flavors->kind != YamlNode::Kind::kMap) return false;
  artifact.kind = ArtifactKind::kConfig;
  artifact.format = "mlmodel";
  for (const auto& [name, flavor] : flavors->fields) {
    AddClaim(artifact, input.limits, "mlmodel:flavor", name);
    TakeField(&flavor, "source_model_name", "mlmodel:source_model_name", input.limits, artifact);
  }
  for (const char* field : {"mlflow_version", "model_uuid", "run_id"}) {
    TakeField(&read.document.root, field, std::string("mlmodel:") + field, input.limits, artifact);
  }
  Finish(read, "mlmodel", artifact);
  return true;
}

}  // namespace weighbridge
