// Bounded inflating of small compressed parts: a zip member, a gzip'd tar's head, a
// zlib-compressed joblib dump. Output never exceeds the caller's cap.
#pragma once

#include <cstdint>
#include <vector>

#include "scanner/source/byte_source.h"
#include "weighbridge/result.h"

namespace weighbridge {

enum class Deflated { kRaw, kZlibOrGzip };

struct Inflated {
  std::vector<std::uint8_t> bytes;
  bool complete = false;  // the stream ended within the cap
};

// Inflates [offset, offset+size) of source. kMalformed when nothing could be read.
Result<Inflated> InflatePrefix(const ByteSource& source, std::uint64_t offset, std::uint64_t size,
                               Deflated kind, std::size_t max_output);

}  // namespace weighbridge
