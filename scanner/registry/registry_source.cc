#include "scanner/registry/registry_source.h"

#include <algorithm>
#include <array>

#include "scanner/archive/members.h"
#include "scanner/base/text.h"
#include "scanner/images/layer_summary.h"

namespace weighbridge {
namespace {

constexpr int kMaxIndexDepth = 4;
constexpr std::size_t kMaxManifests = 1024;  // of one reference
// Files up to this size are fetched whole: a range would cost as much.
constexpr std::uint64_t kSmallFileBytes = 256 << 10;
constexpr std::uint64_t kMaxConfigBytes = 8 << 20;

// Archives whose members can only be had front to back.
bool MustPassOnce(Packing packing) { return packing != Packing::kZip && packing != Packing::k7zip; }

bool UsableName(const std::string& plain, const std::string& title) {
  return !plain.empty() && !LeavesFolder(title) && Printable(title) == title;
}

}  // namespace

Result<std::unique_ptr<RegistrySource>> RegistrySource::Open(std::string_view text,
                                                             RegistryOptions options,
                                                             HttpTransport* transport) {
  auto reference = ParseReference(text);
  if (!reference.ok()) return std::move(reference).error();
  auto credentials = CredentialStore::OfThisUser();
  if (!credentials.ok()) return std::move(credentials).error();
  std::unique_ptr<RegistrySource> source(
      new RegistrySource(std::move(reference).value(), std::move(options)));
  if (transport == nullptr) {
    HttpOptions http;
    http.plain_to_loopback = source->options_.insecure;
    http.stop = source->options_.stop;
    source->own_transport_ = MakeHttpTransport(std::move(http));
    transport = source->own_transport_.get();
  }
  const Reference& parsed = source->reference_;
  source->client_ = std::make_unique<RegistryClient>(parsed, std::move(credentials).value(),
                                                     source->options_.insecure, *transport);
  auto top = source->client_->GetManifest(parsed.Wanted());
  if (!top.ok()) return std::move(top).error();
  source->top_ = std::move(top).value();
  source->root_ = "registry:" + parsed.Name() + "@" + source->top_.digest;
  return source;
}

RegistryFile RegistrySource::FileOfBlob(const std::string& digest, std::uint64_t size) const {
  RegistryFile file;
  const std::string algorithm(DigestAlgorithm(digest));
  const std::string hex(DigestHex(digest));
  file.location = {root_, {"blobs/" + algorithm + "/" + hex}};
  file.stated = {algorithm, hex, hex, size};
  return file;
}

void RegistrySource::Run(RegistryVisitor& visitor) {
  std::vector<Pending> pending;
  seen_.insert(top_.digest);
  VisitDocument(top_, {top_.digest, "", 0}, visitor, pending);
  std::size_t manifests = 0;
  for (std::size_t next = 0; next < pending.size(); ++next) {
    const Pending entry = pending[next];
    if (options_.stop.stop_requested()) return;
    if (!seen_.insert(entry.digest).second) continue;
    const Location location = FileOfBlob(entry.digest, 0).location;
    if (++manifests > kMaxManifests) {
      visitor.OnRefused(location, {ErrorCode::kLimitExceeded,
                                   "more than " + std::to_string(kMaxManifests) + " manifests"});
      return;
    }
    auto fetched = client_->GetManifest(entry.digest);
    if (fetched.ok()) {
      VisitDocument(fetched.value(), entry, visitor, pending);
    } else {
      visitor.OnRefused(location, fetched.error());
    }
  }
}

void RegistrySource::VisitDocument(const FetchedManifest& fetched, const Pending& from,
                                   RegistryVisitor& visitor, std::vector<Pending>& pending) {
  RegistryFile file = FileOfBlob(fetched.digest, fetched.text.size());
  auto document = ParseManifestDocument(fetched.text, fetched.media_type, options_.limits);
  if (!document.ok()) {
    visitor.OnRefused(file.location, document.error());
    return;
  }
  if (!document.value().is_index) {
    file.claims.push_back({"oci:reference", reference_.ToString()});
  }
  visitor.OnDocument(file, MemorySource(fetched.text));
  for (const std::string& complaint : document.value().complaints) {
    visitor.OnNote({Severity::kError, ErrorCode::kMalformed, file.location, complaint});
  }
  if (document.value().is_index) {
    VisitIndex(document.value(), file.location, from.depth, visitor, pending);
  } else {
    VisitManifest(document.value(), fetched.digest, visitor);
  }
}

void RegistrySource::VisitIndex(const ManifestDocument& index, const Location& location, int depth,
                                RegistryVisitor& visitor, std::vector<Pending>& pending) {
  if (depth >= kMaxIndexDepth) {
    visitor.OnRefused(location, {ErrorCode::kLimitExceeded,
                                 "indexes nested deeper than " + std::to_string(kMaxIndexDepth)});
    return;
  }
  auto choice = ChooseManifests(index.manifests, options_.platform, options_.all_platforms);
  if (!choice.ok()) {
    visitor.OnRefused(location, choice.error());
    return;
  }
  const Choice& made = choice.value();
  for (std::size_t i = made.chosen.size(); i < index.manifests.size(); ++i) {
    visitor.OnSkipped("manifest of another platform");
  }
  if (made.scanned.size() < made.platforms.size()) {
    visitor.OnNote({Severity::kNote, ErrorCode::kUnsupported, location,
                    "the index lists " + Printable(Join(made.platforms, ", ")) + "; scanned: " +
                        Printable(Join(made.scanned, ", ")) + " (--all-platforms scans all)"});
  }
  for (const std::size_t i : made.chosen) {
    const Descriptor& entry = index.manifests[i];
    pending.push_back({entry.digest, entry.platform, depth + 1});
  }
}

void RegistrySource::VisitManifest(const ManifestDocument& manifest, const std::string& digest,
                                   RegistryVisitor& visitor) {
  VisitConfig(manifest.config, visitor);
  for (std::size_t i = 0; i < manifest.layers.size(); ++i) {
    if (options_.stop.stop_requested()) return;
    const Descriptor& layer = manifest.layers[i];
    if (!seen_.insert(layer.digest).second) {
      visitor.OnSkipped("blob already read");
      continue;
    }
    RegistryFile file = FileOfBlob(layer.digest, layer.size);
    file.place = ImagePlace{reference_.ToString(),
                            digest,
                            layer.digest,
                            static_cast<std::uint32_t>(i + 1),
                            static_cast<std::uint32_t>(manifest.layers.size()),
                            ImagePlace::State::kVisible};
    file.claims.push_back({"oci:media_type", Printable(layer.media_type.substr(0, 255))});
    if (!layer.title.empty() && ShapeOf(layer.media_type) == LayerShape::kUnknown) {
      NameFile(layer.title, digest, file, visitor);
    }
    VisitLayer(layer, std::move(file), visitor);
  }
}

// A name that would leave its folder, hide characters or is taken is not used.
void RegistrySource::NameFile(const std::string& title, const std::string& manifest,
                              RegistryFile& file, RegistryVisitor& visitor) {
  const std::string plain = PlainPath(title);
  Location place{"registry:" + reference_.Name() + "@" + manifest, {plain}};
  if (!UsableName(plain, title)) {
    const bool hides = Printable(title) != title;
    visitor.OnNote(
        {Severity::kWarning, ErrorCode::kMalformed, file.location,
         std::string(hides ? "member name hides characters: " : "member name leaves its folder: ") +
             Quote(title, 100)});
  } else if (!named_.insert(place.ToString()).second) {
    visitor.OnNote({Severity::kWarning, ErrorCode::kMalformed, file.location,
                    "another file of the manifest is already named " + Quote(title, 100)});
  } else {
    file.blob = std::move(file.location);
    file.location = std::move(place);
    file.stated.file_name = plain;
  }
}

void RegistrySource::VisitConfig(const Descriptor& config, RegistryVisitor& visitor) {
  // The empty descriptor ("{}", image-spec 1.1) says nothing.
  if (config.digest.empty() || config.size <= 2 || !seen_.insert(config.digest).second) return;
  const RegistryFile file = FileOfBlob(config.digest, config.size);
  if (config.size > kMaxConfigBytes) {
    visitor.OnRefused(file.location, {ErrorCode::kLimitExceeded,
                                      "a configuration of " + std::to_string(config.size) +
                                          " bytes, limit " + std::to_string(kMaxConfigBytes)});
    return;
  }
  auto text = client_->GetBlob(config.digest, kMaxConfigBytes);
  if (!text.ok()) {
    visitor.OnRefused(file.location, text.error());
    return;
  }
  visitor.OnDocument(file, MemorySource(text.value()));
}

void RegistrySource::VisitLayer(const Descriptor& layer, RegistryFile file,
                                RegistryVisitor& visitor) {
  switch (ShapeOf(layer.media_type)) {
    case LayerShape::kEncrypted:
      visitor.OnRefused(file.location, {ErrorCode::kUnsupported, "the layer is encrypted"});
      return;
    case LayerShape::kTar: VisitStream(layer, file, visitor); return;
    case LayerShape::kUnknown: VisitRawLayer(layer, file, visitor); return;
  }
}

void RegistrySource::VisitStream(const Descriptor& layer, const RegistryFile& file,
                                 RegistryVisitor& visitor) {
  BlobStream stream(*client_, layer.digest, layer.size);
  visitor.OnLayer(file, stream);
}

void RegistrySource::VisitRawLayer(const Descriptor& layer, RegistryFile& file,
                                   RegistryVisitor& visitor) {
  if (layer.size <= kSmallFileBytes) {
    auto bytes = client_->GetBlob(layer.digest, static_cast<std::size_t>(kSmallFileBytes));
    if (bytes.ok()) {
      visitor.OnDocument(file, MemorySource(bytes.value()));
    } else {
      visitor.OnRefused(file.location, bytes.error());
    }
    return;
  }
  const RangeSource source(*client_, layer.digest, layer.size);
  std::array<std::uint8_t, 512> head;
  auto got = source.ReadAt(0, head);
  if (!got.ok()) {
    visitor.OnRefused(file.location, got.error());
    return;
  }
  const auto packing = FindPacking(ByteSpan(head).first(got.value()));
  if ((packing && MustPassOnce(*packing)) || source.ranges_ignored()) {
    VisitStream(layer, file, visitor);
    return;
  }
  BlobStream whole(*client_, layer.digest, layer.size);
  visitor.OnFile(file, source, whole);
}

}  // namespace weighbridge
