// The GGML family before GGUF (ggml docs/gguf.md "historical", ollama ggml.go)
//
//   0  4  magic, u32le: 'ggml' 'ggmf' 'ggjt' 'ggla' (reversed on disk: "lmgg" …)
//   4  4  version, u32le, all but 'ggml': ggmf 1, ggjt 1..3, ggla 1
//   …     model-specific u32 hyper-parameters, vocabulary, tensors
//
// LLaMA, GPT-J, whisper.cpp and others share the magic and record no architecture,
// licence or publisher: only the container is recognised, never a model.
#pragma once

#include "scanner/formats/format.h"

namespace weighbridge {

bool ProbeGgmlLegacy(const ProbeWindow& window);
void ParseGgmlLegacy(const ByteSource& source, const ProbeWindow& window, const Limits& limits,
                     Artifact& artifact);

}  // namespace weighbridge
