#include "scanner/pipeline/nest.h"

#include <algorithm>

#include "scanner/archive/decompress.h"
#include "scanner/archive/members.h"
#include "scanner/base/text.h"
#include "scanner/images/layer_summary.h"
#include "scanner/pipeline/external_members.h"
#include "scanner/pipeline/hash.h"
#include "scanner/pipeline/store_links.h"
#include "scanner/stores/stores.h"

namespace weighbridge {
namespace {

constexpr std::size_t kMaxNotes = 16;  // of one kind and archive

// Notes of one kind: the first few as they are, then how many more.
class Notes {
 public:
  explicit Notes(std::string prefix, DiagnosticKind kind = DiagnosticKind::kNone)
      : prefix_(std::move(prefix)), kind_(kind) {}
  void Add(const std::string& text) {
    if (++seen_ <= kMaxNotes) texts_.push_back(prefix_ + text);
  }
  void Write(Artifact& artifact) const {
    for (const std::string& text : texts_) Put(artifact, text);
    if (seen_ > kMaxNotes) {
      Put(artifact, prefix_ + std::to_string(seen_ - kMaxNotes) + " more");
    }
  }
  std::uint64_t seen() const { return seen_; }
  const std::vector<std::string>& texts() const { return texts_; }

 private:
  void Put(Artifact& artifact, std::string message) const {
    artifact.diagnostics.push_back(
        {Severity::kWarning, ErrorCode::kMalformed, artifact.location, std::move(message), kind_});
  }
  std::string prefix_;
  DiagnosticKind kind_;
  std::vector<std::string> texts_;
  std::uint64_t seen_ = 0;
};

// A layer of a container image is an archive named by its digest, or layer.tar.
bool MayBeLayer(std::string_view name) {
  if (name == "layer.tar") return true;
  if (name.ends_with(".tar")) name.remove_suffix(4);  // as skopeo saves for Docker
  return IsSha256Hex(name);
}

// Where `target` points when it is followed from the folder of `name`: out of the
// archive's root or not. Absolute targets leave it, as an unpacked link would.
bool LinkEscapes(const std::string& name, const std::string& target, bool hard) {
  if (target.empty()) return false;
  if (target[0] == '/') return true;
  std::int64_t depth = 0;
  const auto walk = [&](std::string_view path) {
    for (const std::string& part : Split(path, '/')) {
      if (part.empty() || part == ".") continue;
      depth += part == ".." ? -1 : 1;
      if (depth < 0) return false;
    }
    return true;
  };
  if (hard) return !walk(target);
  const std::size_t slash = name.rfind('/');
  if (slash != std::string::npos) walk(std::string_view(name).substr(0, slash));
  return !walk(target);
}

class Nest;

// One archive of the nest.
class OpenedArchive final : public MemberVisitor {
 public:
  // `base`: where the archive lies in the file on disk, nothing when it is a stream.
  OpenedArchive(Nest& nest, InspectedFile& self, std::optional<std::uint64_t> base)
      : nest_(nest),
        self_(self),
        base_(base),
        is_layer_(MayBeLayer(self.artifact.location.FileName())) {}

  void OnMember(const Member& member) override;
  void OnLink(const MemberLink& link) override;
  void OnDirectory(const std::string& name) override { CheckFolderName(name); }
  void OnSpecial(const std::string& name) override {
    CheckName(name);
    ++counts_.seen;
    ++counts_.skipped["device, FIFO or socket"];
  }
  // Said to the layer as the image specification writes a whiteout.
  void OnWhiteout(const std::string& name) override {
    const std::size_t last = name.rfind('/') + 1;
    if (is_layer_) layer_.AddFile(name.substr(0, last) + ".wh." + name.substr(last));
    CheckFolderName(name);
    ++counts_.seen;
    ++counts_.skipped["device, FIFO or socket"];
  }
  void OnOpaque(const std::string& name) override {
    if (is_layer_) layer_.AddFile(name + "/.wh..wh..opq");
  }
  void OnRefused(const std::string& name, const Error& error) override {
    ++counts_.seen;
    ++counts_.failed;
    refused_.Add(Quote(name, 100) + ": " + error.message);
  }

  // Says in the artifact how the reading ended.
  void Close(const Status& status);
  bool is_layer() const { return is_layer_; }

 private:
  void CheckName(const std::string& name) {
    if (is_layer_) layer_.AddFile(name);
    CheckFolderName(name);
  }
  void CheckFolderName(const std::string& name) {
    names_.push_back(std::hash<std::string>{}(name));
    if (LeavesFolder(name)) escapes_.Add(Quote(name, 100));
    if (Printable(name) != name) hidden_.Add(Quote(name, 100));
  }
  void Refuse(const std::string& name, const Error& error) {
    ++counts_.failed;
    refused_.Add(Quote(name, 100) + ": " + error.message);
  }
  void CountDuplicates();
  void KeepExternalData();
  void KeepStoreLink(const MemberLink& link);
  InspectedFile Child(const std::string& name, std::optional<std::uint64_t> offset,
                      std::uint64_t size) const;

  Nest& nest_;
  InspectedFile& self_;
  std::optional<std::uint64_t> base_;
  const bool is_layer_;
  LayerSummary layer_;
  MemberCoverage counts_;
  std::vector<std::size_t> names_;  // hashes
  ExternalMembers external_;
  Notes escapes_{"member name leaves its folder: ", DiagnosticKind::kPathTraversal};
  Notes hidden_{"member name hides characters: ", DiagnosticKind::kNameControl};
  Notes links_{"link leaves its archive: ", DiagnosticKind::kLinkEscape};
  Notes refused_{"member not inspected: "};
};

class Nest {
 public:
  Nest(Inspector& inspector, std::uint64_t file_size, HashMode hash)
      : inspector_(inspector),
        hash_(hash),
        budget_(inspector.options().limits, file_size, inspector.options().stop) {}

  void Open(const ByteSource& source, SpooledSource* stream, InspectedFile& self,
            std::optional<std::uint64_t> base);
  void Digest(const ByteSource& source, SpooledSource* stream, Artifact& artifact);
  Inspector& inspector() { return inspector_; }
  ArchiveBudget& budget() { return budget_; }

 private:
  Inspector& inspector_;
  const HashMode hash_;
  ArchiveBudget budget_;
};

void OpenedArchive::KeepStoreLink(const MemberLink& link) {
  std::string target = StoreLinkTarget(link.name, link.target, link.hard);
  if (target.empty()) return;
  nest_.inspector().KeepStoreLink({self_.artifact.location, link.name, std::move(target)});
}

InspectedFile OpenedArchive::Child(const std::string& name, std::optional<std::uint64_t> offset,
                                   std::uint64_t size) const {
  InspectedFile child;
  child.artifact.location = self_.artifact.location;
  child.artifact.location.members.push_back(name);
  child.address = self_.address;
  child.stamp = self_.stamp;
  child.through_link = self_.through_link;
  if (base_ && offset) {
    child.window = Window{*base_ + *offset, size};
  } else {
    child.passed = true;
  }
  return child;
}

void OpenedArchive::OnLink(const MemberLink& link) {
  CheckName(link.name);
  KeepStoreLink(link);
  if (LinkEscapes(link.name, link.target, link.hard)) {
    links_.Add(Quote(link.name, 100) + " -> " + Quote(link.target, 100));
  }
  ++counts_.seen;
  ++counts_.skipped["link"];
  // `docker save` links a layer that images share to the first of its places.
  if (link.name.ends_with("/layer.tar")) {
    Location place = self_.artifact.location;
    place.members.push_back(link.name);
    nest_.inspector().KeepLayerLink({std::move(place), link.target, link.hard});
  }
}

void OpenedArchive::OnMember(const Member& member) {
  ++counts_.seen;
  CheckName(member.name);
  InspectedFile child = Child(member.name, member.offset, member.source.size());
  if (member.measure) {
    if (!nest_.inspector().recogniser().WorthMeasuring(member.source)) {
      if (member.stream != nullptr && member.stream->failure()) {
        Refuse(member.name, *member.stream->failure());
      } else {
        ++counts_.unrecognised;
      }
      return;
    }
    auto size = member.measure();
    if (!size.ok()) {
      Refuse(member.name, size.error());
      return;
    }
    member.stream->SetSize(size.value());
  }
  Error failure;
  const Access access = member.stream == nullptr ? Access::kAnywhere : Access::kFrontToBack;
  switch (nest_.inspector().recogniser().Recognise(member.source, access, child.artifact, &failure,
                                                   nest_.inspector().services())) {
    case Recognition::kFailed: Refuse(member.name, failure); return;
    case Recognition::kUnrecognised:
      ++counts_.unrecognised;
      external_.Saw(member.name, member.source.size(), member.offset);
      return;
    case Recognition::kRecognised: break;
  }
  ++counts_.recognised;
  external_.Wanted(member.name, child.artifact.external_files);
  std::optional<std::uint64_t> base;
  if (child.window) base = child.window->offset;
  nest_.Open(member.source, member.stream, child, base);
  if (child.passed) nest_.Digest(member.source, member.stream, child.artifact);
  nest_.inspector().Keep(std::move(child));
}

// A stream passes once: what is to be digested is digested now.
void Nest::Digest(const ByteSource& source, SpooledSource* stream, Artifact& artifact) {
  const ScanOptions& options = inspector_.options();
  const StatedDigest stated = DigestOfStorePlace(artifact.location);
  const bool wanted_by_store = options.verify && !stated.hex.empty();
  if ((hash_ != HashMode::kFull && !wanted_by_store) || budget_.spent()) return;
  if (stream != nullptr) {
    // An archive that was read front to back is gone.
    if (artifact.kind == ArtifactKind::kContainer && stream->pulled() > 0 && !stream->keeping()) {
      return;
    }
    stream->StopKeeping();
  }
  HashRequest request;
  request.git_sha1 = stated.algorithm == "git-sha1";
  for (const Tensor& tensor : artifact.tensors) {
    if (hash_ == HashMode::kFull && tensor.has_data && tensor.external_file < 0) {
      request.ranges.push_back({tensor.offset, tensor.bytes});
    }
  }
  const std::size_t wanted = request.ranges.size();
  auto digests = HashBytes(source, std::move(request), options.stop, nullptr);
  if (digests.ok()) {
    TakeDigests(std::move(digests).value(), artifact);
    return;
  }
  artifact.tensors_without_digest += wanted;
  const ErrorCode code =
      digests.error().code == ErrorCode::kChanged ? ErrorCode::kTruncated : digests.error().code;
  artifact.diagnostics.push_back(
      {Severity::kError, code, artifact.location,
       "not digested: " + (code == ErrorCode::kTruncated ? std::string("the archive ends within it")
                                                         : digests.error().message)});
}

// What another member keeps its tensors in is of the model, whatever its bytes.
void OpenedArchive::KeepExternalData() {
  for (const ExternalMember& member : external_.Found()) {
    InspectedFile child = Child(member.name, member.offset, member.size);
    Artifact& artifact = child.artifact;
    artifact.format = "onnx_external_data";
    artifact.kind = ArtifactKind::kExternalData;
    artifact.size_bytes = member.size;
    if (child.passed) {
      artifact.diagnostics.push_back({Severity::kNote, ErrorCode::kUnsupported, artifact.location,
                                      "not digested: it had passed before what speaks of it"});
    }
    --counts_.unrecognised;
    ++counts_.recognised;
    nest_.inspector().Keep(std::move(child));
  }
}

void OpenedArchive::CountDuplicates() {
  std::sort(names_.begin(), names_.end());
  std::size_t duplicates = 0;
  for (std::size_t i = 1; i < names_.size(); ++i) duplicates += names_[i] == names_[i - 1] ? 1 : 0;
  // The zip reader has already named them.
  if (duplicates == 0 || self_.artifact.format == "zip") return;
  self_.artifact.diagnostics.push_back(
      {Severity::kWarning, ErrorCode::kMalformed, self_.artifact.location,
       "archive-differential: " + std::to_string(duplicates) +
           (duplicates == 1 ? " member has" : " members have") + " the name of an earlier one",
       DiagnosticKind::kArchiveDifferential});
}

void OpenedArchive::Close(const Status& status) {
  Artifact& artifact = self_.artifact;
  // The zip reader has already named them.
  const bool zip_reported = std::any_of(
      artifact.diagnostics.begin(), artifact.diagnostics.end(), [](const Diagnostic& d) {
        return d.kind == DiagnosticKind::kPathTraversal || d.kind == DiagnosticKind::kNameControl;
      });
  if (!zip_reported) {
    escapes_.Write(artifact);
    hidden_.Write(artifact);
  }
  links_.Write(artifact);
  refused_.Write(artifact);
  CountDuplicates();
  artifact.inspection = Inspection::kFull;
  artifact.not_inspected_reason.clear();
  if (refused_.seen() != 0) {
    artifact.inspection = Inspection::kPartial;
    artifact.not_inspected_reason = std::to_string(refused_.seen()) +
                                    (refused_.seen() == 1 ? " member" : " members") +
                                    " not inspected";
  }
  if (!status.ok()) {
    // Closed before its first member: a compressor that is not read, for one.
    const bool closed = status.error().code == ErrorCode::kUnsupported && counts_.seen == 0;
    artifact.inspection = closed ? Inspection::kNotInspected : Inspection::kPartial;
    artifact.not_inspected_reason = status.error().message;
    const bool bomb = nest_.budget().spent() && nest_.budget().bomb();
    artifact.diagnostics.push_back(
        {Severity::kError, status.error().code, artifact.location,
         (bomb ? "archive bomb: " : "archive: ") + status.error().message,
         bomb ? DiagnosticKind::kArchiveBomb : DiagnosticKind::kNone});
  }
  KeepExternalData();
  nest_.inspector().Count(counts_);
  if (!is_layer_) return;
  layer_.location = artifact.location;
  layer_.complete = status.ok();
  nest_.inspector().KeepLayer(std::move(layer_));
}

void Nest::Open(const ByteSource& source, SpooledSource* stream, InspectedFile& self,
                std::optional<std::uint64_t> base) {
  Artifact& artifact = self.artifact;
  if (artifact.kind != ArtifactKind::kContainer) return;
  std::vector<std::uint8_t> head(512);
  auto got = source.ReadAt(0, head);
  if (!got.ok()) return;
  auto packing = FindPacking(ByteSpan(head).first(got.value()));
  if (artifact.format == "llamafile" || artifact.format == "zip") packing = Packing::kZip;
  if (!packing) return;  // a container of another kind: its parser said why it is closed
  if (!budget_.Enter()) {
    budget_.Leave();
    artifact.inspection = Inspection::kNotInspected;
    artifact.not_inspected_reason =
        budget_.spent() ? budget_.error().message
                        : "nested deeper than " +
                              std::to_string(budget_.limits().max_archive_depth) + " archives";
    return;
  }
  OpenedArchive opened(*this, self, base);
  const std::string name(artifact.location.FileName());
  Status status;
  try {
    if (const auto compression = FindCompression(head); *packing == Packing::kCompressed) {
      artifact.claims.push_back({"archive:compression", CompressionName(*compression)});
    }
    Sha256Stream content;
    Container container{source, name, stream, nullptr};
    const bool digests = hash_ == HashMode::kFull;
    if (opened.is_layer() && digests && *packing == Packing::kCompressed) {
      container.content = [&](ByteSpan bytes) { content.Update(bytes); };
    }
    status = VisitMembers(container, *packing, budget_, opened);
    if (container.content && status.ok()) artifact.content_sha256 = content.FinishHex();
  } catch (const std::exception& error) {  // out of memory
    status = Error{ErrorCode::kLimitExceeded, error.what()};
  }
  opened.Close(status);
  budget_.Leave();
}

}  // namespace

void OpenArchive(Inspector& inspector, const ByteSource& source, InspectedFile& found) {
  if (found.artifact.kind != ArtifactKind::kContainer) return;
  Nest(inspector, source.size(), inspector.options().hash).Open(source, nullptr, found, 0);
}

Recognition InspectRemote(Inspector& inspector, const ByteSource& source, HashMode hash,
                          InspectedFile& found, Error* failure) {
  Nest nest(inspector, source.size(), hash);
  const Recognition recognition =
      inspector.recogniser().Recognise(source, Access::kAnywhere, found.artifact, failure);
  if (recognition != Recognition::kRecognised) return recognition;
  found.passed = true;
  nest.Open(source, nullptr, found, std::nullopt);
  nest.Digest(source, nullptr, found.artifact);
  return recognition;
}

Recognition InspectPassing(Inspector& inspector, Stream& bytes, std::uint64_t size,
                           InspectedFile& found, Error* failure) {
  Nest nest(inspector, size, inspector.options().hash);
  SpooledSource source(bytes, size, nest.budget());
  const Recognition recognition =
      inspector.recogniser().Recognise(source, Access::kFrontToBack, found.artifact, failure);
  if (recognition != Recognition::kRecognised) return recognition;
  found.passed = true;
  nest.Open(source, &source, found, std::nullopt);
  nest.Digest(source, &source, found.artifact);
  return recognition;
}

}  // namespace weighbridge
