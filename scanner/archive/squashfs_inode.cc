#include "scanner/archive/squashfs_inode.h"

#include <array>
#include <utility>

#include "scanner/base/byte_reader.h"

namespace weighbridge {
namespace {

// "struct squashfs_base_inode": type, mode, uid, gid, mtime, number.
constexpr std::size_t kBase = 16;

template <std::size_t kBytes>
Result<std::array<std::uint8_t, kBytes>> Fields(SquashfsImage& image, SquashfsPlace& place) {
  std::array<std::uint8_t, kBytes> bytes;
  Status read = image.ReadTable(place, bytes);
  if (!read.ok()) return std::move(read).error();
  return bytes;
}

Status SetListing(const SquashfsImage& image, std::uint64_t block, std::uint32_t offset,
                  std::uint32_t stated, SquashfsInode& inode) {
  constexpr std::uint32_t kDotAndDotDot = 3;  // counted, not stored
  inode.kind = SquashfsInode::Kind::kDirectory;
  inode.size = stated < kDotAndDotDot ? 0 : stated - kDotAndDotDot;
  inode.more = {image.super().directory_table + block, offset};
  return {};
}

Status ReadDirectory(SquashfsImage& image, SquashfsPlace place, bool extended,
                     SquashfsInode& inode) {
  if (extended) {
    auto bytes = Fields<24>(image, place);
    if (!bytes.ok()) return std::move(bytes).error();
    ByteReader in(bytes.value());
    in.Skip(4, "links");
    const auto size = in.ReadLe<std::uint32_t>("listing size");
    const auto block = in.ReadLe<std::uint32_t>("listing block");
    in.Skip(6, "parent, index count");
    const auto offset = in.ReadLe<std::uint16_t>("listing offset");
    inode.attributes = in.ReadLe<std::uint32_t>("attributes");
    return SetListing(image, block, offset, size, inode);
  }
  auto bytes = Fields<16>(image, place);
  if (!bytes.ok()) return std::move(bytes).error();
  ByteReader in(bytes.value());
  const auto block = in.ReadLe<std::uint32_t>("listing block");
  in.Skip(4, "links");
  const auto size = in.ReadLe<std::uint16_t>("listing size");
  const auto offset = in.ReadLe<std::uint16_t>("listing offset");
  return SetListing(image, block, offset, size, inode);
}

Status ReadFile(SquashfsImage& image, SquashfsPlace place, bool extended, SquashfsInode& inode) {
  inode.kind = SquashfsInode::Kind::kFile;
  if (extended) {
    auto bytes = Fields<40>(image, place);
    if (!bytes.ok()) return std::move(bytes).error();
    ByteReader in(bytes.value());
    inode.start = in.ReadLe<std::uint64_t>("start");
    inode.size = in.ReadLe<std::uint64_t>("size");
    in.Skip(8, "sparse");
    inode.links = in.ReadLe<std::uint32_t>("links");
    inode.fragment = in.ReadLe<std::uint32_t>("fragment");
    inode.fragment_offset = in.ReadLe<std::uint32_t>("fragment offset");
  } else {
    auto bytes = Fields<16>(image, place);
    if (!bytes.ok()) return std::move(bytes).error();
    ByteReader in(bytes.value());
    inode.start = in.ReadLe<std::uint32_t>("start");
    inode.fragment = in.ReadLe<std::uint32_t>("fragment");
    inode.fragment_offset = in.ReadLe<std::uint32_t>("fragment offset");
    inode.size = in.ReadLe<std::uint32_t>("size");
  }
  inode.more = place;
  return {};
}

Status ReadLink(SquashfsImage& image, SquashfsPlace place, SquashfsInode& inode) {
  inode.kind = SquashfsInode::Kind::kLink;
  auto bytes = Fields<8>(image, place);
  if (!bytes.ok()) return std::move(bytes).error();
  ByteReader in(bytes.value());
  inode.links = in.ReadLe<std::uint32_t>("links");
  inode.size = in.ReadLe<std::uint32_t>("target size");
  inode.more = place;
  return {};
}

// Linux Documentation/filesystems/overlayfs.rst: a whiteout is a character device 0:0.
Status ReadCharacterDevice(SquashfsImage& image, SquashfsPlace place, SquashfsInode& inode) {
  auto bytes = Fields<8>(image, place);
  if (!bytes.ok()) return std::move(bytes).error();
  ByteReader in(bytes.value());
  inode.links = in.ReadLe<std::uint32_t>("links");
  if (in.ReadLe<std::uint32_t>("device") == 0) inode.kind = SquashfsInode::Kind::kWhiteout;
  return {};
}

}  // namespace

Result<SquashfsInode> ReadSquashfsInode(SquashfsImage& image, std::uint64_t reference) {
  const SquashfsSuper& super = image.super();
  if (reference >> 16 >= super.directory_table - super.inode_table) {
    return Error{ErrorCode::kMalformed,
                 "inode at " + std::to_string(reference >> 16) + " lies behind the inode table"};
  }
  SquashfsPlace place{super.inode_table + (reference >> 16), reference & 0xFFFFU};
  auto base = Fields<kBase>(image, place);
  if (!base.ok()) return std::move(base).error();
  const auto type = ByteReader(base.value()).ReadLe<std::uint16_t>("type");
  SquashfsInode inode;
  Status read;
  switch (type) {
    case 1: read = ReadDirectory(image, place, false, inode); break;
    case 8: read = ReadDirectory(image, place, true, inode); break;
    case 2: read = ReadFile(image, place, false, inode); break;
    case 9: read = ReadFile(image, place, true, inode); break;
    case 3:
    case 10: read = ReadLink(image, place, inode); break;
    case 5:
    case 12: read = ReadCharacterDevice(image, place, inode); break;
    case 4:
    case 6:
    case 7:
    case 11:
    case 13:
    case 14: break;  // devices, FIFO, socket
    default: return Error{ErrorCode::kMalformed, "inode of type " + std::to_string(type)};
  }
  if (!read.ok()) return std::move(read).error();
  return inode;
}

SquashfsListing::SquashfsListing(SquashfsImage& image, const SquashfsInode& directory)
    : image_(image), place_(directory.more), left_(directory.size) {}

Status SquashfsListing::Take(MutableByteSpan out) {
  if (out.size() > left_) {
    const std::uint64_t left = std::exchange(left_, 0);
    return Error{ErrorCode::kMalformed, "listing ends in an entry: " + std::to_string(left) +
                                            " bytes left, " + std::to_string(out.size()) +
                                            " needed"};
  }
  left_ -= out.size();
  Status read = image_.ReadTable(place_, out);
  if (!read.ok()) left_ = 0;
  return read;
}

Status SquashfsListing::ReadHeader() {
  constexpr std::uint32_t kMaxEntries = 256;
  std::array<std::uint8_t, 12> bytes;
  Status taken = Take(bytes);
  if (!taken.ok()) return taken;
  ByteReader in(bytes);
  const auto count = in.ReadLe<std::uint32_t>("count");
  if (count >= kMaxEntries) {
    left_ = 0;
    return Error{ErrorCode::kMalformed, "listing header of " +
                                            std::to_string(std::uint64_t{count} + 1) +
                                            " entries, at most 256 expected"};
  }
  entries_ = count + 1;
  inode_block_ = in.ReadLe<std::uint32_t>("inode block");
  return {};
}

Result<std::optional<SquashfsEntry>> SquashfsListing::Next() {
  if (left_ == 0) return std::optional<SquashfsEntry>();
  if (entries_ == 0) {
    Status header = ReadHeader();
    if (!header.ok()) return std::move(header).error();
  }
  --entries_;
  std::array<std::uint8_t, 8> bytes;
  Status taken = Take(bytes);
  if (!taken.ok()) return std::move(taken).error();
  ByteReader in(bytes);
  SquashfsEntry entry;
  entry.inode = inode_block_ << 16 | in.ReadLe<std::uint16_t>("inode offset");
  in.Skip(4, "inode number, type");
  const std::size_t length = in.ReadLe<std::uint16_t>("name length") + std::size_t{1};
  constexpr std::size_t kMaxName = 256;
  if (length > kMaxName) {
    left_ = 0;
    return Error{ErrorCode::kMalformed,
                 "name of " + std::to_string(length) + " bytes, at most 256 expected"};
  }
  std::array<std::uint8_t, kMaxName> name;
  const MutableByteSpan text = MutableByteSpan(name).first(length);
  taken = Take(text);
  if (!taken.ok()) return std::move(taken).error();
  entry.name = AsText(text);
  return std::optional<SquashfsEntry>(std::move(entry));
}

}  // namespace weighbridge
