// BlockDecoder: one block expanded at once, by the compressors of squashfs. A block
// and what it gives are at most 1 MiB, so memory is bounded by the caller's buffer, a
// zstd context, and 32 MiB for what an xz block asks for.
//
// Compressor numbers: Linux fs/squashfs/squashfs_fs.h. zlib streams are RFC 1950, xz
// blocks whole .xz files, lz4 raw blocks, zstd frames RFC 8878. lzma and lzo have no
// maintained library that is safe on hostile bytes: kUnsupported, with the name.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "weighbridge/bytes.h"
#include "weighbridge/result.h"

namespace weighbridge {

// Not thread-safe.
class BlockDecoder {
 public:
  explicit BlockDecoder(unsigned compressor);
  ~BlockDecoder();
  BlockDecoder(const BlockDecoder&) = delete;
  BlockDecoder& operator=(const BlockDecoder&) = delete;

  // How many bytes of `out` were filled. kMalformed when the block is damaged or would
  // give more than out.size().
  Result<std::size_t> Decode(ByteSpan block, MutableByteSpan out);
  // "zstd", or "17" for a number without a name.
  std::string name() const;

 private:
  struct Contexts;
  unsigned compressor_;
  std::unique_ptr<Contexts> contexts_;
};

}  // namespace weighbridge
