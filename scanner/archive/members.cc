#include "scanner/archive/members.h"

#include "scanner/archive/decompress.h"
#include "scanner/archive/tar_header.h"
#include "scanner/source/sif_directory.h"

namespace weighbridge {
namespace {

using namespace std::string_view_literals;

bool Begins(ByteSpan head, std::string_view magic) {
  return head.size() >= magic.size() && AsText(head.first(magic.size())) == magic;
}

}  // namespace

std::optional<Packing> FindPacking(ByteSpan head) {
  if (Begins(head, "PK\x03\x04"sv) || Begins(head, "PK\x05\x06"sv)) return Packing::kZip;
  if (Begins(head, "7z\xBC\xAF\x27\x1C"sv)) return Packing::k7zip;
  if (Begins(head, "!<arch>\n"sv)) return Packing::kAr;
  if (Begins(head, "070701"sv) || Begins(head, "070702"sv) || Begins(head, "070707"sv)) {
    return Packing::kCpio;
  }
  if (IsSif(head) && !IsTarHeader(head)) return Packing::kSif;
  if (FindCompression(head)) return Packing::kCompressed;
  if (IsTarHeader(head)) return Packing::kTar;
  if (Begins(head, "hsqs"sv)) return Packing::kSquashfs;
  return std::nullopt;
}

Status VisitMembers(const Container& container, Packing packing, ArchiveBudget& budget,
                    MemberVisitor& visitor) {
  switch (packing) {
    case Packing::kZip: return VisitZip(container, budget, visitor);
    case Packing::kCompressed: return VisitCompressed(container, budget, visitor);
    case Packing::kSquashfs: return VisitSquashfs(container, budget, visitor);
    case Packing::kSif: return VisitSif(container, budget, visitor);
    default: return VisitArchive(container, packing, budget, visitor);
  }
}

}  // namespace weighbridge
