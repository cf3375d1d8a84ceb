// Store documents in JSON. Each taker first asks whether the content fits.
//
//   trees/<commit>.json    {"format_version": 1, "files": {PATH: {"size", "blob_id",
//                          "lfs_sha256", "lfs_size", "xet_hash"}}}
//   models.json            {"models": [{"id": "sha256:HEX", "tags": [], "files": []}]}
//   refs/TAG.json          {"hash", "path", "files": [{"hash", "name", "type"}]}
//   FILE.gguf.json         {"url", "etag", "lastModified"}
//   manifest=O=R=T.json    {"ggufFile": {"rfilename", "size", "lfs": {"sha256"}}, "mmprojFile"}
//   cache.json             {"hashes": {"checkpoint/NAME": {"mtime", "sha256"}}}
#include <algorithm>
#include <string>
#include <string_view>

#include "scanner/base/text.h"
#include "scanner/sidecars/small_json.h"
#include "scanner/sidecars/store_documents.h"

namespace weighbridge {
namespace {

constexpr ArtifactKind kKind = ArtifactKind::kHubMetadata;

void Become(Artifact& artifact, const char* format) {
  artifact.kind = kKind;
  artifact.format = format;
}

std::string OneLine(std::string text) {
  std::replace_if(
      text.begin(), text.end(), [](char c) { return c == '\t' || c == '\n'; }, ' ');
  return text;
}

std::string Field(const Json& object, const char* key) {
  const Json* value = Find(object, key);
  return value == nullptr ? std::string() : OneLine(ScalarText(*value));
}

bool IsHex(std::string_view text, std::size_t size) {
  return text.size() == size && text.find_first_not_of("0123456789abcdef") == text.npos;
}

bool TakeTree(const Json& root, const Limits& limits, Artifact& artifact) {
  const Json* files = Find(root, "files");
  if (files == nullptr || !files->is_object()) return false;
  const std::string name(artifact.location.FileName());
  Become(artifact, "hub_tree");
  AddClaim(artifact, limits, "hubtree:commit", name.substr(0, 40));
  for (const auto& [path, file] : files->items()) {
    if (!file.is_object()) continue;
    AddClaim(artifact, limits, "hubtree:file",
             OneLine(path) + "\t" + Field(file, "size") + "\t" + Field(file, "blob_id") + "\t" +
                 Field(file, "lfs_sha256"));
  }
  return true;
}

bool TakeModelRunner(const Json& root, const Limits& limits, Artifact& artifact) {
  const Json* models = Find(root, "models");
  if (models == nullptr || !models->is_array()) return false;
  for (const Json& model : *models) {
    const std::string id = model.is_object() ? Field(model, "id") : "";
    if (id.rfind("sha256:", 0) != 0 || Find(model, "files") == nullptr) return false;
  }
  Become(artifact, "model_runner_index");
  for (const Json& model : *models) {
    std::string line = Field(model, "id");
    const Json* tags = Find(model, "tags");
    if (tags != nullptr && tags->is_array()) {
      for (const Json& tag : *tags) line += "\t" + OneLine(ScalarText(tag));
    }
    AddClaim(artifact, limits, "dmr:model", line);
  }
  return true;
}

bool TakeRamalama(const Json& root, const Limits& limits, Artifact& artifact) {
  const Json* files = Find(root, "files");
  const std::string hash = Field(root, "hash");
  if (hash.empty() || files == nullptr || !files->is_array()) return false;
  Become(artifact, "ramalama_ref");
  AddClaim(artifact, limits, "ramalama:hash", hash);
  for (const Json& file : *files) {
    if (!file.is_object()) continue;
    AddClaim(artifact, limits, "ramalama:file",
             Field(file, "hash") + "\t" + Field(file, "name") + "\t" + Field(file, "type"));
  }
  return true;
}

bool TakeLlamaCppOrigin(const Json& root, const Limits& limits, Artifact& artifact) {
  const std::string url = Field(root, "url");
  const std::string etag = Field(root, "etag");
  if (url.empty() || etag.empty()) return false;
  Become(artifact, "llamacpp_origin");
  AddClaim(artifact, limits, "llamacpp:url", url);
  AddClaim(artifact, limits, "llamacpp:etag", etag);
  return true;
}

bool TakeLlamaCppManifest(const Json& root, const Limits& limits, Artifact& artifact) {
  std::string name(artifact.location.FileName());
  if (EndsWithNoCase(name, ".json")) name.resize(name.size() - 5);
  const std::vector<std::string> fields = Split(name, '=');
  if (fields.size() != 4 || fields[0] != "manifest") return false;
  Become(artifact, "llamacpp_manifest");
  AddClaim(artifact, limits, "llamacpp:repository", fields[1] + "/" + fields[2]);
  AddClaim(artifact, limits, "llamacpp:tag", fields[3]);
  for (const char* key : {"ggufFile", "mmprojFile"}) {
    const Json* file = Find(root, key);
    if (file == nullptr || !file->is_object()) continue;
    const Json* lfs = Find(*file, "lfs");
    AddClaim(artifact, limits, "llamacpp:file",
             Field(*file, "rfilename") + "\t" + Field(*file, "size") + "\t" +
                 (lfs == nullptr ? "" : Field(*lfs, "sha256")));
  }
  return true;
}

bool TakeWebUiHashes(const Json& root, const Limits& limits, Artifact& artifact) {
  const Json* hashes = Find(root, "hashes");
  if (hashes == nullptr || !hashes->is_object()) return false;
  Become(artifact, "webui_hashes");
  for (const auto& [title, entry] : hashes->items()) {
    const std::string sha256 = entry.is_object() ? ToLower(Field(entry, "sha256")) : "";
    if (IsHex(sha256, 64)) {
      AddClaim(artifact, limits, "webui:hash", OneLine(title) + "\t" + sha256);
    }
  }
  return true;
}

}  // namespace

bool ReadHubTree(const SideCarInput& input, Artifact& artifact) {
  const std::string_view name = input.window.file_name;
  if (input.window.folder_name != "trees" || name.size() != 45 || !IsHex(name.substr(0, 40), 40)) {
    return false;
  }
  return ReadSmallJson(input, "hub_tree", artifact, kKind, TakeTree);
}
bool ReadModelRunnerIndex(const SideCarInput& input, Artifact& artifact) {
  return ReadSmallJson(input, "model_runner_index", artifact, kKind, TakeModelRunner);
}
bool ReadRamalamaRef(const SideCarInput& input, Artifact& artifact) {
  if (input.window.folder_name != "refs") return false;
  return ReadSmallJson(input, "ramalama_ref", artifact, kKind, TakeRamalama);
}
bool ReadLlamaCppOrigin(const SideCarInput& input, Artifact& artifact) {
  return ReadSmallJson(input, "llamacpp_origin", artifact, kKind, TakeLlamaCppOrigin);
}
bool ReadLlamaCppManifest(const SideCarInput& input, Artifact& artifact) {
  if (input.window.file_name.substr(0, 9) != "manifest=") return false;
  return ReadSmallJson(input, "llamacpp_manifest", artifact, kKind, TakeLlamaCppManifest);
}
bool ReadWebUiHashes(const SideCarInput& input, Artifact& artifact) {
  return ReadSmallJson(input, "webui_hashes", artifact, kKind, TakeWebUiHashes);
}

}  // namespace weighbridge
