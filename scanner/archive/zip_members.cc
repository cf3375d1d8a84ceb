// Zip members through our own reading of the central directory: stored ones are
// windows of the archive, the others streams.
#include "scanner/archive/decompress.h"
#include "scanner/archive/members.h"
#include "scanner/source/zip_directory.h"

namespace weighbridge {
namespace {

constexpr std::size_t kMaxLinkTarget = 4096;

// APPNOTE 4.4.5. bzip2, zstd and xz members are complete streams of their own.
Result<std::unique_ptr<Stream>> OpenMethod(unsigned method, Stream& packed, ArchiveBudget& budget) {
  switch (method) {
    case 8: return Inflate(packed, budget);
    case 12: return Decompress(packed, Compression::kBzip2, budget);
    case 93: return Decompress(packed, Compression::kZstd, budget);
    case 95: return Decompress(packed, Compression::kXz, budget);
    default: return Error{ErrorCode::kUnsupported, "zip method " + std::to_string(method)};
  }
}

// Why a member is not opened, nothing when it can be.
std::optional<Error> Refusal(const ZipEntry& entry) {
  if ((entry.flags & 1U) != 0) return Error{ErrorCode::kUnsupported, "encrypted"};
  if (entry.overlaps) return Error{ErrorCode::kMalformed, "overlaps another member"};
  if (!entry.located) {
    return Error{ErrorCode::kMalformed, "its bytes are not where the directory says"};
  }
  return std::nullopt;
}

void VisitLink(const std::string& name, const ByteSource& source, MemberVisitor& visitor) {
  auto target = ReadExactly(source, 0, std::min<std::uint64_t>(source.size(), kMaxLinkTarget));
  if (!target.ok()) {
    visitor.OnRefused(name, target.error());
    return;
  }
  visitor.OnLink({name, std::string(AsText(target.value())), false});
}

void VisitEntry(const Container& container, const ZipEntry& entry, const std::string& name,
                ArchiveBudget& budget, MemberVisitor& visitor) {
  if (name.ends_with('/')) {
    visitor.OnDirectory(name);
    return;
  }
  if (const auto refusal = Refusal(entry)) {
    visitor.OnRefused(name, *refusal);
    return;
  }
  const SliceSource packed(container.source, entry.data_offset, entry.compressed_size);
  if (entry.stored()) {
    if (entry.symbolic_link()) {
      VisitLink(name, packed, visitor);
      return;
    }
    const bool in_place = container.stream == nullptr;
    visitor.OnMember({name, packed, in_place ? std::optional(entry.data_offset) : std::nullopt,
                      nullptr, nullptr});
    return;
  }
  SourceStream input(packed);
  auto opened = OpenMethod(entry.method, input, budget);
  if (!opened.ok()) {
    visitor.OnRefused(name, opened.error());
    return;
  }
  SpooledSource source(*opened.value(), entry.uncompressed_size, budget);
  if (entry.symbolic_link()) {
    VisitLink(name, source, visitor);
    return;
  }
  visitor.OnMember({name, source, std::nullopt, &source, nullptr});
}

}  // namespace

Status VisitZip(const Container& container, ArchiveBudget& budget, MemberVisitor& visitor) {
  auto read = ZipDirectory::Read(container.source, budget.limits());
  const bool salvaged = !read.ok();
  const ZipDirectory zip =
      salvaged ? ZipDirectory::Salvage(container.source, budget.limits()) : std::move(read).value();
  for (const ZipEntry& entry : zip.entries()) {
    if (!budget.CountMember()) return budget.error();
    VisitEntry(container, entry, std::string(zip.Name(entry)), budget, visitor);
    if (budget.spent()) return budget.error();
  }
  if (salvaged) return std::move(read).error();
  return {};
}

}  // namespace weighbridge
