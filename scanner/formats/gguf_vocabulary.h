// The tokenizer lists of a GGUF file, read once more for their digest and the special
// tokens; nothing of them is kept but these.
#pragma once

#include <string>

#include "scanner/formats/gguf_metadata.h"
#include "scanner/formats/gguf_stream.h"
#include "scanner/formats/header_notes.h"

namespace weighbridge {

// Sets artifact.text_digest, claims "tokenizer:special_token", and says which lists
// contradict each other. Moves the stream.
void ReadGgufVocabulary(GgufStream& stream, const GgufFacts& facts, HeaderNotes& notes,
                        Artifact& artifact);

}  // namespace weighbridge
