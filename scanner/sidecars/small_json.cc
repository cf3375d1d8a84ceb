// Fields as written by transformers 4.x, diffusers (configuration_utils.py), PEFT
// (config.py), Meta's and Mistral's native releases, ModelScope, MLC-LLM,
// onnxruntime-genai and AutoGPTQ. Each taker first asks whether the content fits.
#include "scanner/sidecars/small_json.h"

#include <algorithm>
#include <initializer_list>
#include <string>
#include <utility>

#include "scanner/base/text.h"

namespace weighbridge {
namespace {

// Real configurations stay below 2 MiB (label maps of image classifiers are the largest).
constexpr std::uint64_t kMaxConfigBytes = 8ULL << 20;
constexpr std::uint64_t kMaxConfigValues = 512ULL << 10;

bool HasAny(const Json& root, std::initializer_list<const char*> keys) {
  return std::any_of(keys.begin(), keys.end(),
                     [&](const char* key) { return Find(root, key) != nullptr; });
}

bool HasText(const Json& root, const char* key) {
  const Json* value = Find(root, key);
  return value != nullptr && value->is_string();
}

void Become(Artifact& artifact, ArtifactKind kind, const char* format) {
  artifact.kind = kind;
  artifact.format = format;
}

struct KeyClaim {
  const char* claim;
  const char* key;
};

void TakeKeys(const Json& root, const Limits& limits, Artifact& artifact,
              std::initializer_list<KeyClaim> rows) {
  for (const KeyClaim& row : rows) AddJsonClaim(artifact, limits, row.claim, root, row.key);
}

bool TakeGenerationConfig(const Json& root, const Limits& limits, Artifact& artifact) {
  if (!HasAny(root, {"_from_model_config", "eos_token_id", "bos_token_id", "pad_token_id",
                     "max_new_tokens", "do_sample"})) {
    return false;
  }
  Become(artifact, ArtifactKind::kGenerationConfig, "generation_config");
  TakeKeys(root, limits, artifact,
           {{"generation:_from_model_config", "_from_model_config"},
            {"generation:transformers_version", "transformers_version"},
            {"generation:eos_token_id", "eos_token_id"},
            {"generation:bos_token_id", "bos_token_id"},
            {"generation:pad_token_id", "pad_token_id"}});
  return true;
}

// "library.Class" of a component, a pair ["diffusers", "UNet2DConditionModel"]; "" otherwise.
std::string ComponentText(const std::string& name, const Json& value) {
  if (!value.is_array() || value.size() != 2 || name.empty() || name[0] == '_') return {};
  const std::string library = ScalarText(value[0]);
  const std::string type = ScalarText(value[1]);
  return library.empty() || type.empty() ? std::string() : library + "." + type;
}

// A component's own config.json has the class name too, but no components.
bool TakeModelIndex(const Json& root, const Limits& limits, Artifact& artifact) {
  if (!HasText(root, "_class_name") && !HasText(root, "_diffusers_version")) return false;
  const auto& items = root.items();
  if (std::none_of(items.begin(), items.end(), [](const auto& item) {
        return !ComponentText(item.key(), item.value()).empty();
      })) {
    return false;
  }
  Become(artifact, ArtifactKind::kModelIndex, "model_index");
  TakeKeys(root, limits, artifact,
           {{"model_index:_class_name", "_class_name"},
            {"model_index:_name_or_path", "_name_or_path"},
            {"model_index:_diffusers_version", "_diffusers_version"}});
  for (const auto& [name, value] : root.items()) {
    const std::string component = ComponentText(name, value);
    if (component.empty()) continue;
    AddClaim(artifact, limits, "model_index:component", name + ":" + component);
  }
  return true;
}

bool TakeAdapterConfig(const Json& root, const Limits& limits, Artifact& artifact) {
  if (!HasText(root, "peft_type") && !HasText(root, "base_model_name_or_path")) return false;
  Become(artifact, ArtifactKind::kAdapterConfig, "adapter_config");
  TakeKeys(root, limits, artifact,
           {{"adapter:peft_type", "peft_type"},
            {"adapter:base_model_name_or_path", "base_model_name_or_path"},
            {"adapter:revision", "revision"},
            {"adapter:task_type", "task_type"},
            {"adapter:r", "r"},
            {"adapter:lora_alpha", "lora_alpha"},
            {"adapter:target_modules", "target_modules"}});
  return true;
}

// {"dim": 4096, "n_layers": 32, "n_heads": 32, "n_kv_heads": 8, "vocab_size": 128256,
//  "moe": {"num_experts": 8, "num_experts_per_tok": 2}}; Meta also writes {"model": {...}}.
bool TakeMetaParams(const Json& document, const Limits& limits, Artifact& artifact) {
  const Json* inner = Find(document, "model");
  const Json& root = inner != nullptr && inner->is_object() ? *inner : document;
  const Json* dim = Find(root, "dim");
  const Json* layers = Find(root, "n_layers");
  if (dim == nullptr || layers == nullptr || !dim->is_number() || !layers->is_number()) {
    return false;
  }
  Become(artifact, ArtifactKind::kConfig, "meta_params");
  TakeKeys(root, limits, artifact,
           {{"config:hidden_size", "dim"},
            {"config:num_hidden_layers", "n_layers"},
            {"config:num_attention_heads", "n_heads"},
            {"config:num_key_value_heads", "n_kv_heads"},
            {"config:head_dim", "head_dim"},
            {"config:intermediate_size", "hidden_dim"},
            {"config:rope_theta", "rope_theta"},
            {"config:max_position_embeddings", "max_position_embeddings"}});
  // Meta writes -1 where the tokenizer decides.
  const Json* vocabulary = Find(root, "vocab_size");
  if (vocabulary != nullptr && vocabulary->is_number_unsigned()) {
    AddJsonClaim(artifact, limits, "config:vocab_size", root, "vocab_size");
  }
  if (const Json* moe = Find(root, "moe")) {
    TakeKeys(*moe, limits, artifact,
             {{"config:num_experts", "num_experts"},
              {"config:num_experts_per_tok", "num_experts_per_tok"}});
  }
  return true;
}

bool TakeModelScope(const Json& root, const Limits& limits, Artifact& artifact) {
  if (!HasText(root, "framework") && !HasText(root, "task")) return false;
  Become(artifact, ArtifactKind::kConfig, "modelscope_configuration");
  TakeKeys(root, limits, artifact,
           {{"modelscope:framework", "framework"}, {"modelscope:task", "task"}});
  if (const Json* model = Find(root, "model")) {
    AddJsonClaim(artifact, limits, "modelscope:model_type", *model, "type");
  }
  return true;
}

bool TakeMlcChatConfig(const Json& root, const Limits& limits, Artifact& artifact) {
  if (!HasText(root, "quantization") || !HasAny(root, {"model_config", "model_type"})) return false;
  Become(artifact, ArtifactKind::kConfig, "mlc_chat_config");
  TakeKeys(root, limits, artifact,
           {{"config:model_type", "model_type"},
            {"mlc:quantization", "quantization"},
            {"mlc:version", "version"},
            {"config:vocab_size", "vocab_size"}});
  if (const Json* model = Find(root, "model_config")) {
    TakeKeys(*model, limits, artifact,
             {{"config:hidden_size", "hidden_size"},
              {"config:num_hidden_layers", "num_hidden_layers"},
              {"config:num_attention_heads", "num_attention_heads"},
              {"config:num_key_value_heads", "num_key_value_heads"},
              {"config:head_dim", "head_dim"},
              {"config:intermediate_size", "intermediate_size"}});
  }
  return true;
}

bool TakeGenAiConfig(const Json& root, const Limits& limits, Artifact& artifact) {
  const Json* model = Find(root, "model");
  if (model == nullptr || !HasText(*model, "type")) return false;
  Become(artifact, ArtifactKind::kConfig, "genai_config");
  TakeKeys(*model, limits, artifact,
           {{"config:model_type", "type"},
            {"config:vocab_size", "vocab_size"},
            {"config:max_position_embeddings", "context_length"}});
  if (const Json* decoder = Find(*model, "decoder")) {
    TakeKeys(*decoder, limits, artifact,
             {{"config:hidden_size", "hidden_size"},
              {"config:num_hidden_layers", "num_hidden_layers"},
              {"config:num_attention_heads", "num_attention_heads"},
              {"config:num_key_value_heads", "num_key_value_heads"},
              {"config:head_dim", "head_size"}});
  }
  return true;
}

bool TakeQuantizeConfig(const Json& root, const Limits& limits, Artifact& artifact) {
  const Json* bits = Find(root, "bits");
  if (bits == nullptr) bits = Find(root, "w_bit");  // AutoAWQ
  if (bits == nullptr || !bits->is_number() || !HasAny(root, {"group_size", "q_group_size"})) {
    return false;
  }
  Become(artifact, ArtifactKind::kConfig, "quantize_config");
  AddJsonClaim(artifact, limits, "config:quantization_config.quant_method", root, "quant_method");
  AddClaim(artifact, limits, "config:quantization_config.bits", ScalarText(*bits));
  AddJsonClaim(artifact, limits, "config:_name_or_path", root, "model_name_or_path");
  return true;
}

bool TakeProcessorConfig(const Json& root, const Limits& limits, Artifact& artifact) {
  if (!HasText(root, "processor_class") && !HasText(root, "image_processor_type") &&
      !HasText(root, "feature_extractor_type")) {
    return false;
  }
  Become(artifact, ArtifactKind::kConfig, "processor_config");
  TakeKeys(root, limits, artifact,
           {{"processor:processor_class", "processor_class"},
            {"processor:image_processor_type", "image_processor_type"},
            {"processor:feature_extractor_type", "feature_extractor_type"}});
  return true;
}

// Keys whose presence in a damaged document still says what it was meant to be.
bool HeadSpeaksFor(ArtifactKind kind, std::string_view head) {
  const auto has = [&](std::string_view key) { return head.find(key) != std::string_view::npos; };
  switch (kind) {
    case ArtifactKind::kConfig: return has("\"architectures\"") || has("\"model_type\"");
    case ArtifactKind::kGenerationConfig:
      return has("\"_from_model_config\"") || has("\"eos_token_id\"");
    case ArtifactKind::kModelIndex: return has("\"_diffusers_version\"") || has("\"_class_name\"");
    case ArtifactKind::kAdapterConfig:
      return has("\"peft_type\"") || has("\"base_model_name_or_path\"");
    case ArtifactKind::kTokenizerConfig:
      return has("\"tokenizer_class\"") || has("\"added_tokens_decoder\"");
    default: return false;
  }
}

bool KeepDamaged(const SideCarInput& input, const char* format, ArtifactKind kind,
                 const Error& error, Artifact& artifact) {
  if (!HeadSpeaksFor(kind, AsText(input.window.head))) return false;
  Become(artifact, kind, format);
  MarkPartial(artifact, error.code, format, error.message);
  return true;
}

}  // namespace

bool ReadSmallJson(const SideCarInput& input, const char* format, Artifact& artifact,
                   ArtifactKind kind, JsonTaker take) {
  if (FirstByte(AsText(input.window.head)) != '{') return false;
  const std::uint64_t cap = std::min(kMaxConfigBytes, input.limits.max_json_bytes);
  if (input.source.size() > cap) {
    return KeepDamaged(
        input, format, kind,
        Error{ErrorCode::kLimitExceeded, "JSON of " + std::to_string(input.source.size()) +
                                             " bytes, limit " + std::to_string(cap)},
        artifact);
  }
  auto text = ReadText(input.source, cap);
  if (!text.ok()) return KeepDamaged(input, format, kind, text.error(), artifact);
  Limits limits = input.limits;
  limits.max_json_values = std::min(limits.max_json_values, kMaxConfigValues);
  auto root = ParseJson(text.value(), limits);
  if (!root.ok()) return KeepDamaged(input, format, kind, root.error(), artifact);
  return take(root.value(), limits, artifact);
}

bool ReadGenerationConfig(const SideCarInput& input, Artifact& artifact) {
  return ReadSmallJson(input, "generation_config", artifact, ArtifactKind::kGenerationConfig,
                       TakeGenerationConfig);
}
bool ReadModelIndex(const SideCarInput& input, Artifact& artifact) {
  return ReadSmallJson(input, "model_index", artifact, ArtifactKind::kModelIndex, TakeModelIndex);
}
bool ReadAdapterConfig(const SideCarInput& input, Artifact& artifact) {
  return ReadSmallJson(input, "adapter_config", artifact, ArtifactKind::kAdapterConfig,
                       TakeAdapterConfig);
}
bool ReadMetaParams(const SideCarInput& input, Artifact& artifact) {
  return ReadSmallJson(input, "meta_params", artifact, ArtifactKind::kConfig, TakeMetaParams);
}
bool ReadModelScope(const SideCarInput& input, Artifact& artifact) {
  return ReadSmallJson(input, "modelscope_configuration", artifact, ArtifactKind::kConfig,
                       TakeModelScope);
}
bool ReadMlcChatConfig(const SideCarInput& input, Artifact& artifact) {
  return ReadSmallJson(input, "mlc_chat_config", artifact, ArtifactKind::kConfig,
                       TakeMlcChatConfig);
}
bool ReadGenAiConfig(const SideCarInput& input, Artifact& artifact) {
  return ReadSmallJson(input, "genai_config", artifact, ArtifactKind::kConfig, TakeGenAiConfig);
}
bool ReadQuantizeConfig(const SideCarInput& input, Artifact& artifact) {
  return ReadSmallJson(input, "quantize_config", artifact, ArtifactKind::kConfig,
                       TakeQuantizeConfig);
}
bool ReadProcessorConfig(const SideCarInput& input, Artifact& artifact) {
  return ReadSmallJson(input, "processor_config", artifact, ArtifactKind::kConfig,
                       TakeProcessorConfig);
}

}  // namespace weighbridge
