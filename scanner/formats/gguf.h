// GGUF v1 to v3, both byte orders (ggml-org/ggml:docs/gguf.md, llama.cpp gguf.cpp)
//
//   0   4  magic "GGUF" ("FUGG" is known to ollama only: suspicious)
//   4   4  version: 1..3; byte-swapped when the file is big-endian
//   8   8  tensor count (v1: u32)
//   16  8  key-value count (v1: u32)
//   24  …  key-values, tensor infos, padding to general.alignment, tensor data
//
// Claims: "gguf:<key>" per scalar, "gguf:<key>.count" per list, "gguf:<key>.sha256" for
// chat templates and long texts, lists of text under general.* one claim per element;
// "tokenizer:special_token". text_digest: VocabularyDigest of tokens and merges.
#pragma once

#include "scanner/formats/format.h"

namespace weighbridge {

bool ProbeGguf(const ProbeWindow& window);
void ParseGguf(const ByteSource& source, const ProbeWindow& window, const Limits& limits,
               Artifact& artifact);

}  // namespace weighbridge
