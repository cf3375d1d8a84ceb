// safetensors (huggingface/safetensors:safetensors/src/tensor.rs, README.md)
//
//   0      8   N, u64le: length of the header
//   8      N   JSON object, '{' first, padded with spaces
//   8+N    …   tensor data, tiled exactly by the tensors' data_offsets
//
//   {"__metadata__": {"k": "v"}, "name": {"dtype": "F32", "shape": [2, 3],
//    "data_offsets": [0, 24]}, …}
//
// The header is streamed through a SAX parser: only the tensors are kept.
// Claims: "safetensors:<key>" per __metadata__ entry, "layout:adapter",
// "layout:quantisation".
#pragma once

#include "scanner/formats/format.h"

namespace weighbridge {

// Claims truncated and mangled files too, but no ordinary JSON text.
bool ProbeSafetensors(const ProbeWindow& window);
void ParseSafetensors(const ByteSource& source, const ProbeWindow& window, const Limits& limits,
                      Artifact& artifact);

}  // namespace weighbridge
