// The stores that are told by their folders, one row each. Layouts as documented by
// the tools (formats.md part C of the project's reference; the source files named at
// the rules). A row asks for what only that store has: a home folder alone is not enough.
#include <algorithm>
#include <array>

#include "scanner/base/text.h"
#include "scanner/stores/entry.h"

namespace weighbridge {
namespace {

constexpr const char* kHuggingFace = "huggingface.co";

// "ORG<separator>NAME" -> "ORG/NAME"; "" when there is no separator.
std::string OwnerAndName(std::string_view text, std::string_view separator) {
  const std::size_t at = text.find(separator);
  if (at == text.npos || at == 0 || at + separator.size() == text.size()) return {};
  return std::string(text.substr(0, at)) + "/" + std::string(text.substr(at + separator.size()));
}

std::size_t PartPair(const Place& place, std::string_view first, std::string_view second) {
  for (std::size_t i = place.size(); i-- > 1;) {
    if (place[i - 1] == first && place[i] == second) return i;
  }
  return Place::kNone;
}

// huggingface_hub "manage your cache": models--ORG--NAME/{snapshots/<commit>/<path>,
// blobs/<etag>}. NIM keeps its models so too, below ngc/hub, as models--nim--ORG--NAME.
bool HubCache(const Place& place, const StoreDocuments& documents, const std::vector<Artifact>&,
              StoreEntry& entry) {
  const std::size_t folder = place.LastPrefix("models--");
  if (folder == Place::kNone || folder + 2 >= place.size()) return false;
  const std::string_view inside = place[folder + 1];
  const std::string_view id = place[folder].substr(8);
  if (inside != "snapshots" && inside != "blobs") return false;
  const bool nim =
      id.substr(0, 5) == "nim--" || (folder >= 2 && place[folder - 1] == "hub" &&
                                     (place[folder - 2] == "ngc" || place[folder - 2] == ".ngc"));
  entry.kind = nim ? "nim" : "huggingface";
  entry.host = nim ? "nvcr.io" : kHuggingFace;
  entry.repository = OwnerAndName(id, "--");
  if (entry.repository.empty()) entry.repository = id;
  if (nim) {
    const std::size_t more = entry.repository.find("--");
    if (more != std::string::npos) entry.repository.replace(more, 2, "/");
  }
  const std::string root = place.Upto(folder + 1);
  const auto refs = documents.refs.find(root);
  if (inside == "snapshots") {
    if (folder + 3 >= place.size()) return false;
    entry.revision = place[folder + 2];
    entry.path = place.From(folder + 3);
  } else if (refs != documents.refs.end()) {
    // A blob without its snapshot: the commit is known when all references name one.
    const auto& known = refs->second;
    const std::string& commit = known.begin()->second;
    if (std::all_of(known.begin(), known.end(),
                    [&](const auto& ref) { return ref.second == commit; })) {
      entry.revision = commit;
    }
  }
  if (refs != documents.refs.end()) {
    for (const auto& [name, commit] : refs->second) {
      if (commit == entry.revision && entry.tag.empty()) entry.tag = name;
    }
  }
  const auto listings = documents.listings.find(root);
  if (inside == "blobs" && listings != documents.listings.end()) {
    const std::string_view etag = place[folder + 2];
    for (const Listing& listing : listings->second) {
      for (const ListedFile& file : listing.files) {
        if (file.git_sha1 != etag && file.sha256 != etag) continue;
        entry.path = file.path;
        entry.revision = listing.commit;
      }
    }
  }
  return true;
}

// hf download --local-dir: <root>/.cache/huggingface/download/<path>.metadata.
bool HubLocalFolder(const Place& place, const StoreDocuments& documents,
                    const std::vector<Artifact>& artifacts, StoreEntry& entry) {
  const auto said = documents.statements.find(place.text());
  if (said == documents.statements.end()) return false;
  for (const Statement& statement : said->second) {
    const Artifact& metadata = artifacts[statement.artifact];
    if (metadata.format != "hub_metadata") continue;
    entry.kind = "huggingface-local-dir";
    entry.host = kHuggingFace;
    entry.revision = metadata.ClaimOr("hub:commit");
    entry.path = metadata.ClaimOr("hub:file");
    return true;
  }
  return false;
}

// modelscope_hub _cache_paths.py, _cache_manager.py: models/OWNER--NAME/snapshots/<revision>,
// below modelscope/ or endpoints/<sha256>/. Older SDKs: hub/[models/]OWNER/NAME with
// .msc, .mdl, .mv files and "___" for ".".
bool ModelScope(const Place& place, const StoreDocuments& documents,
                const std::vector<Artifact>& artifacts, StoreEntry& entry) {
  entry.kind = "modelscope";
  entry.host = "modelscope.cn";
  const std::size_t models = place.Last("models");
  if (models != Place::kNone && models + 2 < place.size() && models >= 1) {
    const std::string repository = OwnerAndName(place[models + 1], "--");
    const bool endpoint = models >= 2 && place[models - 2] == "endpoints" &&
                          place[models - 1].size() == 64 && IsLowerHex(place[models - 1]);
    if (!repository.empty() && (place[models - 1] == "modelscope" || endpoint)) {
      if (endpoint) entry.host.clear();  // another registry, known by a digest only
      entry.repository = repository;
      std::size_t path = models + 2;
      if (place[path] == "snapshots" && path + 2 < place.size()) {
        entry.revision = place[path + 1];
        path += 2;
      }
      entry.path = place.From(path);
      return true;
    }
  }
  // Upwards to the folder of the marks: files may lie in sub-folders.
  for (std::size_t folder = place.size() - 1; folder >= 2 && folder + 4 >= place.size(); --folder) {
    const std::string root = place.Upto(folder);
    const auto version = documents.places.find(root + "/.mv");
    const bool marked = version != documents.places.end() || documents.Holds(root + "/.msc") ||
                        documents.Holds(root + "/.mdl");
    const std::size_t hub = PartPair(place, "modelscope", "hub");
    const bool below_hub = hub != Place::kNone && (folder == hub + 3 || folder == hub + 4) &&
                           (folder == hub + 3) == (place[hub + 1] != "models");
    if (!marked && !below_hub) continue;
    std::string name(place[folder - 1]);
    for (std::size_t at = name.find("___"); at != name.npos; at = name.find("___", at + 1)) {
      name.replace(at, 3, ".");
    }
    entry.repository = std::string(place[folder - 2]) + "/" + name;
    entry.path = place.From(folder);
    if (version != documents.places.end()) {
      entry.revision = artifacts[version->second].ClaimOr("modelscope:revision");
    }
    return true;
  }
  return false;
}

// llama.cpp common/download.cpp: ORG_REPO_file.gguf, said by the JSON file beside it.
bool LlamaCpp(const Place& place, const StoreDocuments& documents,
              const std::vector<Artifact>& artifacts, StoreEntry& entry) {
  const auto said = documents.statements.find(place.text());
  if (said == documents.statements.end()) return false;
  bool found = false;
  for (const Statement& statement : said->second) {
    const Artifact& speaker = artifacts[statement.artifact];
    if (speaker.format.rfind("llamacpp_", 0) != 0) continue;
    found = true;
    entry.kind = "llama.cpp";
    if (!statement.digest.hex.empty()) entry.digests.push_back(statement.digest);
    if (speaker.format == "llamacpp_manifest") {
      entry.repository = speaker.ClaimOr("llamacpp:repository");
      entry.tag = speaker.ClaimOr("llamacpp:tag");
      entry.host = kHuggingFace;
      continue;
    }
    // https://HOST/ORG/REPO/resolve/REVISION/PATH
    const std::string& url = speaker.ClaimOr("llamacpp:url");
    const std::size_t scheme = url.find("://");
    const std::vector<std::string> parts =
        Split(scheme == url.npos ? url : url.substr(scheme + 3), '/');
    if (parts.size() >= 6 && parts[3] == "resolve") {
      entry.host = parts[0];
      entry.repository = parts[1] + "/" + parts[2];
      entry.revision = parts[4] == "main" ? "" : parts[4];
      if (entry.tag.empty()) entry.tag = parts[4] == "main" ? "main" : "";
      entry.path = Join({parts.begin() + 5, parts.end()}, "/");
      entry.path.resize(std::min(entry.path.size(), entry.path.find('?')));
    }
  }
  return found;
}

// LM Studio: models/<publisher>/<model>/<file> below .lmstudio or .cache/lm-studio.
bool LmStudio(const Place& place, const StoreDocuments&, const std::vector<Artifact>&,
              StoreEntry& entry) {
  for (const std::string_view home : {".lmstudio", "lm-studio", "LMStudio"}) {
    const std::size_t models = PartPair(place, home, "models");
    if (models == Place::kNone || models + 3 >= place.size()) continue;
    entry.kind = "lmstudio";
    entry.repository = std::string(place[models + 1]) + "/" + std::string(place[models + 2]);
    entry.path = place.From(models + 3);
    return true;
  }
  return false;
}

// gpt4all.py: ~/.cache/gpt4all/<file>; the app: nomic.ai/GPT4All/<file>.
bool Gpt4All(const Place& place, const StoreDocuments&, const std::vector<Artifact>&,
             StoreEntry& entry) {
  if (PartPair(place, ".cache", "gpt4all") == Place::kNone &&
      PartPair(place, "nomic.ai", "GPT4All") == Place::kNone) {
    return false;
  }
  entry.kind = "gpt4all";
  entry.path = place.FromEnd(0);
  return true;
}

// Jan: llamacpp/models/<id...>/{model.gguf, model.yml}.
bool Jan(const Place& place, const StoreDocuments& documents,
         const std::vector<Artifact>& artifacts, StoreEntry& entry) {
  const auto said = documents.statements.find(place.text());
  if (said == documents.statements.end()) return false;
  for (const Statement& statement : said->second) {
    const Artifact& speaker = artifacts[statement.artifact];
    if (speaker.format != "jan_model") continue;
    entry.kind = "jan";
    entry.path = place.FromEnd(0);
    const std::size_t models = place.Last("models");
    if (models != Place::kNone && models + 3 < place.size()) {
      entry.repository = std::string(place[models + 1]) + "/" + std::string(place[models + 2]);
    } else {
      entry.repository = speaker.ClaimOr("jan:name");
    }
    if (!statement.digest.hex.empty()) entry.digests.push_back(statement.digest);
    return true;
  }
  return false;
}

// torch/hub.py: hub/checkpoints/NAME-<hex>.pth, where hex begins the SHA-256;
// hub/OWNER_REPO_REF/ is a repository of github.com.
bool TorchHub(const Place& place, const StoreDocuments&, const std::vector<Artifact>&,
              StoreEntry& entry) {
  const std::size_t checkpoints = PartPair(place, "hub", "checkpoints");
  if (checkpoints != Place::kNone && checkpoints + 2 == place.size()) {
    entry.kind = "torch-hub";
    entry.path = place.FromEnd(0);
    return true;
  }
  const std::size_t hub = PartPair(place, "torch", "hub");
  if (hub == Place::kNone || hub + 2 >= place.size()) return false;
  const std::string_view folder = place[hub + 1];
  const std::size_t first = folder.find('_');
  const std::size_t last = folder.rfind('_');
  if (first == folder.npos || first == last || first == 0) return false;
  entry.kind = "torch-hub";
  entry.host = "github.com";
  entry.repository = std::string(folder.substr(0, first)) + "/" +
                     std::string(folder.substr(first + 1, last - first - 1));
  entry.tag = folder.substr(last + 1);
  entry.path = place.From(hub + 2);
  return true;
}

// keras/utils/file_utils.py: ~/.keras/models/<file>.
bool Keras(const Place& place, const StoreDocuments&, const std::vector<Artifact>&,
           StoreEntry& entry) {
  const std::size_t models = PartPair(place, ".keras", "models");
  if (models == Place::kNone || models + 1 >= place.size()) return false;
  entry.kind = "keras";
  entry.path = place.From(models + 1);
  return true;
}

// kagglehub cache.py: kagglehub/models/OWNER/MODEL/FRAMEWORK/VARIATION/VERSION/<path>.
bool KaggleHub(const Place& place, const StoreDocuments&, const std::vector<Artifact>&,
               StoreEntry& entry) {
  const std::size_t models = PartPair(place, "kagglehub", "models");
  if (models == Place::kNone || models + 6 >= place.size()) return false;
  if (!ParseUint(place[models + 5])) return false;
  entry.kind = "kagglehub";
  entry.host = "kaggle.com";
  entry.repository = std::string(place[models + 1]) + "/" + std::string(place[models + 2]);
  entry.tag = std::string(place[models + 3]) + "/" + std::string(place[models + 4]);
  entry.revision = place[models + 5];
  entry.path = place.From(models + 6);
  return true;
}

// tensorflow_hub/resolver.py: <sha1 of the URL>/ with <sha1>.descriptor.txt beside it.
bool TfHub(const Place& place, const StoreDocuments& documents,
           const std::vector<Artifact>& artifacts, StoreEntry& entry) {
  for (std::size_t i = place.size(); i-- > 0;) {
    if (place[i].size() != 40 || !IsLowerHex(place[i])) continue;
    const auto said = documents.places.find(place.Upto(i + 1) + ".descriptor.txt");
    if (said == documents.places.end()) continue;
    std::string url = artifacts[said->second].ClaimOr("tfhub:module");
    const std::size_t scheme = url.find("://");
    if (scheme != url.npos) url.erase(0, scheme + 3);
    const std::size_t slash = url.find('/');
    if (slash == url.npos) return false;
    entry.kind = "tfhub";
    entry.host = url.substr(0, slash);
    entry.repository = url.substr(slash + 1);
    entry.path = place.From(i + 1);
    return true;
  }
  return false;
}

// whisper/__init__.py: whisper/<model>.pt, for the models that it names.
bool Whisper(const Place& place, const StoreDocuments&, const std::vector<Artifact>&,
             StoreEntry& entry) {
  constexpr auto kModels = std::to_array<std::string_view>(
      {"tiny", "tiny.en", "base", "base.en", "small", "small.en", "medium", "medium.en", "large-v1",
       "large-v2", "large-v3", "large", "large-v3-turbo", "turbo"});
  std::string_view name = place.FromEnd(0);
  if (place.FromEnd(1) != "whisper" || name.size() < 4 || name.substr(name.size() - 3) != ".pt") {
    return false;
  }
  name.remove_suffix(3);
  if (std::find(kModels.begin(), kModels.end(), name) == kModels.end()) return false;
  entry.kind = "whisper";
  entry.host = "openaipublic.azureedge.net";
  entry.repository = "openai/whisper-" + std::string(name);
  entry.path = place.FromEnd(0);
  return true;
}

// sentence-transformers before 3: torch/sentence_transformers/ORG_NAME/<path>.
bool SentenceTransformers(const Place& place, const StoreDocuments&, const std::vector<Artifact>&,
                          StoreEntry& entry) {
  const std::size_t root = place.Last("sentence_transformers");
  if (root == Place::kNone || root + 2 >= place.size()) return false;
  const std::string repository = OwnerAndName(place[root + 1], "_");
  if (repository.empty()) return false;
  entry.kind = "sentence-transformers";
  entry.host = kHuggingFace;
  entry.repository = repository;
  entry.path = place.From(root + 2);
  return true;
}

// MLC-LLM: mlc_llm/model_weights/hf/ORG/REPO/<path>.
bool Mlc(const Place& place, const StoreDocuments&, const std::vector<Artifact>&,
         StoreEntry& entry) {
  const std::size_t root = PartPair(place, "mlc_llm", "model_weights");
  if (root == Place::kNone || root + 4 >= place.size()) return false;
  entry.kind = "mlc";
  entry.host = place[root + 1] == "hf" ? kHuggingFace : std::string(place[root + 1]);
  entry.repository = std::string(place[root + 2]) + "/" + std::string(place[root + 3]);
  entry.path = place.From(root + 4);
  return true;
}

// text-generation-webui download-model.py: user_data/models/ORG_NAME[_BRANCH]/<path>.
bool TextGenerationWebUi(const Place& place, const StoreDocuments&, const std::vector<Artifact>&,
                         StoreEntry& entry) {
  std::size_t models = PartPair(place, "user_data", "models");
  if (models == Place::kNone) models = PartPair(place, "text-generation-webui", "models");
  if (models == Place::kNone || models + 1 >= place.size()) return false;
  entry.kind = "text-generation-webui";
  entry.path = place.From(models + 1);
  if (models + 2 < place.size()) {
    entry.repository = OwnerAndName(place[models + 1], "_");
    if (!entry.repository.empty()) entry.host = kHuggingFace;
    entry.path = place.From(models + 2);
  }
  return true;
}

// LocalAI: <model>.yaml names the file beside it.
bool LocalAi(const Place& place, const StoreDocuments& documents,
             const std::vector<Artifact>& artifacts, StoreEntry& entry) {
  const auto said = documents.statements.find(place.text());
  if (said == documents.statements.end()) return false;
  for (const Statement& statement : said->second) {
    const Artifact& speaker = artifacts[statement.artifact];
    if (speaker.format != "localai_model") continue;
    entry.kind = "localai";
    entry.tag = speaker.ClaimOr("localai:name");
    entry.path = place.FromEnd(0);
    return true;
  }
  return false;
}

// Triton: <repository>/<model>/<version>/<file> with <model>/config.pbtxt.
bool Triton(const Place& place, const StoreDocuments& documents,
            const std::vector<Artifact>& artifacts, StoreEntry& entry) {
  for (std::size_t i = place.size() - 1; i-- > 1 && i + 4 >= place.size();) {
    if (!ParseUint(place[i])) continue;
    const auto said = documents.places.find(place.Upto(i) + "/config.pbtxt");
    if (said == documents.places.end()) continue;
    entry.kind = "triton";
    entry.repository = artifacts[said->second].ClaimOr("triton:name");
    if (entry.repository.empty()) entry.repository = place[i - 1];
    entry.revision = place[i];
    entry.path = place.From(i + 1);
    return true;
  }
  return false;
}

// An installed wheel: RECORD names the file and its digest.
bool InstalledWheel(const Place& place, const StoreDocuments& documents,
                    const std::vector<Artifact>& artifacts, StoreEntry& entry) {
  const auto said = documents.statements.find(place.text());
  if (said == documents.statements.end()) return false;
  for (const Statement& statement : said->second) {
    const Artifact& speaker = artifacts[statement.artifact];
    if (speaker.format != "wheel_record") continue;
    entry.kind = "python-package";
    entry.repository = speaker.ClaimOr("wheel:name");
    entry.revision = speaker.ClaimOr("wheel:version");
    entry.path = statement.digest.file_name;
    entry.digests.push_back(statement.digest);
    return true;
  }
  return false;
}

// ComfyUI folder_paths.py: models/{checkpoints,loras,vae,...}; AUTOMATIC1111:
// models/{Stable-diffusion,Lora,VAE,...} and cache.json with digests.
bool Pictures(const Place& place, const StoreDocuments& documents, const std::vector<Artifact>&,
              StoreEntry& entry) {
  const std::size_t models = place.Last("models");
  if (models == Place::kNone || models + 2 >= place.size()) return false;
  const std::string root = place.Upto(models + 1);
  const auto kind = documents.picture_roots.find(root);
  if (kind == documents.picture_roots.end()) return false;
  entry.kind = kind->second;
  entry.path = place.From(models + 1);
  if (entry.kind != "a1111") return true;
  const std::string_view sort = place[models + 1];
  const std::string title = (sort == "Stable-diffusion" ? "checkpoint/"
                             : sort == "Lora"           ? "lora/"
                                                        : "") +
                            place.From(models + 2);
  for (const std::string& known : {title, title.substr(0, title.rfind('.'))}) {
    const auto hash = documents.web_ui_hashes.find(root + "\t" + known);
    if (hash == documents.web_ui_hashes.end()) continue;
    entry.digests.push_back({"sha256", hash->second, "", 0});
    break;
  }
  return true;
}

using Rule = bool (*)(const Place&, const StoreDocuments&, const std::vector<Artifact>&,
                      StoreEntry&);
// Those that a document of the store itself speaks for come first.
constexpr auto kRules = std::to_array<Rule>({
    HubCache,
    HubLocalFolder,
    LlamaCpp,
    InstalledWheel,
    Jan,
    LocalAi,
    Triton,
    TfHub,
    ModelScope,
    Mlc,
    LmStudio,
    Gpt4All,
    SentenceTransformers,
    TorchHub,
    Keras,
    KaggleHub,
    Whisper,
    TextGenerationWebUi,
    Pictures,
});

}  // namespace

bool MatchLayout(const Place& place, const StoreDocuments& documents,
                 const std::vector<Artifact>& artifacts, StoreEntry& entry) {
  if (place.size() < 2) return false;
  for (const Rule rule : kRules) {
    StoreEntry found;
    if (!rule(place, documents, artifacts, found)) continue;
    entry = std::move(found);
    return true;
  }
  return false;
}

}  // namespace weighbridge
