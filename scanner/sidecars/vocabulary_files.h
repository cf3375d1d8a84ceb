// Vocabulary files that predate tokenizer.json or lie beside it: vocab.json and
// added_tokens.json ({"token": id}), merges.txt ("a b" lines), *.tiktoken (base64
// token, space, rank). They become kTokenizer artifacts.
#pragma once

#include "scanner/sidecars/reading.h"

namespace weighbridge {

bool ReadVocabularyJson(const SideCarInput& input, Artifact& artifact);
bool ReadAddedTokens(const SideCarInput& input, Artifact& artifact);
bool ReadMerges(const SideCarInput& input, Artifact& artifact);
bool ReadTiktoken(const SideCarInput& input, Artifact& artifact);

}  // namespace weighbridge
