// One compression layer: an archive below it is visited as it passes, anything else
// is a single member.
#include <array>

#include "scanner/archive/decompress.h"
#include "scanner/archive/members.h"
#include "scanner/base/text.h"

namespace weighbridge {
namespace {

constexpr std::size_t kPeek = 512;  // a tar header

// "model.gguf.gz" -> "model.gguf"; "" without a suffix that says compression.
std::string PlainName(const std::string& name) {
  for (const std::string_view suffix : {".gz", ".bz2", ".xz", ".lzma", ".zst", ".zstd", ".lz4"}) {
    if (name.size() > suffix.size() && EndsWithNoCase(name, suffix)) {
      return name.substr(0, name.size() - suffix.size());
    }
  }
  return "content";
}

Result<std::vector<std::uint8_t>> Peek(Stream& stream) {
  std::vector<std::uint8_t> head(kPeek);
  std::size_t have = 0;
  while (have < kPeek) {
    auto got = stream.Read(MutableByteSpan(head).subspan(have));
    if (!got.ok()) return std::move(got).error();
    if (got.value() == 0) break;
    have += got.value();
  }
  head.resize(have);
  return head;
}

Status Drain(Stream& stream) {
  std::vector<std::uint8_t> step(64 << 10);
  while (true) {
    auto got = stream.Read(step);
    if (!got.ok()) return std::move(got).error();
    if (got.value() == 0) return {};
  }
}

// Decompresses once more, only to count. A budget of its own: nothing is looked at.
Result<std::uint64_t> CountBytes(const ByteSource& source, Compression compression,
                                 const ArchiveBudget& budget) {
  ArchiveBudget own = budget.Anew();
  SourceStream input(source);
  auto opened = Decompress(input, compression, own);
  if (!opened.ok()) return std::move(opened).error();
  std::vector<std::uint8_t> step(256 << 10);
  std::uint64_t bytes = 0;
  while (true) {
    auto got = opened.value()->Read(step);
    if (!got.ok()) return std::move(got).error();
    if (got.value() == 0) return bytes;
    bytes += got.value();
  }
}

// All of a nested stream is kept, since it cannot be read twice.
Result<std::uint64_t> KeepAll(SpooledSource& member, const Limits& limits) {
  if (member.EndsWithin(limits.max_scratch_bytes)) return member.size();
  if (member.failure()) return *member.failure();
  return Error{ErrorCode::kLimitExceeded, "larger than the space for temporary files"};
}

}  // namespace

Status VisitCompressed(const Container& container, ArchiveBudget& budget, MemberVisitor& visitor) {
  std::array<std::uint8_t, 16> magic;
  auto got = container.source.ReadAt(0, magic);
  if (!got.ok()) return std::move(got).error();
  const auto compression = FindCompression(ByteSpan(magic).first(got.value()));
  if (!compression) return Error{ErrorCode::kMalformed, "no compression known here"};
  if (*compression == Compression::kGzip && IsEmptyGzip(container.source)) return {};
  const bool again = container.stream == nullptr;
  if (!again) container.stream->StopKeeping();

  SourceStream input(container.source);
  auto opened = Decompress(input, *compression, budget);
  if (!opened.ok()) return std::move(opened).error();
  TeeStream content(*opened.value(), container.content);
  auto head = Peek(content);
  if (!head.ok()) return std::move(head).error();
  PrefixedStream stream(head.value(), content);
  const auto packing = FindPacking(head.value());
  if (packing == Packing::kTar || packing == Packing::kCpio || packing == Packing::kAr) {
    Status visited = VisitArchiveStream(stream, *packing, budget, visitor);
    return visited.ok() && container.content ? Drain(stream) : visited;
  }
  if (!budget.CountMember()) return budget.error();
  const std::string name = PlainName(container.name);
  SpooledSource member(stream, budget.limits().max_archive_expanded_bytes, budget);
  visitor.OnMember({name, member, std::nullopt, &member, [&]() -> Result<std::uint64_t> {
                      if (member.EndsWithin(SpooledSource::kInMemory)) return member.size();
                      return again ? CountBytes(container.source, *compression, budget)
                                   : KeepAll(member, budget.limits());
                    }});
  if (budget.spent()) return budget.error();
  if (member.failure()) return *member.failure();
  return {};
}

}  // namespace weighbridge
