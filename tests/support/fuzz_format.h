// The body of a format's fuzz target: probe, parse with small limits, and abort when
// what came out is not sound.
#pragma once

#include <cstdlib>

#include "tests/support/format_run.h"

namespace weighbridge::testing {

inline int FuzzFormat(Probe probe, Parse parse, const std::uint8_t* data, std::size_t size) {
  const Bytes bytes(data, data + size);
  Limits limits;
  limits.max_tensors_per_file = 1000;
  limits.max_gguf_array_elements = 100'000;
  Probes(probe, bytes);
  if (!Sound(ParseBytes(parse, bytes, "file", limits), size)) std::abort();
  return 0;
}

}  // namespace weighbridge::testing
