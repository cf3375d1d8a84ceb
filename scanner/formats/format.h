// What a weight format provides: a probe that says "yes" or "not mine" from a few
// bytes, and a parser that returns a partial Artifact with Diagnostics on damage.
// Both are pure: they open nothing but the ByteSource, print nothing, throw nothing.
#pragma once

#include <string_view>

#include "scanner/source/byte_source.h"
#include "weighbridge/artifact.h"
#include "weighbridge/bytes.h"
#include "weighbridge/limits.h"

namespace weighbridge {

// What a probe may look at. `head` holds the first bytes of the file (all of it
// when it is shorter than kHeadBytes), `tail` the last kTailBytes when they were
// read, else nothing. The name is a hint for side-cars only, never for weights.
struct ProbeWindow {
  ByteSpan head;
  ByteSpan tail;
  const ByteSource* source = nullptr;  // for a probe that must look further; cheap reads only
  std::uint64_t size = 0;              // of the whole file
  std::string_view file_name;          // last component
  std::string_view folder_name;        // name of the folder it lies in
};

inline constexpr std::size_t kHeadBytes = 64 << 10;
inline constexpr std::size_t kTailBytes = (64 << 10) + 22;

struct Format {
  const char* id;  // representative format id
  bool (*probe)(const ProbeWindow& window);
  // `artifact.location` and `size_bytes` are filled by the caller beforehand and
  // must be used for diagnostics. The parser sets format, kind, inspection and the rest.
  void (*parse)(const ByteSource& source, const ProbeWindow& window, const Limits& limits,
                Artifact& artifact);
};

}  // namespace weighbridge
