// The vocabulary and tensors of a legacy GGML file of the LLaMA layout, and of GGLA
// adapters (ggml docs/gguf.md, "historical"; llama.cpp before August 2023).
//
//   u32 magic[, u32 version], u32 n_vocab, n_embd, n_mult, n_head, n_layer, n_rot, ftype
//   n_vocab times: u32 length, bytes[, f32 score in GGMF and GGJT]
//   to the end: u32 dimensions, u32 name length, u32 type, u32 sizes (innermost first),
//     name[, padding to 32 in GGJT and GGLA], data
//
// GGLA has u32 rank and u32 alpha in place of the numbers and the vocabulary. Other models
// (GPT-J, whisper) have other numbers: the walk then does not fit and lists nothing.
#pragma once

#include <cstdint>

#include "scanner/source/byte_source.h"
#include "weighbridge/artifact.h"
#include "weighbridge/limits.h"

namespace weighbridge {

struct GgmlLayout {
  bool versioned = false;  // a version word follows the magic
  bool scores = false;     // of the vocabulary
  bool aligned = false;    // data begin at multiples of 32
  bool adapter = false;    // GGLA
  std::uint32_t version = 0;
};

enum class GgmlWalk { kComplete, kCut, kOtherLayout };

// Adds the tensors to the artifact; none when the layout is another.
GgmlWalk WalkGgmlTensors(const ByteSource& source, const GgmlLayout& layout, const Limits& limits,
                         Artifact& artifact);

}  // namespace weighbridge
