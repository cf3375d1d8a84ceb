// DecompressStream: one compression layer taken off, through libarchive with exactly
// one filter named (never its automatic choice, which may run programs). Which one is
// decided by the bytes.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "scanner/archive/budget.h"
#include "scanner/archive/stream.h"

namespace weighbridge {

enum class Compression { kGzip, kBzip2, kXz, kLzma, kZstd, kLz4 };

// The compression whose signature the bytes begin with. RFC 1952, RFC 8878, the xz
// and lz4 frame formats; bzip2 with its first block's mark.
std::optional<Compression> FindCompression(ByteSpan head);
// Format id of the table of formats: "gzip", "zstd", ...
std::string CompressionName(Compression compression);

// A whole gzip file that holds no byte, which libarchive cannot tell from damage.
bool IsEmptyGzip(const ByteSource& source);

// `input` and `budget` must outlive the stream, which counts all it gives out. A
// failure of the input is reported as it is; damage is kMalformed, a window larger
// than the library accepts kUnsupported or kLimitExceeded.
Result<std::unique_ptr<Stream>> Decompress(Stream& input, Compression compression,
                                           ArchiveBudget& budget);
// A raw deflate stream (a zip member, method 8).
Result<std::unique_ptr<Stream>> Inflate(Stream& input, ArchiveBudget& budget);

}  // namespace weighbridge
