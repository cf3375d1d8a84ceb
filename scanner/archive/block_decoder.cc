#include "scanner/archive/block_decoder.h"

#include <array>

#include <lz4.h>
#include <lzma.h>
#include <zlib.h>
#include <zstd.h>

namespace weighbridge {
namespace {

constexpr std::uint64_t kXzMemory = 32ULL << 20;
constexpr unsigned kZlib = 1, kXz = 4, kLz4 = 5, kZstd = 6;
constexpr std::array<const char*, 7> kNames{"", "gzip", "lzma", "lzo", "xz", "lz4", "zstd"};

Error Damaged(const std::string& name) {
  return {ErrorCode::kMalformed, name + " block is damaged"};
}

std::optional<std::size_t> DecodeZlib(ByteSpan block, MutableByteSpan out) {
  auto given = static_cast<uLongf>(out.size());
  const int result = uncompress(out.data(), &given, block.data(), static_cast<uLong>(block.size()));
  if (result != Z_OK) return std::nullopt;
  return static_cast<std::size_t>(given);
}

Result<std::size_t> DecodeXz(ByteSpan block, MutableByteSpan out) {
  std::uint64_t memory = kXzMemory;
  std::size_t read = 0;
  std::size_t given = 0;
  const lzma_ret result = lzma_stream_buffer_decode(&memory, 0, nullptr, block.data(), &read,
                                                    block.size(), out.data(), &given, out.size());
  if (result == LZMA_MEMLIMIT_ERROR) {
    return Error{ErrorCode::kLimitExceeded,
                 "xz block asks for " + std::to_string(memory) + " bytes of memory"};
  }
  if (result != LZMA_OK) return Damaged("xz");
  return given;
}

std::optional<std::size_t> DecodeLz4(ByteSpan block, MutableByteSpan out) {
  const int given = LZ4_decompress_safe(
      reinterpret_cast<const char*>(block.data()), reinterpret_cast<char*>(out.data()),
      static_cast<int>(block.size()), static_cast<int>(out.size()));
  if (given < 0) return std::nullopt;
  return static_cast<std::size_t>(given);
}

struct FreeZstd {
  void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
};

}  // namespace

struct BlockDecoder::Contexts {
  std::unique_ptr<ZSTD_DCtx, FreeZstd> zstd;
};

BlockDecoder::BlockDecoder(unsigned compressor)
    : compressor_(compressor), contexts_(std::make_unique<Contexts>()) {}
BlockDecoder::~BlockDecoder() = default;

std::string BlockDecoder::name() const {
  if (compressor_ != 0 && compressor_ < kNames.size()) return kNames[compressor_];
  return std::to_string(compressor_);
}

Result<std::size_t> BlockDecoder::Decode(ByteSpan block, MutableByteSpan out) {
  std::optional<std::size_t> given;
  switch (compressor_) {
    case kZlib: given = DecodeZlib(block, out); break;
    case kXz: return DecodeXz(block, out);
    case kLz4: given = DecodeLz4(block, out); break;
    case kZstd: {
      if (!contexts_->zstd) contexts_->zstd.reset(ZSTD_createDCtx());
      if (!contexts_->zstd) return Error{ErrorCode::kLimitExceeded, "out of memory"};
      const std::size_t size = ZSTD_decompressDCtx(contexts_->zstd.get(), out.data(), out.size(),
                                                   block.data(), block.size());
      if (ZSTD_isError(size) == 0) given = size;
      break;
    }
    default: return Error{ErrorCode::kUnsupported, "compressor " + name()};
  }
  if (!given) return Damaged(name());
  return *given;
}

}  // namespace weighbridge
