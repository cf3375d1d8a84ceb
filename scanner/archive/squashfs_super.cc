#include "scanner/archive/squashfs_super.h"

#include <bit>

#include "scanner/base/byte_reader.h"

namespace weighbridge {
namespace {

constexpr std::uint32_t kMinBlock = 4U << 10;
constexpr std::uint32_t kMaxBlock = 1U << 20;

Error Wrong(std::string message) {
  return {ErrorCode::kMalformed, "superblock: " + std::move(message)};
}

Status Check(const SquashfsSuper& super, unsigned block_log, std::uint64_t size) {
  if (super.block_size < kMinBlock || super.block_size > kMaxBlock ||
      !std::has_single_bit(super.block_size)) {
    return Wrong("block size " + std::to_string(super.block_size) +
                 " is no power of two from 4096 to 1048576");
  }
  if (block_log >= 32 || super.block_size != 1U << block_log) {
    return Wrong("block size " + std::to_string(super.block_size) + " is not 2 to the power of " +
                 std::to_string(block_log));
  }
  if (super.bytes_used > size) {
    return Error{ErrorCode::kTruncated, "superblock: " + std::to_string(super.bytes_used) +
                                            " bytes stated, " + std::to_string(size) +
                                            " are there"};
  }
  if (super.inode_table < kSquashfsSuperBytes || super.inode_table >= super.directory_table ||
      super.directory_table > super.bytes_used) {
    return Wrong("inode table at " + std::to_string(super.inode_table) +
                 " and directory table at " + std::to_string(super.directory_table) +
                 " do not lie in order in " + std::to_string(super.bytes_used) + " bytes");
  }
  const std::uint64_t indexes = (std::uint64_t{super.fragments} + 511) / 512 * 8;
  if (super.fragments != 0 && (super.fragment_table > super.bytes_used ||
                               indexes > super.bytes_used - super.fragment_table)) {
    return Wrong("table of " + std::to_string(super.fragments) + " fragments at " +
                 std::to_string(super.fragment_table) + " does not fit");
  }
  return {};
}

}  // namespace

Result<SquashfsSuper> ReadSquashfsSuper(const ByteSource& source) {
  auto bytes = ReadExactly(source, 0, kSquashfsSuperBytes);
  if (!bytes.ok()) return std::move(bytes).error();
  ByteReader in(bytes.value());
  SquashfsSuper super;
  in.Skip(12, "magic, inode count, time");
  super.block_size = in.ReadLe<std::uint32_t>("block size");
  super.fragments = in.ReadLe<std::uint32_t>("fragments");
  super.compressor = in.ReadLe<std::uint16_t>("compressor");
  const unsigned block_log = in.ReadLe<std::uint16_t>("block log");
  in.Skip(4, "flags, id count");
  const unsigned major = in.ReadLe<std::uint16_t>("major");
  const unsigned minor = in.ReadLe<std::uint16_t>("minor");
  super.root_inode = in.ReadLe<std::uint64_t>("root inode");
  super.bytes_used = in.ReadLe<std::uint64_t>("bytes used");
  in.Skip(8, "id table");
  super.attribute_table = in.ReadLe<std::uint64_t>("attribute table");
  super.inode_table = in.ReadLe<std::uint64_t>("inode table");
  super.directory_table = in.ReadLe<std::uint64_t>("directory table");
  super.fragment_table = in.ReadLe<std::uint64_t>("fragment table");
  if (!in.ok()) return in.error();
  if (major != 4 || minor != 0) {
    return Error{ErrorCode::kUnsupported,
                 "squashfs version " + std::to_string(major) + "." + std::to_string(minor)};
  }
  Status checked = Check(super, block_log, source.size());
  if (!checked.ok()) return std::move(checked).error();
  return super;
}

}  // namespace weighbridge
