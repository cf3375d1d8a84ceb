// tokenizer_config.json and special_tokens_map.json: tokenizer class, special tokens
// and a digest of the chat template (never the template itself, never run).
#pragma once

#include "scanner/sidecars/reading.h"

namespace weighbridge {

bool ReadTokenizerConfig(const SideCarInput& input, Artifact& artifact);
bool ReadSpecialTokensMap(const SideCarInput& input, Artifact& artifact);

}  // namespace weighbridge
