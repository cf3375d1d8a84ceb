// Tar (POSIX.1-2001 pax, GNU tar manual): 512-byte headers, each followed by its data
// rounded up to 512.
//
//   0 name[100]  124 size[12] octal or base-256  148 checksum[8]  156 type  257 "ustar"
//
// GNU 'L' and pax 'x' headers give the next member a longer name. Names are only
// compared and printed, never used as paths.
#include "scanner/formats/tar_family.h"

#include <algorithm>
#include <string>
#include <vector>

#include "scanner/base/text.h"
#include "scanner/formats/inflate.h"
#include "scanner/formats/pickle_report.h"
#include "scanner/formats/pickle_walk.h"

namespace weighbridge {
namespace {

constexpr std::uint64_t kBlock = 512;
constexpr std::size_t kMaxMembers = 65'536;    // headers read for recognition
constexpr std::size_t kInflatedTar = 1 << 20;  // of a gzip'd tar, for its first names
constexpr std::uint64_t kMaxLongName = 4096;

struct Member {
  std::string name;
  std::uint64_t offset = 0;
  std::uint64_t size = 0;
};

struct Listing {
  std::vector<Member> members;
  bool complete = false;  // the end blocks or the end of the file were reached
  std::string fault;
};

std::uint64_t Number(ByteSpan field) {
  std::uint64_t value = 0;
  if ((field[0] & 0x80) != 0) {  // base-256, big-endian, as GNU tar writes large sizes
    for (const std::uint8_t byte : field.last(8)) value = (value << 8) | byte;
    return value;
  }
  for (const std::uint8_t byte : field) {
    if (byte < '0' || byte > '7') {
      if (byte == ' ' && value == 0) continue;
      break;
    }
    value = (value << 3) | static_cast<std::uint64_t>(byte - '0');
  }
  return value;
}

// The sum of all bytes with the checksum field read as blanks.
bool ChecksumFits(ByteSpan block) {
  if (block.size() < kBlock) return false;
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < kBlock; ++i) sum += i >= 148 && i < 156 ? 0x20U : block[i];
  return Number(block.subspan(148, 8)) == sum;
}

bool IsTarHead(ByteSpan head) {
  if (head.size() < kBlock || head[0] == 0) return false;
  return AsText(head.subspan(257, 5)) == "ustar" && ChecksumFits(head);
}

std::string Text(ByteSpan field) {
  const auto end = std::find(field.begin(), field.end(), std::uint8_t{0});
  return std::string(field.begin(), end);
}

// "path" of a pax header: lines "length key=value\n".
std::string PaxPath(std::string_view text) {
  const std::size_t at = text.find(" path=");
  if (at == std::string_view::npos) return {};
  const std::size_t end = text.find('\n', at);
  return std::string(text.substr(at + 6, end == text.npos ? text.npos : end - at - 6));
}

std::string LongName(const ByteSource& source, std::uint64_t at, std::uint64_t size, bool pax) {
  auto bytes = ReadExactly(source, at, std::min(size, kMaxLongName));
  if (!bytes.ok()) return {};
  return pax ? PaxPath(AsText(bytes.value())) : Text(bytes.value());
}

Listing List(const ByteSource& source) {
  Listing list;
  std::uint64_t at = 0;
  std::string long_name;
  for (std::size_t headers = 0; headers < kMaxMembers; ++headers) {
    auto block = ReadExactly(source, at, kBlock);
    const bool end = !block.ok() || block.value()[0] == 0;
    if (end) {
      list.complete = block.ok() || at == source.size();
      if (!list.complete) list.fault = "tar header at " + std::to_string(at) + " is cut";
      return list;
    }
    const ByteSpan header(block.value());
    if (!ChecksumFits(header)) {
      list.fault = "tar header at " + std::to_string(at) + " has a wrong checksum";
      return list;
    }
    const std::uint64_t size = Number(header.subspan(124, 12));
    const std::uint64_t data = at + kBlock;
    const char type = static_cast<char>(header[156]);
    if (type == 'L' || type == 'x') {
      std::string name = LongName(source, data, size, type == 'x');
      if (!name.empty()) long_name = std::move(name);
    } else if (type != 'g' && type != 'K') {
      std::string prefix = Text(header.subspan(345, 155));
      std::string name = Text(header.first(100));
      if (!prefix.empty() && header[262] == 0) name = prefix + "/" + name;
      if (!long_name.empty()) name = std::move(long_name);
      long_name.clear();
      list.members.push_back({std::move(name), data, size});
    }
    if (size > source.size() - data) {
      list.fault = "tar member at " + std::to_string(at) + " of " + std::to_string(size) +
                   " bytes does not fit in the " + std::to_string(source.size() - data) + " left";
      return list;
    }
    at = data + (size + kBlock - 1) / kBlock * kBlock;
    at = std::min(at, source.size());
  }
  list.fault = "more than " + std::to_string(kMaxMembers) + " tar headers";
  return list;
}

std::string_view Plain(std::string_view name) {
  while (name.starts_with("./")) name.remove_prefix(2);
  return name;
}

template <typename Test>
bool Any(const Listing& list, Test test) {
  return std::any_of(list.members.begin(), list.members.end(),
                     [&](const Member& member) { return test(Plain(member.name)); });
}

bool Has(const Listing& list, std::string_view name) {
  return Any(list, [name](std::string_view own) { return own == name; });
}

bool IsNemo(const Listing& list) {
  return Has(list, "model_config.yaml") && Any(list, [](std::string_view name) {
           return name == "model_weights.ckpt" || name.starts_with("model_weights/") ||
                  name.starts_with("mp_rank_");
         });
}

std::string FormatOf(const Listing& list) {
  if (IsNemo(list)) return "nemo";
  if (Has(list, "pickle") && Has(list, "tensors") && Has(list, "storages")) return "pytorch_tar";
  if (Has(list, "oci-layout") && Has(list, "index.json")) {
    return Has(list, "manifest.json") ? "docker_save" : "oci_layout";
  }
  const bool layers = Any(list, [](std::string_view n) { return n.ends_with("/layer.tar"); });
  return Has(list, "manifest.json") && layers ? "docker_save" : "tar";
}

// The members of a PyTorch 0.1.1 tar are pickles with raw bytes behind them.
void WalkTorchTar(const ByteSource& source, const Listing& list, const Limits& limits,
                  Artifact& artifact) {
  for (const Member& member : list.members) {
    const std::string_view name = Plain(member.name);
    const bool pickled =
        name == "pickle" || name == "tensors" || name == "storages" || name == "sys_info";
    if (!pickled || member.size < 2) continue;
    const SliceSource slice(source, member.offset,
                            std::min(member.size, source.size() - member.offset));
    ReportWalk(artifact, WalkPickle(slice, 0, limits), std::string(name));
  }
  artifact.kind = ArtifactKind::kWeights;
  MarkPartial(artifact, "tensors of the old tar format are not listed");
}

void ReportListing(const ByteSource& source, const Limits& limits, Artifact& artifact) {
  const Listing list = List(source);
  artifact.format = FormatOf(list);
  artifact.kind = ArtifactKind::kContainer;
  if (!list.complete) {
    AddDiagnostic(artifact, Severity::kWarning, ErrorCode::kTruncated, list.fault);
  }
  if (artifact.format == "pytorch_tar") {
    WalkTorchTar(source, list, limits, artifact);
    return;
  }
  artifact.inspection = Inspection::kNotInspected;
  artifact.not_inspected_reason = "archive not opened";
}

bool IsGzip(ByteSpan head) { return head.size() >= 18 && head[0] == 0x1F && head[1] == 0x8B; }

}  // namespace

bool ProbeTar(const ProbeWindow& window) {
  if (IsTarHead(window.head)) return true;
  if (!IsGzip(window.head)) return false;
  const MemorySource head(std::vector<std::uint8_t>(window.head.begin(), window.head.end()));
  auto inflated = InflatePrefix(head, 0, head.size(), Deflated::kZlibOrGzip, kBlock);
  return inflated.ok() && IsTarHead(inflated.value().bytes);
}

void ParseTar(const ByteSource& source, const ProbeWindow& window, const Limits& limits,
              Artifact& artifact) {
  if (!IsGzip(window.head)) {
    ReportListing(source, limits, artifact);
    return;
  }
  artifact.format = "tar";
  artifact.kind = ArtifactKind::kContainer;
  artifact.inspection = Inspection::kNotInspected;
  artifact.not_inspected_reason = "compressed archive not opened";
  auto inflated = InflatePrefix(source, 0, source.size(), Deflated::kZlibOrGzip, kInflatedTar);
  if (!inflated.ok()) return;
  // Only the first names of a compressed tar are seen; enough for a .nemo, whose
  // configuration comes first, or for a small archive.
  artifact.format = FormatOf(List(MemorySource(std::move(inflated).value().bytes)));
}

}  // namespace weighbridge
