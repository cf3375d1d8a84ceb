// A file that is one pickle, or several behind each other:
//
//   [80 protocol [95 frame length]] opcodes ... '.'        protocol 2 to 5
//   opcodes ... '.'                                        protocol 0 and 1, no marker
//   78 .. / 1F 8B ..                                       joblib, compressed
//   "ZF0x" length 78 ..                                    joblib before 0.10
//
// joblib (joblib/numpy_pickle.py) writes array bytes between the opcodes.
#include "scanner/formats/pickle_file.h"

#include <algorithm>

#include "scanner/base/text.h"
#include "scanner/formats/inflate.h"
#include "scanner/formats/pickle_report.h"
#include "scanner/formats/pickle_walk.h"

namespace weighbridge {
namespace {

constexpr std::size_t kMaxPickles = 64;  // in one file
constexpr std::size_t kProbeOutput = 32 << 10;

// joblib before 0.10: "ZF", the length as "0x1f" padded to 19 characters, a zlib stream.
constexpr std::size_t kOldJoblibHead = 21;
bool IsOldJoblib(ByteSpan head) {
  return head.size() > kOldJoblibHead + 2 && AsText(head.first(4)) == "ZF0x" &&
         head[kOldJoblibHead - 1] == ' ';
}
// Releases up to 0.8.4 on Python 2 wrote one blank more.
std::size_t StreamStart(ByteSpan head) {
  if (!IsOldJoblib(head)) return 0;
  return head[kOldJoblibHead] == ' ' ? kOldJoblibHead + 1 : kOldJoblibHead;
}

bool IsCompressedHead(ByteSpan head) {
  if (head.size() < 8) return false;
  if (IsOldJoblib(head)) return head[StreamStart(head)] == 0x78;
  if (head[0] == 0x1F && head[1] == 0x8B && head[2] == 8) return true;
  // RFC 1950: deflate, 32 KiB window, header checksum a multiple of 31.
  return head[0] == 0x78 && ((head[0] << 8) | head[1]) % 31 == 0;
}

bool Imports(const PickleWalk& walk, std::string_view module) {
  return std::any_of(walk.imports.begin(), walk.imports.end(), [module](const PickleImport& i) {
    const std::string_view own = i.module;
    return own.starts_with(module) && (own.size() == module.size() || own[module.size()] == '.');
  });
}

std::string FormatOf(const PickleWalk& walk, bool compressed) {
  if (Imports(walk, "joblib") || compressed) return "joblib";
  if (Imports(walk, "dill") || Imports(walk, "cloudpickle")) return "cloudpickle_dill";
  const PickleNode& root = walk.tree.node(walk.root);
  if (Imports(walk, "paddle") || walk.tree.Find(root, "StructuredToParameterName@@") != 0) {
    return "paddle_pickle";
  }
  if (Imports(walk, "torch.distributed.checkpoint.metadata")) return "torch_distcp";
  return walk.protocol >= 2 || !walk.printable_only ? "pickle2" : "pickle0";
}

void AddRootClaims(const PickleWalk& walk, Artifact& artifact) {
  const PickleNode& root = walk.tree.node(walk.root);
  const std::string root_class = walk.tree.GlobalName(root);
  if (!root_class.empty()) artifact.claims.push_back({"pickle:root_class", Printable(root_class)});
  const PickleNode& state = walk.tree.node(root.type == PickleNode::Type::kObject ? root.c : 0);
  const std::string_view version =
      walk.tree.Text(walk.tree.node(walk.tree.Find(state, "_sklearn_version")));
  if (!version.empty()) artifact.claims.push_back({"pickle:sklearn_version", Printable(version)});
}

// Walks as a plain pickle and, where joblib's own loader would see something else, as joblib.
PickleWalk WalkBoth(const ByteSource& source, std::uint64_t offset, const Limits& limits,
                    Artifact& artifact) {
  PickleWalk plain = WalkPickle(source, offset, limits);
  if (!Imports(plain, "joblib.numpy_pickle")) {
    ReportWalk(artifact, plain, "");
    return plain;
  }
  PickleWalk joblib = WalkPickle(source, offset, limits, PickleDialect::kJoblib);
  if (!plain.complete) {  // as expected: array bytes are no opcodes
    plain.complete = true;
    ReportWalk(artifact, plain, "");
    ReportWalk(artifact, joblib, "");
    return joblib;
  }
  joblib.complete = true;
  ReportWalk(artifact, joblib, "");
  ReportWalk(artifact, plain, "");
  return plain;
}

void ParseBytes(const ByteSource& source, const Limits& limits, bool compressed,
                Artifact& artifact) {
  const PickleWalk first = WalkBoth(source, 0, limits, artifact);
  artifact.format = FormatOf(first, compressed);
  artifact.format_version = std::to_string(first.protocol);
  artifact.kind =
      artifact.format == "paddle_pickle" ? ArtifactKind::kWeights : ArtifactKind::kPickle;
  if (artifact.kind == ArtifactKind::kWeights) {
    MarkPartial(artifact, "arrays inside the pickle are not located");
  }
  AddRootClaims(first, artifact);
  std::uint64_t at = first.end;
  bool good = first.complete;
  for (std::size_t count = 1; good && at < source.size() && count < kMaxPickles; ++count) {
    if (!LooksLikePickle(source, at, source.size() - at)) break;
    const PickleWalk next = WalkBoth(source, at, limits, artifact);
    good = next.complete;
    at = next.end;
  }
  if (!good || at >= source.size()) return;
  AddDiagnostic(artifact, Severity::kNote, ErrorCode::kUnsupported,
                std::to_string(source.size() - at) + " bytes after the last pickle are not read");
  MarkPartial(artifact, "bytes after the pickle are not read");
}

}  // namespace

namespace {

// The probe's window as a source: spares a system call for every small file.
class WindowSource final : public ByteSource {
 public:
  explicit WindowSource(ByteSpan bytes) : bytes_(bytes) {}
  std::uint64_t size() const override { return bytes_.size(); }
  Result<std::size_t> ReadAt(std::uint64_t offset, MutableByteSpan out) const override {
    if (offset >= bytes_.size()) return std::size_t{0};
    const std::size_t from = static_cast<std::size_t>(offset);
    const std::size_t count = std::min(out.size(), bytes_.size() - from);
    std::copy_n(bytes_.begin() + static_cast<std::ptrdiff_t>(from), count, out.begin());
    return count;
  }

 private:
  ByteSpan bytes_;
};

}  // namespace

bool ProbePickle(const ProbeWindow& window) {
  if (IsCompressedHead(window.head)) {
    const MemorySource head(std::vector<std::uint8_t>(window.head.begin(), window.head.end()));
    auto inflated = InflatePrefix(head, StreamStart(window.head), head.size(),
                                  Deflated::kZlibOrGzip, kProbeOutput);
    if (!inflated.ok()) return false;
    const std::uint64_t size = inflated.value().bytes.size();
    const bool marker = HasPickleMarker(inflated.value().bytes);
    return marker && LooksLikePickle(MemorySource(std::move(inflated.value().bytes)), 0, size);
  }
  const bool whole = window.source == nullptr || window.size <= window.head.size();
  if (!whole) return LooksLikePickle(*window.source, 0, window.size);
  const WindowSource head(window.head);
  return LooksLikePickle(head, 0, head.size());
}

void ParsePickle(const ByteSource& source, const ProbeWindow& window, const Limits& limits,
                 Artifact& artifact) {
  if (!IsCompressedHead(window.head)) {
    ParseBytes(source, limits, false, artifact);
    return;
  }
  artifact.format = "joblib";
  artifact.kind = ArtifactKind::kPickle;
  auto inflated =
      InflatePrefix(source, StreamStart(window.head), source.size(), Deflated::kZlibOrGzip,
                    static_cast<std::size_t>(limits.max_pickle_bytes));
  if (!inflated.ok()) {
    AddDiagnostic(artifact, Severity::kWarning, inflated.error().code, inflated.error().message);
    MarkPartial(artifact, "compressed stream cannot be read");
    return;
  }
  const bool complete = inflated.value().complete;
  ParseBytes(MemorySource(std::move(inflated.value().bytes)), limits, true, artifact);
  if (complete) return;
  AddDiagnostic(artifact, Severity::kWarning, ErrorCode::kLimitExceeded,
                "compressed pickle read up to " + std::to_string(limits.max_pickle_bytes) +
                    " bytes of output");
  MarkPartial(artifact, "compressed stream read in part");
}

}  // namespace weighbridge
