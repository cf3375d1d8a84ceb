// An inode of squashfs 4.0, basic or extended, and the entries of its directories.
// Linux fs/squashfs/squashfs_fs.h: struct squashfs_*_inode, squashfs_dir_header,
// squashfs_dir_entry. The index of extended directories is passed by, and so are the
// attributes of all else.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "scanner/archive/squashfs_image.h"

namespace weighbridge {

struct SquashfsInode {
  enum class Kind { kDirectory, kFile, kLink, kWhiteout, kSpecial };
  static constexpr std::uint32_t kNoFragment = 0xFFFFFFFFU;
  static constexpr std::uint32_t kNoAttributes = 0xFFFFFFFFU;

  Kind kind = Kind::kSpecial;
  std::uint32_t links = 1;
  std::uint64_t size = 0;  // of a file or of a link's target; of a directory's listing
  // kDirectory: where the listing is. kFile: where the list of block sizes is.
  // kLink: where the target is.
  SquashfsPlace more;
  std::uint64_t start = 0;  // kFile: first block
  std::uint32_t fragment = kNoFragment;
  std::uint32_t fragment_offset = 0;
  std::uint32_t attributes = kNoAttributes;  // kDirectory: index of their set
};

// `reference` as directory entries and the superblock give it.
Result<SquashfsInode> ReadSquashfsInode(SquashfsImage& image, std::uint64_t reference);

struct SquashfsEntry {
  std::string name;  // raw
  std::uint64_t inode = 0;
};

// The entries of one directory, in order. The image must outlive it.
class SquashfsListing {
 public:
  SquashfsListing(SquashfsImage& image, const SquashfsInode& directory);
  // The next entry, nothing at the end. After an error the listing is over.
  Result<std::optional<SquashfsEntry>> Next();

 private:
  Status ReadHeader();
  Status Take(MutableByteSpan out);

  SquashfsImage& image_;
  SquashfsPlace place_;
  std::uint64_t left_;         // bytes of the listing
  std::uint32_t entries_ = 0;  // before the next header
  std::uint64_t inode_block_ = 0;
};

}  // namespace weighbridge
