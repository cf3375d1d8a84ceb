// SquashfsFile: a file of a squashfs, read at any offset at the cost of the blocks
// that are touched. The list of block sizes is read as far as it is needed.
//
//   file   |block 0|block 1| ... |rest|
//   image  each block, the smaller ones expanded; size 0: a hole; the rest alone or in
//          a fragment that several files share
//
// Not thread-safe, in spite of ByteSource's promise, like SpooledSource.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "scanner/archive/squashfs_image.h"
#include "scanner/archive/squashfs_inode.h"

namespace weighbridge {

class SquashfsFile final : public ByteSource {
 public:
  // kMalformed or kLimitExceeded when the size cannot be true. The image must outlive
  // the file.
  static Result<SquashfsFile> Open(SquashfsImage& image, const SquashfsInode& inode);

  std::uint64_t size() const override { return inode_.size; }
  Result<std::size_t> ReadAt(std::uint64_t offset, MutableByteSpan out) const override;

  // Where the file lies in the image, when it lies there whole and as it is.
  std::optional<std::uint64_t> FindInPlace() const;

 private:
  // Where a run of block sizes and the first of its blocks lie.
  struct Mark {
    SquashfsPlace sizes;
    std::uint64_t data = 0;
  };

  SquashfsFile(SquashfsImage& image, const SquashfsInode& inode, std::uint64_t blocks);
  Result<SquashfsBlock> FindBlock(std::uint64_t index) const;
  Status LoadRun(std::uint64_t run) const;
  std::uint64_t BytesOf(std::uint64_t index) const;
  Result<std::size_t> ReadFrom(std::uint64_t index, std::uint64_t within,
                               MutableByteSpan out) const;
  Result<std::size_t> ReadTail(std::uint64_t within, MutableByteSpan out) const;

  SquashfsImage* image_;
  SquashfsInode inode_;
  std::uint64_t blocks_;  // without what lies in a fragment
  mutable std::vector<Mark> marks_;
  mutable std::vector<SquashfsBlock> run_;
  mutable std::uint64_t loaded_ = ~std::uint64_t{0};  // which run
};

}  // namespace weighbridge
