// Collection of stated names from claims and paths.
#include "scanner/identity/stated_names.h"

#include <algorithm>

#include "scanner/base/text.h"
#include "scanner/identity/file_names.h"

namespace weighbridge {
namespace {

using Role = StatedName::Role;

class Collector {
 public:
  explicit Collector(std::vector<StatedName>& names) : names_(names) {}

  void Gguf(const Artifact& file, bool is_adapter) {
    const bool several = !file.ClaimOr("gguf:general.base_model.1.name").empty() ||
                         !file.ClaimOr("gguf:general.base_model.1.repo_url").empty();
    for (const std::size_t number :
         {std::size_t{0}, std::size_t{1}, std::size_t{2}, std::size_t{3}}) {
      const std::string prefix = "gguf:general.base_model." + std::to_string(number);
      const std::string url = file.ClaimOr(prefix + ".repo_url");
      const std::string relation = several ? "merge" : is_adapter ? "adapter" : "";
      if (!url.empty()) {
        Add(Role::kBase, url, relation, "general.base_model of the file", 0.8, file,
            "binary-analysis");
        continue;
      }
      const std::string name = file.ClaimOr(prefix + ".name");
      const std::string organization = file.ClaimOr(prefix + ".organization");
      if (name.empty()) continue;
      Add(Role::kBase, name, relation, "general.base_model of the file", 0.7, file,
          "binary-analysis");
      if (!organization.empty()) {
        std::string joined = name;
        std::replace(joined.begin(), joined.end(), ' ', '-');
        Add(Role::kBase, organization + "/" + joined, relation, "general.base_model of the file",
            0.7, file, "binary-analysis");
      }
    }
    for (const char* key :
         {"gguf:general.source.huggingface.repository", "gguf:general.source.repo_url",
          "gguf:general.source.url", "gguf:general.repo_url", "gguf:general.url"}) {
      Add(Role::kSelf, file.ClaimOr(key), "", std::string(key).substr(5) + " of the file", 0.75,
          file, "binary-analysis");
    }
    const std::string& name = file.ClaimOr("gguf:general.name");
    Add(Role::kSelf, name, "", "general.name of the file", 0.6, file, "binary-analysis");
    for (const char* key : {"gguf:general.organization", "gguf:general.author"}) {
      Author(file.ClaimOr(key), name, std::string(key).substr(5) + " of the file", file);
    }
  }

  void Safetensors(const Artifact& file) {
    Add(Role::kSelf, file.ClaimOr("safetensors:modelspec.title"), "", "modelspec.title of the file",
        0.6, file, "binary-analysis");
    Author(file.ClaimOr("safetensors:modelspec.author"),
           file.ClaimOr("safetensors:modelspec.title"), "modelspec.author of the file", file);
    // "flux-1-dev/lora": the architecture, then what was made for it.
    const std::string architecture = file.ClaimOr("safetensors:modelspec.architecture");
    Kin(architecture.substr(0, architecture.find('/')), "modelspec.architecture of the file", file,
        "binary-analysis");
    for (const char* key : {"safetensors:ss_sd_model_name", "safetensors:ss_base_model_version"}) {
      const std::size_t before = names_.size();
      Add(Role::kBase, file.ClaimOr(key), "adapter", std::string(key).substr(12) + " of the file",
          0.5, file, "binary-analysis");
      if (names_.size() > before) names_.back().weak = true;
    }
  }

  // Free metadata of exporters (Ultralytics: author, description, license).
  void Onnx(const Artifact& file) {
    std::string title;
    for (const char* key :
         {"onnx:metadata:model_name", "onnx:metadata:name", "onnx:metadata:description"}) {
      if (title.empty()) title = file.ClaimOr(key);
    }
    const std::size_t before = names_.size();
    Add(Role::kSelf, title, "", "metadata of the ONNX file", 0.4, file, "binary-analysis");
    if (names_.size() > before) names_.back().weak = true;
    for (const char* key : {"onnx:metadata:author", "onnx:metadata:model_author"}) {
      Author(file.ClaimOr(key), title, std::string(key).substr(14) + " in the ONNX metadata", file);
    }
  }

  // "ORG/REPO--module.Class": the code was taken from that repository.
  void AutoMap(const Artifact& file) {
    for (const std::string& value : file.ClaimList("config:auto_map")) {
      const std::string repository = value.substr(0, value.find("--"));
      if (repository.size() == value.size() || repository.find('/') == std::string::npos) continue;
      return Kin(repository, "auto_map of the configuration", file, "manifest-analysis");
    }
  }

  // transformers keeps the name of what was loaded.
  void Loaded(const Artifact& file) {
    const std::size_t before = names_.size();
    Add(Role::kBase, file.ClaimOr("config:_name_or_path"), "base",
        "_name_or_path of the configuration", 0.5, file, "manifest-analysis");
    if (names_.size() > before) names_.back().loaded = true;
  }

  void Card(const Artifact& file, bool is_adapter) {
    const std::vector<std::string> bases = file.ClaimList("card:base_model");
    std::string relation = ToLower(file.ClaimOr("card:base_model_relation"));
    const std::vector<std::string> tags = file.ClaimList("card:tags");
    const bool merged = std::any_of(tags.begin(), tags.end(), [](const std::string& tag) {
      const std::string lower = ToLower(tag);
      return lower == "merge" || lower == "mergekit" || lower.find("merge,") != std::string::npos;
    });
    if (relation.empty() && (bases.size() > 1 || merged)) relation = "merge";
    if (relation.empty() && is_adapter) relation = "adapter";
    if (relation.empty() && !file.ClaimOr("card:quantized_by").empty()) relation = "quantized";
    Add(Role::kSelf, file.ClaimOr("card:model_name"), "", "model_name of the card", 0.5, file,
        "manifest-analysis");
    for (const std::string& base : bases) {
      Add(Role::kBase, base, relation, "base_model of the card", 0.7, file, "manifest-analysis");
    }
  }

  // The repository that a store's own records or layout give the file (claims of
  // scanner/stores/stores.h). The folder of a Hugging Face cache is read by Path().
  void Store(const Artifact& file) {
    struct Row {
      std::string_view kind;
      double confidence;
      bool free_name;  // not the name of a hub: counts when its owner is known
    };
    static constexpr Row kRows[] = {{"ollama", 0.5, false},
                                    {"ramalama", 0.5, false},
                                    {"modelscope", 0.55, false},
                                    {"lmstudio", 0.5, false},
                                    {"llama.cpp", 0.55, false},
                                    {"sentence-transformers", 0.55, false},
                                    {"mlc", 0.5, false},
                                    {"text-generation-webui", 0.45, false},
                                    {"whisper", 0.55, false},
                                    {"jan", 0.45, true},
                                    {"kagglehub", 0.45, true},
                                    {"torch-hub", 0.4, true},
                                    {"docker-model-runner", 0.4, true},
                                    {"kitops", 0.4, true},
                                    {"modelpack", 0.4, true}};
    const std::string& kind = file.ClaimOr("store:kind");
    std::string value = file.ClaimOr("store:repository");
    for (const Row& row : kRows) {
      if (row.kind != kind) continue;
      const std::string& tag = file.ClaimOr("store:tag");
      const bool library = value.rfind("library/", 0) == 0;
      if (library && !tag.empty() && tag != "latest") value += ":" + tag;
      const std::size_t before = names_.size();
      Add(Role::kSelf, value, "", "repository in the " + kind + " store", row.confidence, file,
          "manifest-analysis");
      if (names_.size() == before) return;
      names_.back().weak = row.free_name;
      names_.back().known_only = row.free_name;
    }
  }

  void Path(const Artifact& first) {
    const Location& place = ReadableLocation(first);
    const std::string text = place.ToString();
    Artifact here;
    here.location = place;
    const std::string cached = HubIdFromCachePath(text);
    if (!cached.empty()) {
      AddPath(cached, "folder of the model store", 0.55, here, false);
      return;
    }
    const auto [org, name] = LastFolders(place.Folder());
    if (!org.empty() && !name.empty() && !IsGenericName(name)) {
      AddPath(org + "/" + name, "path", 0.3, here, true);
    }
    for (const std::string& word : {name, StemForDisplay(place.FileName())}) {
      if (word.empty() || IsGenericName(word)) continue;
      AddPath(word, "file name", 0.2, here, true);
    }
  }

  void Add(Role role, const std::string& value, std::string relation, std::string source,
           double confidence, const Artifact& file, const char* technique) {
    if (value.empty() || names_.size() >= 64) return;
    StatedName name;
    name.role = role;
    name.value = value;
    name.relation = std::move(relation);
    name.technique = technique;
    name.source = std::move(source);
    name.confidence = confidence;
    name.location = file.location;
    names_.push_back(std::move(name));
  }

 private:
  // An author and a title read like a hub id: "Meta Llama" and "Llama 2 7B".
  void Author(std::string author, std::string title, std::string source, const Artifact& file) {
    if (author.empty() || author.find('/') != std::string::npos) return;
    const std::string said = author;
    for (std::string* text : {&author, &title}) {
      std::replace(text->begin(), text->end(), ' ', '-');
      std::replace(text->begin(), text->end(), '/', '-');
    }
    if (title.empty()) title = "model";
    const std::size_t before = names_.size();
    Add(Role::kSelf, author + "/" + title, "", std::move(source), 0.45, file, "binary-analysis");
    if (names_.size() == before) return;
    names_.back().said = said;
    names_.back().weak = true;
    names_.back().known_only = true;
  }

  void Kin(const std::string& value, std::string source, const Artifact& file,
           const char* technique) {
    const std::size_t before = names_.size();
    Add(Role::kSelf, value, "", std::move(source), 0.35, file, technique);
    if (names_.size() == before) return;
    names_.back().weak = true;
    names_.back().kin = true;
  }

  void AddPath(const std::string& value, const char* source, double confidence,
               const Artifact& here, bool weak) {
    const std::size_t before = names_.size();
    Add(Role::kSelf, value, "", source, confidence, here, "filename");
    if (names_.size() == before) return;
    names_.back().weak = weak;
    names_.back().is_path = true;
    names_.back().known_only = weak && value.find('/') != std::string::npos;
  }

  std::vector<StatedName>& names_;
};

}  // namespace

std::vector<const Artifact*> FilesOf(const std::vector<Artifact>& artifacts, const Model& model) {
  std::vector<const Artifact*> files;
  for (const std::vector<std::size_t>* list : {&model.weights, &model.side_cars}) {
    for (const std::size_t index : *list) {
      if (index < artifacts.size()) files.push_back(&artifacts[index]);
    }
  }
  return files;
}

std::vector<StatedName> CollectStatedNames(const std::vector<Artifact>& artifacts,
                                           const Model& model) {
  std::vector<StatedName> names;
  Collector collect(names);
  const std::vector<const Artifact*> files = FilesOf(artifacts, model);
  if (files.empty()) return names;
  for (const Artifact* file : files) {
    collect.Gguf(*file, model.is_adapter);
    collect.Safetensors(*file);
    collect.Onnx(*file);
    collect.AutoMap(*file);
    if (file->kind == ArtifactKind::kAdapterConfig || file->kind == ArtifactKind::kAdapter) {
      collect.Add(Role::kBase, file->ClaimOr("adapter:base_model_name_or_path"), "adapter",
                  "base_model_name_or_path of the adapter configuration", 0.75, *file,
                  "manifest-analysis");
    }
    if (file->kind == ArtifactKind::kModelCard) collect.Card(*file, model.is_adapter);
    if (file->kind == ArtifactKind::kModelIndex) {
      collect.Add(Role::kSelf, file->ClaimOr("model_index:_name_or_path"), "",
                  "_name_or_path of model_index.json", 0.4, *file, "manifest-analysis");
    }
    collect.Add(Role::kBase, file->ClaimOr("modelfile:from"), "", "FROM of the Modelfile", 0.5,
                *file, "manifest-analysis");
    collect.Loaded(*file);
  }
  collect.Store(*files.front());
  collect.Path(*files.front());
  std::stable_sort(names.begin(), names.end(), [](const StatedName& a, const StatedName& b) {
    return a.confidence > b.confidence;
  });
  return names;
}

}  // namespace weighbridge
