#include "scanner/archive/squashfs_file.h"

#include <algorithm>

#include "scanner/base/byte_reader.h"

namespace weighbridge {
namespace {

constexpr std::uint64_t kRun = 1024;              // block sizes read at a time
constexpr std::uint64_t kMaxBlocks = 1ULL << 28;  // 32 TiB of 128 KiB blocks
constexpr std::uint64_t kTableBlock = 8 << 10;    // expanded
constexpr std::uint64_t kSmallestTableBlock = 3;  // in the image

}  // namespace

SquashfsFile::SquashfsFile(SquashfsImage& image, const SquashfsInode& inode, std::uint64_t blocks)
    : image_(&image), inode_(inode), blocks_(blocks) {
  marks_.push_back({inode.more, inode.start});
}

Result<SquashfsFile> SquashfsFile::Open(SquashfsImage& image, const SquashfsInode& inode) {
  const SquashfsSuper& super = image.super();
  const bool tail = inode.size % super.block_size != 0;
  std::uint64_t blocks = inode.size / super.block_size;
  if (tail && inode.fragment == SquashfsInode::kNoFragment) ++blocks;
  // What the rest of the inode table can hold at most.
  const std::uint64_t stored = super.directory_table - super.inode_table;
  const std::uint64_t room = (stored / kSmallestTableBlock + 1) * kTableBlock;
  if (blocks > room / 4) {
    return Error{ErrorCode::kMalformed, std::to_string(inode.size) + " bytes stated: a list of " +
                                            std::to_string(blocks) +
                                            " blocks does not fit in the inode table"};
  }
  if (blocks > kMaxBlocks) {
    return Error{ErrorCode::kLimitExceeded, "more than " + std::to_string(kMaxBlocks) + " blocks"};
  }
  return SquashfsFile(image, inode, blocks);
}

std::uint64_t SquashfsFile::BytesOf(std::uint64_t index) const {
  const std::uint64_t block_size = image_->super().block_size;
  return std::min(block_size, inode_.size - index * block_size);
}

// Loads the sizes of one run; a run whose mark is known is read without the others.
Status SquashfsFile::LoadRun(std::uint64_t run) const {
  if (loaded_ == run) return {};
  loaded_ = ~std::uint64_t{0};
  for (std::uint64_t at = std::min<std::uint64_t>(run, marks_.size() - 1); at <= run; ++at) {
    Mark mark = marks_[static_cast<std::size_t>(at)];
    const std::uint64_t count = std::min(kRun, blocks_ - at * kRun);
    std::vector<std::uint8_t> bytes(static_cast<std::size_t>(count * 4));
    Status read = image_->ReadTable(mark.sizes, bytes);
    if (!read.ok()) return read;
    ByteReader in(bytes);
    run_.clear();
    for (std::uint64_t i = 0; i < count; ++i) {
      run_.push_back({mark.data, in.ReadLe<std::uint32_t>("block size")});
      mark.data += run_.back().bytes();
      // Ends soon behind the end of the image: no sum can wrap.
      Status checked = image_->CheckBlock(run_.back());
      if (!checked.ok()) return checked;
    }
    if (at + 1 == marks_.size()) marks_.push_back(mark);
  }
  loaded_ = run;
  return {};
}

Result<SquashfsBlock> SquashfsFile::FindBlock(std::uint64_t index) const {
  Status loaded = LoadRun(index / kRun);
  if (!loaded.ok()) return std::move(loaded).error();
  return run_[static_cast<std::size_t>(index % kRun)];
}

Result<std::size_t> SquashfsFile::ReadTail(std::uint64_t within, MutableByteSpan out) const {
  auto fragment = image_->FindFragment(inode_.fragment);
  if (!fragment.ok()) return std::move(fragment).error();
  auto bytes = image_->ReadBlock(fragment.value());
  if (!bytes.ok()) return std::move(bytes).error();
  const std::uint64_t tail = inode_.size % image_->super().block_size;
  const std::uint64_t have = bytes.value().size();
  if (inode_.fragment_offset > have || tail > have - inode_.fragment_offset) {
    return Error{ErrorCode::kMalformed, "its last " + std::to_string(tail) + " bytes at " +
                                            std::to_string(inode_.fragment_offset) +
                                            " of a fragment of " + std::to_string(have) + " bytes"};
  }
  const std::size_t count =
      static_cast<std::size_t>(std::min<std::uint64_t>(out.size(), tail - within));
  std::copy_n(bytes.value().begin() + static_cast<std::ptrdiff_t>(inode_.fragment_offset + within),
              count, out.begin());
  return count;
}

Result<std::size_t> SquashfsFile::ReadFrom(std::uint64_t index, std::uint64_t within,
                                           MutableByteSpan out) const {
  if (index == blocks_) return ReadTail(within, out);
  auto block = FindBlock(index);
  if (!block.ok()) return std::move(block).error();
  const std::uint64_t expected = BytesOf(index);
  const std::size_t count =
      static_cast<std::size_t>(std::min<std::uint64_t>(out.size(), expected - within));
  out = out.first(count);
  if (block.value().bytes() == 0) {
    std::fill(out.begin(), out.end(), std::uint8_t{0});
    if (!image_->budget().CountExpanded(count)) return image_->budget().error();
    return count;
  }
  const auto wrong = [&](std::uint64_t given) {
    return Error{ErrorCode::kMalformed, "block " + std::to_string(index) + " has " +
                                            std::to_string(given) + " bytes, " +
                                            std::to_string(expected) + " expected"};
  };
  if (block.value().stored()) {
    if (block.value().bytes() != expected) return wrong(block.value().bytes());
    return image_->source().ReadAt(block.value().at + within, out);
  }
  auto bytes = image_->ReadBlock(block.value());
  if (!bytes.ok()) return std::move(bytes).error();
  if (bytes.value().size() != expected) return wrong(bytes.value().size());
  std::copy_n(bytes.value().begin() + static_cast<std::ptrdiff_t>(within), count, out.begin());
  return count;
}

Result<std::size_t> SquashfsFile::ReadAt(std::uint64_t offset, MutableByteSpan out) const {
  const std::uint64_t block_size = image_->super().block_size;
  std::size_t done = 0;
  while (done < out.size() && offset < inode_.size) {
    auto got = ReadFrom(offset / block_size, offset % block_size, out.subspan(done));
    if (!got.ok()) return got;
    if (got.value() == 0) break;  // the source ended
    done += got.value();
    offset += got.value();
  }
  return done;
}

std::optional<std::uint64_t> SquashfsFile::FindInPlace() const {
  const bool tail_in_fragment = inode_.size > blocks_ * image_->super().block_size;
  if (blocks_ == 0 || tail_in_fragment) return std::nullopt;
  for (std::uint64_t i = 0; i < blocks_; ++i) {
    auto block = FindBlock(i);
    if (!block.ok() || !block.value().stored() || block.value().bytes() != BytesOf(i)) {
      return std::nullopt;
    }
  }
  return inode_.start;
}

}  // namespace weighbridge
