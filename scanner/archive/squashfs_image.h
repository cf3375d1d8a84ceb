// SquashfsImage: a squashfs 4.0 file system over any ByteSource, read only. Gives the
// bytes of its tables (metadata blocks of 8 KiB) and of its data and fragment blocks,
// a few of each kept.
//
// Our own reader because libsquashfuse opens nothing but a file descriptor, so neither
// a partition in a SIF nor a member of a layer, takes counts and lengths of the image
// as they are, and knows no budget.
//
// Layout (Linux fs/squashfs/squashfs_fs.h): superblock, data and fragment blocks,
// inode table, directory table, fragment table. A metadata block is a u16 (bit 15:
// stored as it is; 15 bits of stored size) and its bytes. A data block's stored size
// lies with its inode (bit 24: stored as it is).
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "scanner/archive/block_decoder.h"
#include "scanner/archive/budget.h"
#include "scanner/archive/squashfs_super.h"

namespace weighbridge {

// A place in a table: the metadata block's position in the image, and where in its
// content.
struct SquashfsPlace {
  std::uint64_t block = 0;
  std::uint64_t offset = 0;
};

// A data or fragment block as the tables state it.
struct SquashfsBlock {
  std::uint64_t at = 0;
  std::uint32_t stated = 0;  // size and bit 24

  bool stored() const { return (stated & (1U << 24)) != 0; }
  std::uint32_t bytes() const { return stated & 0xFFFFFFU; }
};

// Not thread-safe. Everything that is expanded counts against the budget.
class SquashfsImage {
 public:
  SquashfsImage(const ByteSource& source, const SquashfsSuper& super, ArchiveBudget& budget)
      : source_(source), super_(super), decoder_(super.compressor), budget_(budget) {}

  const ByteSource& source() const { return source_; }
  const SquashfsSuper& super() const { return super_; }
  ArchiveBudget& budget() { return budget_; }

  // Fills `out` from a table; `place` moves behind what was read.
  Status ReadTable(SquashfsPlace& place, MutableByteSpan out);
  // The block's content, valid until the next call.
  Result<ByteSpan> ReadBlock(const SquashfsBlock& block);
  Result<SquashfsBlock> FindFragment(std::uint32_t index);
  // kTruncated unless the block lies in the image, kMalformed when it is too long.
  Status CheckBlock(const SquashfsBlock& block) const;

 private:
  struct Kept {
    std::uint64_t at = 0;
    std::uint64_t next = 0;    // where the block behind it begins; 0: unused slot
    std::uint64_t used = 0;    // when, for choosing which one goes
    std::uint32_t stated = 0;  // of a data block
    std::vector<std::uint8_t> bytes;
  };
  Result<const Kept*> Table(std::uint64_t at);
  Status Expand(std::uint64_t at, std::uint64_t stored, std::size_t most, bool as_it_is,
                std::vector<std::uint8_t>& out);

  const ByteSource& source_;
  const SquashfsSuper super_;
  BlockDecoder decoder_;
  ArchiveBudget& budget_;
  std::uint64_t clock_ = 0;
  std::array<Kept, 32> tables_;
  std::array<Kept, 3> blocks_;
};

}  // namespace weighbridge
