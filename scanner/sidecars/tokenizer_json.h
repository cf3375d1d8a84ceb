// tokenizer.json of the Hugging Face `tokenizers` library: vocabulary, merges and
// special tokens, read as a stream; never held whole.
#pragma once

#include "scanner/sidecars/reading.h"

namespace weighbridge {

// True when the document has a model with a vocabulary. Sets kind kTokenizer, the
// "tokenizer:..." claims and text_digest.
bool ReadTokenizerJson(const SideCarInput& input, Artifact& artifact);

}  // namespace weighbridge
