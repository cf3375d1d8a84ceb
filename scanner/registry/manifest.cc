#include "scanner/registry/manifest.h"

#include <algorithm>
#include <set>

#include "scanner/base/json.h"
#include "scanner/base/text.h"
#include "scanner/registry/reference.h"

namespace weighbridge {
namespace {

constexpr std::size_t kMaxEntries = 4096;  // layers or manifests of one document
constexpr std::size_t kMaxComplaints = 16;
constexpr char kDefaultPlatform[] = "linux/amd64";

std::string PlatformOf(const Json& entry) {
  const Json* platform = Find(entry, "platform");
  if (platform == nullptr) return {};
  const std::string os = StringOr(*platform, "os");
  const std::string architecture = StringOr(*platform, "architecture");
  const std::string variant = StringOr(*platform, "variant");
  if (os.empty() && architecture.empty()) return {};
  return os + "/" + architecture + (variant.empty() ? "" : "/" + variant);
}

// The annotations that name files: ORAS and KitOps, ModelPack, its earlier prefix.
std::string TitleOf(const Json& entry) {
  const Json* annotations = Find(entry, "annotations");
  if (annotations == nullptr) return {};
  for (const char* key :
       {"org.cncf.model.filepath", "org.cnai.model.filepath", "org.opencontainers.image.title"}) {
    std::string title = StringOr(*annotations, key);
    if (!title.empty()) return title;
  }
  return {};
}

// "" when the entry can be used, else the reason.
std::string TakeDescriptor(const Json& entry, Descriptor& out) {
  if (!entry.is_object()) return "not an object";
  out.media_type = StringOr(entry, "mediaType");
  out.digest = StringOr(entry, "digest");
  if (!IsDigest(out.digest)) return Quote(out.digest, 100) + " is not a digest";
  const Json* size = Find(entry, "size");
  if (size == nullptr || !size->is_number_unsigned()) return out.digest + " has no size";
  out.size = size->get<std::uint64_t>();
  if (out.size > INT64_MAX) return out.digest + " has a size beyond 2^63";
  out.title = TitleOf(entry);
  out.platform = PlatformOf(entry);
  const Json* annotations = Find(entry, "annotations");
  out.attestation = out.platform == "unknown/unknown" ||
                    (annotations != nullptr &&
                     StringOr(*annotations, "vnd.docker.reference.type") == "attestation-manifest");
  return {};
}

void TakeList(const Json& list, const char* what, std::vector<Descriptor>& out,
              std::vector<std::string>& complaints) {
  std::size_t number = 0;
  for (const Json& entry : list) {
    if (++number > kMaxEntries) {
      complaints.push_back("more than " + std::to_string(kMaxEntries) + " " + what + "s");
      return;
    }
    Descriptor descriptor;
    const std::string reason = TakeDescriptor(entry, descriptor);
    if (reason.empty()) {
      out.push_back(std::move(descriptor));
    } else if (complaints.size() < kMaxComplaints) {
      complaints.push_back(std::string(what) + " " + std::to_string(number) + ": " + reason);
    }
  }
}

bool Matches(const std::string& platform, std::string_view wanted) {
  return platform == wanted ||
         (platform.size() > wanted.size() && platform.compare(0, wanted.size(), wanted) == 0 &&
          platform[wanted.size()] == '/');
}

bool IsChoosable(const Descriptor& entry) {
  return entry.platform.empty() || entry.media_type.find("index") != std::string::npos;
}

}  // namespace

Result<ManifestDocument> ParseManifestDocument(std::string_view text, std::string_view media_type,
                                               const Limits& limits) {
  auto parsed = ParseJson(text, limits);
  if (!parsed.ok()) return Error{parsed.error().code, "manifest: " + parsed.error().message};
  const Json& root = parsed.value();
  const auto refuse = [](ErrorCode code, std::string reason) {
    return Error{code, "manifest: " + std::move(reason)};
  };
  if (!root.is_object()) return refuse(ErrorCode::kMalformed, "not a JSON object");
  const Json* version = Find(root, "schemaVersion");
  if (version != nullptr && version->is_number_unsigned() && version->get<std::uint64_t>() == 1) {
    return refuse(ErrorCode::kUnsupported, "Docker schema 1, which registries no longer accept");
  }
  const std::string stated = StringOr(root, "mediaType");
  if (!stated.empty() && media_type.find("json") != media_type.npos &&
      media_type != "application/json" && stated != media_type) {
    return refuse(ErrorCode::kMalformed, "says it is " + Quote(stated, 100) +
                                             ", the registry says " + Quote(media_type, 100));
  }
  const Json* manifests = Find(root, "manifests");
  const Json* layers = Find(root, "layers");
  if (manifests != nullptr && layers != nullptr) {
    return refuse(ErrorCode::kMalformed, "is an index and a manifest at once");
  }
  ManifestDocument document;
  document.artifact_type = StringOr(root, "artifactType");
  if (manifests != nullptr && manifests->is_array()) {
    document.is_index = true;
    TakeList(*manifests, "manifest", document.manifests, document.complaints);
    return document;
  }
  if (layers == nullptr || !layers->is_array()) {
    return refuse(ErrorCode::kMalformed, "neither layers nor manifests are listed");
  }
  TakeList(*layers, "layer", document.layers, document.complaints);
  if (const Json* config = Find(root, "config")) {
    const std::string reason = TakeDescriptor(*config, document.config);
    if (!reason.empty()) {
      document.config = {};
      document.complaints.push_back("config: " + reason);
    }
  }
  return document;
}

LayerShape ShapeOf(std::string_view media_type) {
  std::string word;
  bool tar = false;
  for (std::size_t i = 0; i <= media_type.size(); ++i) {
    const char c = i < media_type.size() ? media_type[i] : '.';
    if (c != '.' && c != '+' && c != '-' && c != '/') {
      word += c;
      continue;
    }
    if (word == "encrypted") return LayerShape::kEncrypted;
    tar |= word == "tar";
    word.clear();
  }
  return tar ? LayerShape::kTar : LayerShape::kUnknown;
}

Result<Choice> ChooseManifests(const std::vector<Descriptor>& manifests, std::string_view wanted,
                               bool all) {
  Choice choice;
  std::set<std::string> listed;
  bool found = false;
  const std::string platform(wanted.empty() ? kDefaultPlatform : wanted);
  for (const Descriptor& entry : manifests) {
    if (!entry.platform.empty() && !entry.attestation) listed.insert(entry.platform);
    found |= !entry.attestation && Matches(entry.platform, platform);
  }
  choice.platforms.assign(listed.begin(), listed.end());
  if (!wanted.empty() && !all && !found && !listed.empty()) {
    return Error{ErrorCode::kNotFound, "no manifest for " + Quote(wanted, 100) + ", it has " +
                                           Printable(Join(choice.platforms, ", "))};
  }
  std::set<std::string> scanned;
  for (std::size_t i = 0; i < manifests.size(); ++i) {
    const Descriptor& entry = manifests[i];
    const bool fits = IsChoosable(entry) || !found || Matches(entry.platform, platform);
    if (!all && (entry.attestation || !fits)) continue;
    choice.chosen.push_back(i);
    if (!entry.platform.empty()) scanned.insert(entry.platform);
  }
  choice.scanned.assign(scanned.begin(), scanned.end());
  return choice;
}

}  // namespace weighbridge
