// The small JSON side-cars: one bounded parse each, a handful of claims.
#pragma once

#include "scanner/sidecars/reading.h"

namespace weighbridge {

// Takes the claims of one parsed document; false: not this side-car.
using JsonTaker = bool (*)(const Json& root, const Limits& limits, Artifact& artifact);

// Reads and parses the file and hands it to `take`. A document that breaks off or is
// malformed is a partly inspected side-car only when its head shows a key that
// belongs to `kind`; otherwise it is none.
bool ReadSmallJson(const SideCarInput& input, const char* format, Artifact& artifact,
                   ArtifactKind kind, JsonTaker take);

bool ReadGenerationConfig(const SideCarInput& input, Artifact& artifact);  // generation_config.json
bool ReadModelIndex(const SideCarInput& input, Artifact& artifact);  // diffusers model_index.json
bool ReadAdapterConfig(const SideCarInput& input, Artifact& artifact);  // PEFT adapter_config.json
bool ReadMetaParams(const SideCarInput& input, Artifact& artifact);     // Meta, Mistral params.json
bool ReadModelScope(const SideCarInput& input, Artifact& artifact);     // configuration.json
bool ReadMlcChatConfig(const SideCarInput& input, Artifact& artifact);  // mlc-chat-config.json
bool ReadGenAiConfig(const SideCarInput& input, Artifact& artifact);    // genai_config.json
bool ReadQuantizeConfig(const SideCarInput& input, Artifact& artifact);  // quantize_config.json
bool ReadProcessorConfig(const SideCarInput& input,
                         Artifact& artifact);  // (pre)processor_config.json

}  // namespace weighbridge
