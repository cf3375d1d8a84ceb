// Stores whose manifests name their blobs:
//
//   Ollama                manifests/<host>/<namespace>/<model>/<tag>, blobs/sha256-<hex>
//                         (older sha256:<hex>); server/manifest.go
//   Docker Model Runner   models.json, manifests/sha256/<hex>, blobs/sha256/<hex>
//   OCI layouts           index.json, blobs/sha256/<hex>; the media types tell KitOps,
//                         CNCF ModelPack, Docker and Ollama artifacts from images
//   ramalama              refs/<tag>.json, blobs/sha256-<hex>, snapshots/
//
// One manifest is one model. Manifests that name the same weights are one model with
// several tags; weights that several models share belong to the smallest of them.
#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "scanner/base/text.h"
#include "scanner/stores/entry.h"

namespace weighbridge {
namespace {

struct Layer {
  std::string digest;  // hex
  std::uint64_t size = 0;
  std::string what;  // model, projector, license, ...
  std::string path;
};

struct Manifest {
  std::size_t artifact = 0;
  std::string root;
  std::string kind;
  std::string host;
  std::string repository;
  std::vector<std::string> tags;
  std::string revision;
  std::vector<Layer> layers;
  std::string config;  // hex
  bool sure_digests = true;

  std::string Name() const {
    return repository + (tags.empty() || repository.empty() ? "" : ":") +
           (tags.empty() ? "" : tags.front());
  }
};

struct MediaType {
  std::string_view prefix;
  const char* kind;
};
constexpr auto kMediaTypes = std::to_array<MediaType>({
    {"application/vnd.ollama.image.", "ollama"},
    {"application/vnd.docker.ai.", "docker-model-runner"},
    {"application/vnd.kitops.modelkit.", "kitops"},
    {"application/vnd.cncf.model.", "modelpack"},
    {"application/vnd.cnai.model.", "modelpack"},
});

const MediaType* FindMediaType(std::string_view text) {
  for (const MediaType& row : kMediaTypes) {
    if (text.substr(0, row.prefix.size()) == row.prefix) return &row;
  }
  return nullptr;
}

// What a layer is, in Ollama's words.
std::string LayerWord(std::string_view media_type) {
  const MediaType* row = FindMediaType(media_type);
  if (row == nullptr) return {};
  std::string word(media_type.substr(row->prefix.size()));
  if (word.rfind("weight.config", 0) == 0) return "config";
  if (word.rfind("gguf", 0) == 0 || word.rfind("safetensors", 0) == 0) return "model";
  if (word.rfind("mmproj", 0) == 0) return "projector";
  if (word.rfind("chat.template", 0) == 0) return "template";
  word.resize(std::min(word.size(), word.find('.')));
  if (word == "weight" || word == "modelpart") return "model";
  return word;
}

bool HoldsWeights(const std::string& what) {
  return what == "model" || what == "projector" || what == "adapter" || what == "tensor";
}

class Joiner {
 public:
  Joiner(const StoreDocuments& documents, std::vector<Artifact>& artifacts)
      : documents_(documents), artifacts_(artifacts) {}

  void Run() {
    NameManifests();
    for (std::size_t i = 0; i < artifacts_.size(); ++i) {
      if (!IsStoreDocument(artifacts_[i])) continue;
      if (artifacts_[i].ClaimOr("oci:document") == "manifest") TakeManifest(i);
      if (artifacts_[i].format == "ramalama_ref") TakeRamalama(i);
    }
    CollectBlobs();
    for (Manifest& manifest : manifests_) DescribeManifest(manifest);
    AssignKeys();
    MarkOrphans();
  }

 private:
  // index.json and models.json: what they call manifests, by their digest.
  void NameManifests() {
    for (const Artifact& artifact : artifacts_) {
      if (!IsStoreDocument(artifact)) continue;
      const Place place(artifact.location);
      for (const std::string& line : artifact.ClaimList("oci:manifest")) {
        const std::vector<std::string> fields = Split(line, '\t');
        if (fields.size() < 4 || fields[3].empty()) continue;
        names_[place.Folder() + "\n" + HexOfDigest(fields[0])].push_back(fields[3]);
      }
      for (const std::string& line : artifact.ClaimList("dmr:model")) {
        const std::vector<std::string> fields = Split(line, '\t');
        model_runner_roots_.insert(place.Folder());
        auto& names = names_[place.Folder() + "\n" + HexOfDigest(fields[0])];
        names.insert(names.end(), fields.begin() + 1, fields.end());
      }
    }
  }

  void TakeManifest(std::size_t index) {
    const Artifact& artifact = artifacts_[index];
    Manifest manifest;
    manifest.artifact = index;
    const std::string& config = artifact.ClaimOr("oci:config");
    const std::size_t tab = config.find('\t');
    manifest.config = HexOfDigest(config.substr(0, tab));
    const MediaType* kind = FindMediaType(artifact.ClaimOr("oci:artifact_type"));
    if (kind == nullptr && tab != config.npos) kind = FindMediaType(config.substr(tab + 1));
    std::set<std::string> seen;
    for (const std::string& line : artifact.ClaimList("oci:layer")) {
      const std::vector<std::string> fields = Split(line, '\t');
      if (fields.size() < 4) continue;
      if (kind == nullptr) kind = FindMediaType(fields[2]);
      if (!seen.insert(fields[0]).second) continue;  // Ollama repeats equal texts
      manifest.layers.push_back({HexOfDigest(fields[0]), ParseUint(fields[1]).value_or(0),
                                 LayerWord(fields[2]), fields[3]});
    }
    const Place place(artifact.location);
    if (kind != nullptr) manifest.kind = kind->kind;
    if (TakeOllamaPlace(place, manifest) || (kind != nullptr && TakeDigestPlace(place, manifest))) {
      manifests_.push_back(std::move(manifest));
    }
  }

  // manifests/<host>/<namespace>/<model>/<tag>; a model that another host runs may have
  // no layer that tells Ollama, so its configuration does.
  bool TakeOllamaPlace(const Place& place, Manifest& manifest) const {
    std::size_t at = place.Last("manifests");
    if (at == Place::kNone) at = place.Last("manifests-v2");
    if (at == Place::kNone || at + 5 != place.size() || place[at + 1] == "sha256") return false;
    manifest.root = place.Upto(at);
    if (manifest.kind.empty() && Configuration(manifest) == nullptr) return false;
    manifest.kind = "ollama";
    manifest.host = place[at + 1];
    manifest.repository = std::string(place[at + 2]) + "/" + std::string(place[at + 3]);
    manifest.tags.emplace_back(place[at + 4]);
    return true;
  }

  // <root>/{blobs,manifests}/sha256/<hex>.
  bool TakeDigestPlace(const Place& place, Manifest& manifest) const {
    if (place.size() < 3 || place.FromEnd(1) != "sha256") return false;
    if (place.FromEnd(2) != "blobs" && place.FromEnd(2) != "manifests") return false;
    manifest.root = place.Upto(place.size() - 3);
    const std::string hex(place.FromEnd(0));
    manifest.revision = "sha256:" + hex;
    if (model_runner_roots_.count(manifest.root) != 0) manifest.kind = "docker-model-runner";
    const auto names = names_.find(manifest.root + "\n" + hex);
    if (names != names_.end()) {
      for (const std::string& name : names->second) TakeReference(name, manifest);
    }
    // A manifest that came from a registry knows the name it was asked for by.
    const std::string& reference = artifacts_[manifest.artifact].ClaimOr("oci:reference");
    if (!reference.empty()) TakeReference(reference, manifest);
    TakeTitle(manifest);
    return true;
  }

  // "ghcr.io/org/model:v1", "ai/smollm2:latest", "v1".
  static void TakeReference(const std::string& name, Manifest& manifest) {
    const std::string reference = name.substr(0, name.find('@'));
    const std::size_t slash = reference.rfind('/');
    const std::size_t colon = reference.find(':', slash == reference.npos ? 0 : slash);
    std::string repository = reference.substr(0, colon);
    if (colon == reference.npos && slash == reference.npos) {
      manifest.tags.push_back(reference);
      return;
    }
    const std::size_t first = repository.find('/');
    const std::string host = repository.substr(0, first);
    if (first != repository.npos &&
        (host.find_first_of(".:") != host.npos || host == "localhost")) {
      manifest.host = host;
      repository.erase(0, first + 1);
    } else if (manifest.kind == "docker-model-runner") {
      manifest.host = "docker.io";
    }
    manifest.repository = repository;
    if (colon != reference.npos) manifest.tags.push_back(reference.substr(colon + 1));
  }

  // A model without a reference is named by its annotations.
  void TakeTitle(Manifest& manifest) const {
    if (!manifest.repository.empty()) return;
    for (const std::string& line : artifacts_[manifest.artifact].ClaimList("oci:annotation")) {
      constexpr std::string_view kTitle = "org.opencontainers.image.title=";
      if (line.rfind(kTitle, 0) == 0) manifest.repository = line.substr(kTitle.size());
    }
  }

  // store/<transport>/<organisation>/<name>/refs/<tag>.json
  void TakeRamalama(std::size_t index) {
    const Artifact& artifact = artifacts_[index];
    const Place place(artifact.location);
    if (place.size() < 5) return;
    struct Transport {
      std::string_view name;
      const char* host;
    };
    constexpr auto kTransports = std::to_array<Transport>({{"huggingface", "huggingface.co"},
                                                           {"ollama", "registry.ollama.ai"},
                                                           {"modelscope", "modelscope.cn"},
                                                           {"oci", ""},
                                                           {"rlcr", ""},
                                                           {"url", ""},
                                                           {"http", ""},
                                                           {"https", ""},
                                                           {"file", ""}});
    Manifest manifest;
    manifest.artifact = index;
    manifest.root = place.Upto(place.size() - 2);
    manifest.kind = "ramalama";
    // Only what these hosts serve is named by its own digest; the rest by that of its URL.
    manifest.sure_digests = false;
    for (const Transport& row : kTransports) {
      if (place.FromEnd(4) != row.name) continue;
      manifest.host = row.host;
      manifest.sure_digests = manifest.host != "";
    }
    const std::string organisation(place.FromEnd(3));
    const std::string name(place.FromEnd(2));
    manifest.repository = organisation == name ? name : organisation + "/" + name;
    std::string tag(place.FromEnd(0));
    tag.resize(tag.size() - std::min<std::size_t>(tag.size(), 5));
    manifest.tags.push_back(tag);
    manifest.revision = artifact.ClaimOr("ramalama:hash");
    for (const std::string& line : artifact.ClaimList("ramalama:file")) {
      const std::vector<std::string> fields = Split(line, '\t');
      if (fields.size() < 3) continue;
      std::string what = ToLower(fields[2]);
      what = what.find("mmproj") != what.npos  ? "projector"
             : what.find("chat") != what.npos  ? "template"
             : what.find("model") != what.npos ? "model"
                                               : "other";
      manifest.layers.push_back({HexOfDigest(fields[0]), 0, what, fields[1]});
    }
    manifests_.push_back(std::move(manifest));
  }

  // Files by the blob that they are or lie in, "<root>\n<hex>".
  void CollectBlobs() {
    for (std::size_t i = 0; i < artifacts_.size(); ++i) {
      TakeBlob(artifacts_[i].location, i);
      for (const Location& other : artifacts_[i].other_locations) TakeBlob(other, i);
    }
  }

  void TakeBlob(const Location& location, std::size_t index) {
    const Place place(location);
    const std::size_t blobs = place.Last("blobs");
    if (blobs == Place::kNone || blobs + 1 >= place.size()) return;
    std::size_t at = blobs + 1;
    std::string name(place[at]);
    std::string hex;
    if (name == "sha256") {
      name = place[++at];
      if (!name.empty() && name.back() == '!') name.pop_back();
      if (name.size() == 64 && IsLowerHex(name)) hex = name;
    } else {
      if (!name.empty() && name.back() == '!') name.pop_back();
      hex = HexOfDigest(name);
      if (hex.empty()) return;
      if (at + 1 == place.size()) loose_blobs_.emplace(index, place.Upto(blobs));
    }
    if (hex.empty()) return;
    blobs_[place.Upto(blobs) + "\n" + hex].push_back({index, at + 1 == place.size()});
  }

  struct Blob {
    std::size_t artifact;
    bool whole;  // else a member of an archive that is the blob
  };
  // Many manifests may name one archive of many members: beyond a bound they get none.
  const std::vector<Blob>& BlobsOf(const Manifest& manifest, const std::string& hex) {
    static const std::vector<Blob> none;
    constexpr std::size_t kMaxJoins = 20'000'000;
    const auto found = blobs_.find(manifest.root + "\n" + hex);
    if (found == blobs_.end() || joins_ > kMaxJoins) return none;
    joins_ += found->second.size();
    return found->second;
  }

  const Artifact* Configuration(const Manifest& manifest) const {
    for (const char* form : {"/blobs/sha256-", "/blobs/sha256:", "/blobs/sha256/"}) {
      const std::string place =
          manifest.root.empty() ? std::string(form).substr(1) : manifest.root + form;
      const auto found = documents_.places.find(place + manifest.config);
      if (found != documents_.places.end()) return &artifacts_[found->second];
    }
    return nullptr;
  }

  void DescribeManifest(Manifest& manifest) {
    Artifact& self = artifacts_[manifest.artifact];
    AddClaims(manifest, self);
    const Artifact* config = Configuration(manifest);
    const std::string remote = config == nullptr ? "" : config->ClaimOr("ollama:remote_model");
    if (!remote.empty()) {
      const std::string where = config->ClaimOr("ollama:remote_host");
      AddStoreClaim(self, "store:remote", remote + " at " + where);
      Note(self, Severity::kNote, ErrorCode::kUnsupported,
           "store: " + Quote(manifest.Name()) + " is run by " + Quote(where) + " as " +
               Quote(remote) + ", its weights are not here");
    }
    for (const Layer& layer : manifest.layers) {
      if (!HoldsWeights(layer.what) || layer.digest.empty()) continue;
      if (!BlobsOf(manifest, layer.digest).empty()) continue;
      AddStoreClaim(self, "store:not-downloaded", layer.what + " sha256:" + layer.digest);
      Note(self, Severity::kWarning, ErrorCode::kNotFound,
           "store: the " + layer.what + " of " + Quote(manifest.Name()) +
               " (sha256:" + layer.digest + ") is not there or is no known weight format");
    }
  }

  static void Note(Artifact& artifact, Severity severity, ErrorCode code, std::string message) {
    artifact.diagnostics.push_back({severity, code, artifact.location, std::move(message)});
  }

  static void AddClaims(const Manifest& manifest, Artifact& artifact) {
    AddStoreClaim(artifact, "store:kind", manifest.kind);
    AddStoreClaim(artifact, "store:host", manifest.host);
    AddStoreClaim(artifact, "store:repository", manifest.repository);
    AddStoreClaim(artifact, "store:revision", manifest.revision);
    for (const std::string& tag : manifest.tags) AddStoreClaim(artifact, "store:tag", tag);
  }

  std::set<std::size_t> WeightsOf(const Manifest& manifest) {
    std::set<std::size_t> weights;
    for (const Layer& layer : manifest.layers) {
      for (const Blob& blob : BlobsOf(manifest, layer.digest)) {
        if (IsModelFile(artifacts_[blob.artifact])) weights.insert(blob.artifact);
      }
    }
    return weights;
  }

  // Smallest first, then by place: what a base model shares with an adapted one is its own.
  void AssignKeys() {
    std::vector<std::pair<std::set<std::size_t>, const Manifest*>> order;
    for (const Manifest& manifest : manifests_) {
      order.emplace_back(WeightsOf(manifest), &manifest);
    }
    std::stable_sort(order.begin(), order.end(),
                     [](const auto& a, const auto& b) { return a.first.size() < b.first.size(); });
    std::map<std::size_t, std::string> owner;
    std::map<std::set<std::size_t>, std::string> keys;
    for (const auto& [weights, manifest] : order) {
      auto key = keys.find(weights);
      if (key == keys.end() || weights.empty()) {
        key = keys.insert_or_assign(weights,
                                    manifest->root + "#" + manifest->host + "/" + manifest->Name())
                  .first;
      }
      for (const std::size_t index : weights) owner.try_emplace(index, key->second);
      JoinLayers(*manifest, key->second, owner);
    }
  }

  void JoinLayers(const Manifest& manifest, const std::string& key,
                  const std::map<std::size_t, std::string>& owner) {
    for (const Layer& layer : manifest.layers) {
      for (const Blob& blob : BlobsOf(manifest, layer.digest)) {
        if (blob.artifact == manifest.artifact) continue;
        Artifact& artifact = artifacts_[blob.artifact];
        AddClaims(manifest, artifact);
        AddStoreClaim(artifact, "store:layer", layer.what);
        if (blob.whole) AddStoreClaim(artifact, "store:path", layer.path);
        if (IsModelFile(artifact)) {
          const auto owned = owner.find(blob.artifact);
          if (owned == owner.end()) continue;
          if (artifact.ClaimOr("store:model").empty()) {
            AddStoreClaim(artifact, "store:model", owned->second);
          }
          if (owned->second == key) Describe(manifest, artifact);
        } else {
          AddStoreClaim(artifact, "store:model", key);
          if (layer.what == "license" && artifact.format == "store_layer") {
            artifact.kind = ArtifactKind::kLicenceText;
          }
        }
        if (blob.whole && manifest.sure_digests) State(layer, artifact);
        joined_.insert(blob.artifact);
      }
    }
  }

  // What the configuration says about the weights.
  void Describe(const Manifest& manifest, Artifact& artifact) {
    const Artifact* config = Configuration(manifest);
    if (config == nullptr) return;
    constexpr auto kTaken = std::to_array<std::pair<const char*, const char*>>(
        {{"ollama:model_family", "store:family"},
         {"ollama:model_type", "store:parameters"},
         {"ollama:file_type", "store:quantisation"},
         {"modelpack:descriptor.name", "store:name"},
         {"modelpack:descriptor.vendor", "store:vendor"},
         {"modelpack:descriptor.family", "store:family"},
         {"modelpack:descriptor.licenses", "store:licence"},
         {"modelpack:descriptor.sourceURL", "store:source"},
         {"modelpack:config.parameters", "store:parameters"},
         {"modelpack:config.paramSize", "store:parameters"},
         {"modelpack:config.quantization", "store:quantisation"},
         {"kitfile:model.name", "store:name"},
         {"kitfile:package.license", "store:licence"},
         {"kitfile:model.license", "store:licence"}});
    for (const auto& [from, to] : kTaken) AddStoreClaim(artifact, to, config->ClaimOr(from));
  }

  static void State(const Layer& layer, Artifact& artifact) {
    StatedDigest digest{"sha256", layer.digest, std::string(artifact.location.FileName()),
                        layer.size};
    auto& stated = artifact.stated_digests;
    if (std::find(stated.begin(), stated.end(), digest) == stated.end()) {
      stated.push_back(std::move(digest));
    }
  }

  // A blob that no manifest names is still a model; a text that none names is nobody's.
  void MarkOrphans() {
    std::map<std::string, std::string> kinds;  // by root
    for (const Manifest& manifest : manifests_) kinds.emplace(manifest.root, manifest.kind);
    for (const auto& [index, root] : loose_blobs_) {
      if (joined_.count(index) != 0) continue;
      Artifact& artifact = artifacts_[index];
      if (IsStoreDocument(artifact)) continue;
      const auto kind = kinds.find(root);
      AddStoreClaim(artifact, "store:kind", kind == kinds.end() ? "ollama" : kind->second);
      AddStoreClaim(artifact, "store:orphan", "no manifest names it");
      if (!IsModelFile(artifact)) {
        AddStoreClaim(artifact, "store:model", artifact.location.ToString());
      }
    }
    for (const auto& [key, blobs] : blobs_) {
      const auto kind = kinds.find(key.substr(0, key.find('\n')));
      if (kind == kinds.end()) continue;
      for (const Blob& blob : blobs) {
        Artifact& artifact = artifacts_[blob.artifact];
        if (joined_.count(blob.artifact) != 0 || !IsModelFile(artifact)) continue;
        AddStoreClaim(artifact, "store:kind", kind->second);
        AddStoreClaim(artifact, "store:orphan", "no manifest names it");
      }
    }
  }

  const StoreDocuments& documents_;
  std::vector<Artifact>& artifacts_;
  std::map<std::string, std::vector<std::string>> names_;  // "<root>\n<hex>"
  std::set<std::string> model_runner_roots_;
  std::vector<Manifest> manifests_;
  std::map<std::string, std::vector<Blob>> blobs_;
  std::map<std::size_t, std::string> loose_blobs_;  // sha256-<hex>: root
  std::set<std::size_t> joined_;
  std::size_t joins_ = 0;
};

}  // namespace

void JoinManifests(const StoreDocuments& documents, std::vector<Artifact>& artifacts) {
  Joiner(documents, artifacts).Run();
}

}  // namespace weighbridge
