#include "scanner/pipeline/registry_stage.h"

#include <algorithm>

#include "scanner/archive/spool.h"
#include "scanner/base/text.h"
#include "scanner/pipeline/hash.h"
#include "scanner/pipeline/nest.h"

namespace weighbridge {
namespace {

class BlobInspector final : public RegistryVisitor {
 public:
  BlobInspector(Inspector& inspector, Coverage& coverage)
      : inspector_(inspector), options_(inspector.options()), coverage_(coverage) {}

  void OnDocument(const RegistryFile& file, const ByteSource& bytes) override {
    InspectedFile found = Begin(file);
    Error failure;
    const Recognition recognition =
        InspectRemote(inspector_, bytes, options_.hash, found, &failure);
    coverage_.bytes_read += bytes.size();
    if (!Counted(recognition, failure, found)) return;
    TakeDigest(file.stated.algorithm + ":" + file.stated.hex, found.artifact);
    End(file, std::move(found));
  }

  void OnFile(const RegistryFile& file, const RangeSource& bytes, BlobStream& whole) override {
    InspectedFile found = Begin(file);
    Error failure;
    const Recognition recognition =
        InspectRemote(inspector_, bytes, HashMode::kNone, found, &failure);
    coverage_.bytes_read += bytes.bytes_fetched();
    if (!Counted(recognition, failure, found)) return;
    if (options_.hash_registries) {
      DigestWhole(file, whole, found.artifact);
    } else {
      SayWhatWasRead(file, bytes, found.artifact);
    }
    End(file, std::move(found));
  }

  void OnLayer(const RegistryFile& file, BlobStream& bytes) override {
    InspectedFile found = Begin(file);
    Error failure;
    const Recognition recognition =
        InspectPassing(inspector_, bytes, bytes.size(), found, &failure);
    auto digest = bytes.Finish();
    coverage_.bytes_read += bytes.passed();
    if (recognition == Recognition::kUnrecognised) {
      CheckUnrecognised(file, digest);
      return;
    }
    if (!Counted(recognition, failure, found)) return;
    if (digest.ok()) {
      TakeDigest(digest.value(), found.artifact);
      Compare(file, digest.value(), found.artifact);
    } else {
      NotDigested(digest.error(), found.artifact);
    }
    End(file, std::move(found));
  }

  void OnRefused(const Location& location, const Error& error) override {
    ++coverage_.files_seen;
    ++coverage_.failed;
    Diagnostic refused{Severity::kError, error.code, location, "not inspected: " + error.message};
    if (error.message.find("digest mismatch: ") != std::string::npos) {
      refused.kind = DiagnosticKind::kDigestMismatch;
    }
    inspector_.Report(std::move(refused));
  }
  void OnSkipped(const std::string& reason) override {
    ++coverage_.files_seen;
    ++coverage_.skipped[reason];
  }
  void OnNote(const Diagnostic& note) override { inspector_.Report(note); }

 private:
  InspectedFile Begin(const RegistryFile& file) {
    InspectedFile found;
    found.artifact.location = file.location;
    // No two blobs are the same file: that is what the stamp says of files on disk.
    found.stamp.device = ~std::uint64_t{0};
    found.stamp.inode = ++blobs_;
    found.stamp.size = file.stated.size;
    ++coverage_.files_seen;
    return found;
  }

  bool Counted(Recognition recognition, const Error& failure, const InspectedFile& found) {
    if (recognition == Recognition::kRecognised) {
      ++coverage_.recognised;
      return true;
    }
    if (recognition == Recognition::kUnrecognised) {
      ++coverage_.unrecognised;
      return false;
    }
    ++coverage_.failed;
    inspector_.Report({Severity::kError, failure.code, found.artifact.location, failure.message});
    return false;
  }

  void End(const RegistryFile& file, InspectedFile found) {
    Artifact& artifact = found.artifact;
    for (const Claim& claim : file.claims) artifact.claims.push_back(claim);
    if (file.blob) artifact.other_locations.push_back(*file.blob);
    // An archive's members learn their places from the manifest.
    const bool by_itself = artifact.kind != ArtifactKind::kContainer;
    if (file.place && by_itself) artifact.images.push_back(*file.place);
    if (file.place) artifact.stated_digests.push_back(file.stated);
    inspector_.Keep(std::move(found));
  }

  static void TakeDigest(const std::string& digest, Artifact& artifact) {
    if (DigestAlgorithm(digest) == "sha256") artifact.sha256 = DigestHex(digest);
  }

  // A blob's own name is compared with its content where images are placed, what a store
  // states about a name where stores are checked: both know SHA-256.
  static void Compare(const RegistryFile& file, const std::string& digest, Artifact& artifact) {
    const std::string stated = file.stated.algorithm + ":" + file.stated.hex;
    if (digest == stated || file.stated.algorithm == "sha256") return;
    artifact.diagnostics.push_back({Severity::kError, ErrorCode::kMalformed, artifact.location,
                                    Mismatch(stated, digest), DiagnosticKind::kDigestMismatch});
  }
  static std::string Mismatch(const std::string& stated, const std::string& digest) {
    return "digest mismatch: the manifest says " + stated + ", its content has " + digest;
  }

  void CheckUnrecognised(const RegistryFile& file, const Result<std::string>& digest) {
    const std::string stated = file.stated.algorithm + ":" + file.stated.hex;
    if (digest.ok() && digest.value() == stated) {
      ++coverage_.unrecognised;
      return;
    }
    ++coverage_.failed;
    Diagnostic wrong{Severity::kError, ErrorCode::kMalformed, file.location, ""};
    if (digest.ok()) {
      wrong.message = Mismatch(stated, digest.value());
      wrong.kind = DiagnosticKind::kDigestMismatch;
    } else {
      wrong.code = digest.error().code;
      wrong.message = "not inspected: " + digest.error().message;
    }
    inspector_.Report(std::move(wrong));
  }

  static void NotDigested(const Error& error, Artifact& artifact) {
    artifact.diagnostics.push_back(
        {Severity::kError, error.code, artifact.location, "not digested: " + error.message});
    artifact.inspection = Inspection::kPartial;
    if (artifact.not_inspected_reason.empty()) artifact.not_inspected_reason = error.message;
  }

  // One reading of the whole blob: its digest, and those of its tensors.
  void DigestWhole(const RegistryFile& file, BlobStream& whole, Artifact& artifact) {
    ArchiveBudget budget(options_.limits, whole.size(), options_.stop);
    SpooledSource source(whole, whole.size(), budget);
    source.StopKeeping();
    HashRequest request;
    for (const Tensor& tensor : artifact.tensors) {
      if (tensor.has_data && tensor.external_file < 0) {
        request.ranges.push_back({tensor.offset, tensor.bytes});
      }
    }
    const std::size_t wanted = request.ranges.size();
    auto digests = HashBytes(source, std::move(request), options_.stop, nullptr);
    auto digest = whole.Finish();
    coverage_.bytes_read += whole.passed();
    if (digests.ok() && digest.ok()) {
      TakeDigests(std::move(digests).value(), artifact);
      Compare(file, digest.value(), artifact);
      return;
    }
    artifact.tensors_without_digest += wanted;
    NotDigested(digest.ok() ? digests.error() : digest.error(), artifact);
  }

  static void SayWhatWasRead(const RegistryFile& file, const RangeSource& bytes,
                             Artifact& artifact) {
    for (const Tensor& tensor : artifact.tensors) {
      if (tensor.has_data && tensor.external_file < 0) ++artifact.tensors_without_digest;
    }
    artifact.diagnostics.push_back({Severity::kNote, ErrorCode::kUnsupported, artifact.location,
                                    "not digested: " + std::to_string(bytes.bytes_fetched()) +
                                        " of " + std::to_string(bytes.size()) +
                                        " bytes were read; that they have " +
                                        file.stated.algorithm + ":" + file.stated.hex +
                                        " is the manifest's claim (--hash full reads all)"});
  }

  Inspector& inspector_;
  const ScanOptions& options_;
  Coverage& coverage_;
  std::uint64_t blobs_ = 0;
};

}  // namespace

Result<Registries> OpenRegistries(const ScanOptions& options) {
  Registries registries;
  for (const std::string& target : options.targets) {
    if (!IsRegistryTarget(target)) continue;
    RegistryOptions wanted;
    wanted.insecure = options.insecure;
    wanted.all_platforms = options.all_platforms;
    wanted.platform = options.platform;
    wanted.limits = options.limits;
    wanted.stop = options.stop;
    auto opened = RegistrySource::Open(std::string_view(target).substr(kRegistryScheme.size()),
                                       std::move(wanted));
    if (!opened.ok()) return std::move(opened).error();
    const std::string& root = opened.value()->root();
    const bool known = std::any_of(registries.begin(), registries.end(),
                                   [&](const auto& other) { return other->root() == root; });
    if (!known) registries.push_back(std::move(opened).value());  // two names of one digest
  }
  return registries;
}

void InspectRegistries(Registries& registries, Inspector& inspector, Coverage& coverage) {
  BlobInspector visitor(inspector, coverage);
  for (const auto& registry : registries) {
    if (inspector.options().stop.stop_requested()) return;
    registry->Run(visitor);
  }
}

}  // namespace weighbridge
