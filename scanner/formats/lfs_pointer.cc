#include "scanner/formats/lfs_pointer.h"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "scanner/base/text.h"
#include "scanner/formats/header_notes.h"

namespace weighbridge {
namespace {

constexpr std::size_t kMaxPointerBytes = 1024;
constexpr std::string_view kVersionKey = "version ";
constexpr std::string_view kVersions[] = {"https://git-lfs.github.com/spec/v1",
                                          "https://hawser.github.com/spec/v1"};

struct Pointer {
  std::string version;
  std::string oid;
  std::uint64_t size = 0;
};

bool IsLowerHex(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

std::optional<std::string> ReadSha256(std::string_view value) {
  constexpr std::string_view kPrefix = "sha256:";
  if (value.substr(0, kPrefix.size()) != kPrefix) return std::nullopt;
  value.remove_prefix(kPrefix.size());
  if (value.size() != 64 || !IsLowerHex(value)) return std::nullopt;
  return std::string(value);
}

bool IsKey(std::string_view key) {
  return !key.empty() && std::all_of(key.begin(), key.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
  });
}

// Lines "key value\n"; "version" first, the other keys sorted and distinct.
std::optional<Pointer> ReadPointer(std::string_view text) {
  Pointer pointer;
  bool has_size = false;
  std::string previous;
  bool first = true;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) return std::nullopt;
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end + 1);
    const std::size_t space = line.find(' ');
    if (space == std::string_view::npos) return std::nullopt;
    const std::string_view key = line.substr(0, space);
    const std::string_view value = line.substr(space + 1);
    if (!IsKey(key) || value.empty() || first != (key == "version")) return std::nullopt;
    if (first) {
      if (std::find(std::begin(kVersions), std::end(kVersions), value) == std::end(kVersions)) {
        return std::nullopt;
      }
      pointer.version = value;
      first = false;
      continue;
    }
    if (!previous.empty() && key <= previous) return std::nullopt;
    previous = key;
    if (key == "oid") {
      const auto oid = ReadSha256(value);
      if (!oid) return std::nullopt;
      pointer.oid = *oid;
    } else if (key == "size") {
      const auto size = ParseUint(value);
      if (!size) return std::nullopt;
      pointer.size = *size;
      has_size = true;
    }
  }
  if (pointer.oid.empty() || !has_size) return std::nullopt;
  return pointer;
}

}  // namespace

bool ProbeLfsPointer(const ProbeWindow& window) {
  if (window.size > kMaxPointerBytes || window.head.size() != window.size) return false;
  const std::string_view text = AsText(window.head);
  if (text.substr(0, kVersionKey.size()) != kVersionKey) return false;
  return ReadPointer(text).has_value();
}

void ParseLfsPointer(const ByteSource& source, const ProbeWindow& window, const Limits& limits,
                     Artifact& artifact) {
  artifact.format = "lfs_pointer";
  artifact.kind = ArtifactKind::kPointer;
  HeaderNotes notes(artifact, limits, "git-lfs pointer");
  auto bytes = ReadExactly(source, 0, std::min<std::uint64_t>(source.size(), kMaxPointerBytes + 1));
  if (!bytes.ok()) {
    notes.Partial(bytes.error().code, bytes.error().message);
    return;
  }
  if (bytes.value().size() > kMaxPointerBytes) {
    notes.Partial(ErrorCode::kMalformed, "longer than 1024 bytes");
    return;
  }
  const auto pointer = ReadPointer(AsText(bytes.value()));
  if (!pointer) {
    notes.Partial(ErrorCode::kMalformed, "the lines are not those of a pointer");
    return;
  }
  artifact.format_version = "1";
  notes.AddClaim("lfs:version", pointer->version);
  artifact.stated_digests.push_back(
      {"sha256", pointer->oid, std::string(window.file_name), pointer->size});
}

}  // namespace weighbridge
