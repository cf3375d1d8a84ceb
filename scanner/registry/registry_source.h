// RegistrySource: everything that one reference leads to, handed over blob by blob as a
// walk hands over files.
//
//   registry:HOST/NAME:TAG
//     index ── manifest (platform) ── config
//                                  ├─ layer: an archive   -> OnLayer, passes once
//                                  └─ layer: a file       -> OnFile, read by ranges
//
// Places. Everything lies below the digest that the reference stands for, D:
//
//   registry:HOST/NAME@D!/blobs/sha256/HEX            index, manifest, config, layer
//   registry:HOST/NAME@M!/model.gguf                  a file that manifest M names
//
// so that files of one artifact lie in one folder, as they do when it is pulled. A
// file's blob is its other place.
//
// Network is used here and nowhere else in weighbridge. Nothing is stored. Not
// thread-safe.
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <vector>

#include "scanner/registry/blob.h"
#include "scanner/registry/client.h"
#include "scanner/registry/manifest.h"
#include "weighbridge/artifact.h"
#include "weighbridge/limits.h"

namespace weighbridge {

struct RegistryOptions {
  bool insecure = false;       // plain HTTP, to loopback only
  bool all_platforms = false;  // of an index
  std::string platform;        // "os/arch[/variant]", "" = linux/amd64, else all
  Limits limits;
  std::stop_token stop;
};

// What is known of a blob before it is read.
struct RegistryFile {
  Location location;
  std::optional<Location> blob;     // set when the location is a name that a manifest gives
  StatedDigest stated;              // by the manifest
  std::vector<Claim> claims;        // for the artifact
  std::optional<ImagePlace> place;  // of a file that is a whole layer
};

class RegistryVisitor {
 public:
  virtual ~RegistryVisitor() = default;
  // A document or a small file: whole, and its digest is verified.
  virtual void OnDocument(const RegistryFile& file, const ByteSource& bytes) = 0;
  // A file in a layer of its own. `whole` reads it front to back, for a digest.
  virtual void OnFile(const RegistryFile& file, const RangeSource& bytes, BlobStream& whole) = 0;
  // An archive. The visitor calls bytes.Finish() for the digest.
  virtual void OnLayer(const RegistryFile& file, BlobStream& bytes) = 0;
  virtual void OnRefused(const Location& location, const Error& error) = 0;
  virtual void OnSkipped(const std::string& reason) = 0;
  virtual void OnNote(const Diagnostic& note) = 0;
};

class RegistrySource {
 public:
  // `reference`: the text after "registry:". Asks for the manifest, so that a wrong
  // name, host or password fails here. `transport`: for tests; else the network.
  static Result<std::unique_ptr<RegistrySource>> Open(std::string_view reference,
                                                      RegistryOptions options,
                                                      HttpTransport* transport = nullptr);
  void Run(RegistryVisitor& visitor);

  const Reference& reference() const { return reference_; }
  // "registry:HOST/NAME@sha256:<hex>"
  const std::string& root() const { return root_; }

 private:
  RegistrySource(Reference reference, RegistryOptions options)
      : reference_(std::move(reference)), options_(std::move(options)) {}
  struct Pending {
    std::string digest;
    std::string platform;
    int depth = 0;
  };

  RegistryFile FileOfBlob(const std::string& digest, std::uint64_t size) const;
  void VisitDocument(const FetchedManifest& fetched, const Pending& from, RegistryVisitor& visitor,
                     std::vector<Pending>& pending);
  void VisitIndex(const ManifestDocument& index, const Location& location, int depth,
                  RegistryVisitor& visitor, std::vector<Pending>& pending);
  void VisitManifest(const ManifestDocument& manifest, const std::string& digest,
                     RegistryVisitor& visitor);
  void VisitConfig(const Descriptor& config, RegistryVisitor& visitor);
  void VisitLayer(const Descriptor& layer, RegistryFile file, RegistryVisitor& visitor);
  void VisitRawLayer(const Descriptor& layer, RegistryFile& file, RegistryVisitor& visitor);
  void VisitStream(const Descriptor& layer, const RegistryFile& file, RegistryVisitor& visitor);
  void NameFile(const std::string& title, const std::string& manifest, RegistryFile& file,
                RegistryVisitor& visitor);

  Reference reference_;
  RegistryOptions options_;
  std::unique_ptr<HttpTransport> own_transport_;
  std::unique_ptr<RegistryClient> client_;
  FetchedManifest top_;
  std::string root_;
  std::set<std::string> seen_;   // digests
  std::set<std::string> named_;  // places taken by names
};

}  // namespace weighbridge
