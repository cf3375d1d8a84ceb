// Members are peeked at, and walked when they are pickles: .pkl by name, the marker of
// protocol 2, a .npy of objects, or bytes that make sense as opcodes.
#include "scanner/formats/zip_pickles.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include <zlib.h>

#include "scanner/base/text.h"
#include "scanner/formats/gguf.h"
#include "scanner/formats/npy.h"
#include "scanner/formats/pickle_report.h"
#include "scanner/formats/pytorch_legacy.h"
#include "scanner/formats/safetensors.h"
#include "scanner/formats/tar_family.h"
#include "scanner/formats/zip_member.h"

namespace weighbridge {
namespace {

constexpr std::size_t kMaxPickleMembers = 1024;
constexpr std::size_t kMaxMembersPeeked = 16'384;
constexpr std::size_t kPeekBytes = 512;
constexpr std::size_t kMaxDepth = 3;      // zips inside zips
constexpr std::size_t kMaxNamesSaid = 4;  // of members that are archives

bool IsPickleName(std::string_view name) {
  return EndsWithNoCase(name, ".pkl") || EndsWithNoCase(name, ".pickle") ||
         EndsWithNoCase(name, ".debug_pkl");
}

bool BeginsWith(ByteSpan head, std::string_view magic) {
  return head.size() >= magic.size() && AsText(head.first(magic.size())) == magic;
}

bool IsZipHead(ByteSpan head) { return BeginsWith(head, "PK\x03\x04"); }

// An archive or weights of their own inside weights. Four bytes at least: raw storages
// are numbers, which match three by chance.
bool IsOwnFile(ByteSpan head) {
  using namespace std::string_view_literals;
  constexpr auto kMagics =
      std::to_array<std::string_view>({"PK\x03\x04"sv, "7z\xBC\xAF\x27\x1C"sv,
                                       "\xFD"
                                       "7zXZ\0"sv,
                                       "\x28\xB5\x2F\xFD"sv, "\x89HDF\r\n\x1a\n"sv,
                                       "\x1F\x8B\x08\0"sv, "\x1F\x8B\x08\x08"sv, "!<arch>\n"sv});
  if (std::any_of(kMagics.begin(), kMagics.end(),
                  [head](std::string_view magic) { return BeginsWith(head, magic); })) {
    return true;
  }
  ProbeWindow window;
  window.head = head;
  window.size = head.size();
  return ProbeGguf(window) || ProbePytorchLegacy(window) || ProbeTar(window);
}

// The offset of the data of an array, 0 when the member is none.
std::uint64_t ArrayData(const ByteSource& member, ByteSpan head) {
  ProbeWindow window;
  window.head = head;
  if (!ProbeNpy(window)) return 0;
  Artifact array;
  return ParseNpyArray(member, Limits{}, array).start;
}

class Reporter {
 public:
  Reporter(const Limits& limits, Artifact& artifact)
      : limits_(limits),
        artifact_(artifact),
        budget_(limits),
        inflated_left_(4 * limits.max_pickle_bytes) {}

  void Visit(const ByteSource& source, const ZipDirectory& zip, const ZipEntry* skip,
             const std::string& prefix, std::size_t depth) {
    for (const ZipEntry& entry : zip.entries()) {
      if (&entry == skip || entry.uncompressed_size < 2) continue;
      if (peeked_ >= kMaxMembersPeeked || walked_ >= kMaxPickleMembers || budget_.spent()) {
        ++left_;
        continue;
      }
      ++peeked_;
      auto head = ReadZipMember(source, entry, kPeekBytes);
      if (!head.ok()) continue;
      const std::string name = prefix + std::string(zip.Name(entry));
      Member(source, entry, head.value(), name);
      if (artifact_.kind != ArtifactKind::kContainer)
        Nested(source, entry, head.value(), name, depth);
    }
  }

  void Finish() {
    if (left_ != 0) {
      AddDiagnostic(artifact_, Severity::kWarning, ErrorCode::kLimitExceeded,
                    std::to_string(left_) + " members were not checked for pickles");
      MarkPartial(artifact_, "members not checked for pickles");
    }
    if (own_ == 0 || artifact_.inspection == Inspection::kNotInspected) return;
    AddDiagnostic(
        artifact_, Severity::kNote, ErrorCode::kUnsupported,
        "members that are archives or weights themselves are not inspected: " +
            Join(own_names_, ", ") +
            (own_ > own_names_.size() ? " and " + std::to_string(own_ - own_names_.size()) + " more"
                                      : ""));
    MarkPartial(artifact_, "members that are archives or weights are not inspected");
  }

 private:
  void Member(const ByteSource& source, const ZipEntry& entry, ByteSpan head,
              const std::string& name) {
    const bool named = IsPickleName(name);
    const bool array = BeginsWith(head, "\x93NUMPY");
    if (!named && !array && (head.empty() || !MayBeginPickle(head[0]))) return;
    const auto member = Open(source, entry);
    if (member == nullptr) return;
    const std::uint64_t at = array ? ArrayData(*member, head) : 0;
    if (at >= member->size() || (array && at == 0)) return;
    if (!named && !LooksLikePickle(*member, at, member->size() - at, budget_)) {
      if (budget_.spent()) ++left_;
      return;
    }
    const PickleWalk walk = budget_.Walk(*member, at);
    // Raw storages may begin like a pickle by chance.
    if (!named && !walk.complete && walk.imports.empty()) return;
    ++walked_;
    ReportWalk(artifact_, walk, name);
    CheckMemberSum(*member, entry, name, artifact_);
  }

  // Deflated members are read into memory: together no more than a few walks' worth.
  std::unique_ptr<ByteSource> Open(const ByteSource& source, const ZipEntry& entry) {
    if (entry.located && entry.stored()) return OpenZipMember(source, entry, 0);
    if (inflated_left_ == 0) {
      ++left_;
      return nullptr;
    }
    const auto most = std::min<std::uint64_t>(limits_.max_pickle_bytes, inflated_left_);
    auto member = OpenZipMember(source, entry, static_cast<std::size_t>(most));
    if (member != nullptr) inflated_left_ -= std::min(inflated_left_, member->size());
    return member;
  }

  void Nested(const ByteSource& source, const ZipEntry& entry, ByteSpan head,
              const std::string& name, std::size_t depth) {
    if (!IsOwnFile(head)) return;
    ++own_;
    if (own_names_.size() < kMaxNamesSaid) own_names_.push_back(Quote(name, 100));
    if (!IsZipHead(head) || depth >= kMaxDepth || !entry.located || !entry.stored()) return;
    const SliceSource inner(source, entry.data_offset, entry.compressed_size);
    const auto zip = ZipDirectory::Read(inner, limits_);
    if (zip.ok()) Visit(inner, zip.value(), nullptr, name + "!/", depth + 1);
  }

  const Limits& limits_;
  Artifact& artifact_;
  PickleBudget budget_;
  std::uint64_t inflated_left_;
  std::size_t walked_ = 0;
  std::size_t peeked_ = 0;
  std::size_t left_ = 0;
  std::size_t own_ = 0;
  std::vector<std::string> own_names_;
};

}  // namespace

void ReportPickleMembers(const ByteSource& source, const ZipDirectory& zip, const ZipEntry* skip,
                         const Limits& limits, Artifact& artifact) {
  Reporter reporter(limits, artifact);
  reporter.Visit(source, zip, skip, "", 0);
  reporter.Finish();
}

void CheckMemberSum(const ByteSource& member, const ZipEntry& entry, std::string_view name,
                    Artifact& artifact) {
  constexpr std::uint64_t kMost = 16ULL << 20;
  const bool whole = member.size() == entry.uncompressed_size && member.size() <= kMost;
  if (!whole || (entry.crc == 0 && (entry.flags & 8U) != 0)) return;  // the sum lies elsewhere
  std::vector<std::uint8_t> buffer(64U << 10);
  uLong sum = ::crc32(0, nullptr, 0);
  for (std::uint64_t at = 0; at < member.size();) {
    auto got = member.ReadAt(at, MutableByteSpan(buffer));
    if (!got.ok() || got.value() == 0) return;
    sum = ::crc32(sum, buffer.data(), static_cast<uInt>(got.value()));
    at += got.value();
  }
  if (sum == entry.crc) return;
  AddDiagnostic(
      artifact, Severity::kWarning, ErrorCode::kMalformed,
      "zip-differential: the bytes of " + Quote(name, 100) + " do not match their checksum",
      DiagnosticKind::kArchiveDifferential);
}

}  // namespace weighbridge
