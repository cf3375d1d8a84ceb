// containerd's two databases.
//
//   meta.db       v1 / <namespace> / images / <name> / target / digest
//   metadata.db   v1 / snapshots / <key> / {id: uvarint, kind: one byte, parent}
//                 key: <namespace>/<number>/<name>, the name of a committed one being the
//                 chain id of its layers (core/metadata/snapshot.go)
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "scanner/base/text.h"
#include "scanner/sidecars/bolt_reader.h"
#include "scanner/sidecars/live_documents.h"

namespace weighbridge {
namespace {

using Path = std::vector<std::string>;

std::string Plain(std::string_view text) { return Printable(text); }  // tabs included

class ImageNames final : public BoltVisitor {
 public:
  bool Enter(const Path& path) override {
    constexpr std::size_t kTarget = 5;
    if (path.size() > kTarget || path[0] != "v1") return false;
    if (path.size() >= 3 && path[2] != "images") return false;
    return path.size() < kTarget || path[4] == "target";
  }
  void Value(const Path& path, std::string_view key, ByteSpan value) override {
    constexpr std::size_t kMaxDigest = 256;
    if (path.size() != 5 || key != "digest" || value.size() > kMaxDigest) return;
    lines.push_back(Plain(path[1]) + "\t" + Plain(path[3]) + "\t" + Plain(AsText(value)));
  }
  std::vector<std::string> lines;
};

std::optional<std::uint64_t> Uvarint(ByteSpan bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < bytes.size() && i < 9; ++i) {
    value |= std::uint64_t{bytes[i] & 0x7FU} << (7 * i);
    if ((bytes[i] & 0x80U) == 0) return value;
  }
  return std::nullopt;
}

class Snapshots final : public BoltVisitor {
 public:
  bool Enter(const Path& path) override {
    if (path.size() == 1) return path[0] == "v1";
    return path[1] == "snapshots" && path.size() <= 3;
  }
  void Value(const Path& path, std::string_view key, ByteSpan value) override {
    if (path.size() != 3 || key != "id") return;
    if (const auto id = Uvarint(value)) {
      lines.push_back(std::to_string(*id) + "\t" + Plain(path[2]));
    }
  }
  std::vector<std::string> lines;
};

// The daemon may write meanwhile and, since we take no lock, use pages again that this
// reading still needs: what was read counts when the newest transaction is the same after it.
template <typename Visitor>
bool ReadDatabase(const SideCarInput& input, const char* format, const char* claim,
                  Artifact& artifact) {
  artifact.kind = ArtifactKind::kHubMetadata;
  artifact.format = format;
  constexpr int kAttempts = 3;
  Visitor visitor;
  Status status;
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    auto meta = FindBoltMeta(input.source);
    if (!meta.ok()) {
      MarkPartial(artifact, meta.error().code, format, meta.error().message);
      return true;
    }
    visitor = Visitor();
    status = WalkBolt(input.source, meta.value(), visitor);
    const auto after = FindBoltMeta(input.source);
    if (after.ok() && after.value().transaction == meta.value().transaction) break;
    status = Error{ErrorCode::kChanged, "written while it was read"};
  }
  for (const std::string& line : visitor.lines) AddClaim(artifact, input.limits, claim, line);
  if (!status.ok()) MarkPartial(artifact, status.error().code, format, status.error().message);
  return true;
}

}  // namespace

bool ReadContainerdImages(const SideCarInput& input, Artifact& artifact) {
  return ReadDatabase<ImageNames>(input, "containerd_images", "containerd:image", artifact);
}

bool ReadContainerdSnapshots(const SideCarInput& input, Artifact& artifact) {
  return ReadDatabase<Snapshots>(input, "containerd_snapshots", "containerd:snapshot", artifact);
}

}  // namespace weighbridge
