// SquashfsSuper: the first 96 bytes of a squashfs 4.0 file system, checked against
// itself and the bytes that are there. Linux fs/squashfs/squashfs_fs.h; formats
// reference 6.3.
#pragma once

#include <cstdint>

#include "scanner/source/byte_source.h"
#include "weighbridge/result.h"

namespace weighbridge {

struct SquashfsSuper {
  std::uint32_t block_size = 0;  // a power of two, 4 KiB to 1 MiB
  std::uint32_t fragments = 0;
  std::uint16_t compressor = 0;
  std::uint64_t root_inode = 0;  // reference: block in the inode table << 16 | offset
  // Absolute, below `bytes_used`; fragment_table only when there are fragments.
  std::uint64_t inode_table = 0;
  std::uint64_t directory_table = 0;
  std::uint64_t fragment_table = 0;
  std::uint64_t attribute_table = 0;  // unchecked
  std::uint64_t bytes_used = 0;       // at most the size of the source
};

constexpr std::uint64_t kSquashfsSuperBytes = 96;

Result<SquashfsSuper> ReadSquashfsSuper(const ByteSource& source);

}  // namespace weighbridge
