// The index of a sharded checkpoint: *.safetensors.index.json, *.bin.index.json
// (huggingface/safetensors README.md, huggingface_hub)
//
//   {"metadata": {"total_size": 123}, "weight_map": {"tensor": "model-00001-of-00002.…"}}
//
// Streamed through a SAX parser. Claims: "index:total_size". File names that are not
// plain are refused, with their tensors.
#pragma once

#include "scanner/formats/format.h"

namespace weighbridge {

bool ProbeWeightIndex(const ProbeWindow& window);
void ParseWeightIndex(const ByteSource& source, const ProbeWindow& window, const Limits& limits,
                      Artifact& artifact);

}  // namespace weighbridge
