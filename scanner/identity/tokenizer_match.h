// Tokenizer evidence: whose special tokens a model carries. A claim of side-cars or
// GGUF arrays; it breaks ties among structural candidates and shows a distiller, and
// never names an origin against the layer geometry.
#pragma once

#include <string>
#include <vector>

#include "scanner/identity/catalog.h"
#include "weighbridge/artifact.h"

namespace weighbridge {

struct TokenizerMatch {
  std::string family;     // of the tokenizer table; "" no match
  std::string publisher;  // key namespace; "" when several publishers match equally
  std::string shown_by;   // "gguf pre deepseek-r1-qwen", "4 special tokens"
  std::size_t matched = 0;
  Location location;
};

// `vocab_size` is that of the tensors (0 unknown): a row with another one is no match.
TokenizerMatch MatchTokenizer(const Catalog& catalog, const std::vector<const Artifact*>& files,
                              std::uint64_t vocab_size);

}  // namespace weighbridge
