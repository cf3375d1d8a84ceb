// Layout (huggingface/transformers configuration_utils.py):
//
//   {"architectures": ["Qwen2ForCausalLM"], "model_type": "qwen2", "hidden_size": 3584,
//    "num_hidden_layers": 28, ..., "text_config": {...}, "vision_config": {...},
//    "quantization_config": {"quant_method": "gptq", "bits": 4}, "auto_map": {...}}
//
// Older and non-Llama configurations spell dimensions differently (n_embd, d_model);
// multimodal ones keep them in a nested object of the language model.
#include "scanner/sidecars/config_json.h"

#include <array>
#include <utility>

#include "scanner/sidecars/small_json.h"

namespace weighbridge {
namespace {

constexpr const char* kName = "config_json";

// A claim and the fields that may carry it, best first; nullptr ends the list.
struct Field {
  const char* claim;
  std::array<const char*, 5> names;
};

constexpr std::array<Field, 19> kDimensions = {{
    {"config:torch_dtype", {"torch_dtype", "dtype"}},
    {"config:hidden_size", {"hidden_size", "n_embd", "d_model", "dim"}},
    {"config:num_hidden_layers", {"num_hidden_layers", "n_layer", "num_layers", "n_layers"}},
    {"config:num_attention_heads",
     {"num_attention_heads", "n_head", "num_heads", "n_heads", "encoder_attention_heads"}},
    {"config:num_key_value_heads",
     {"num_key_value_heads", "n_head_kv", "num_kv_heads", "n_kv_heads", "multi_query_group_num"}},
    {"config:head_dim", {"head_dim", "kv_channels", "d_kv"}},
    {"config:intermediate_size",
     {"intermediate_size", "ffn_dim", "d_ff", "n_inner", "ffn_hidden_size"}},
    {"config:moe_intermediate_size", {"moe_intermediate_size", "expert_ffn_hidden_size"}},
    {"config:vocab_size", {"vocab_size", "padded_vocab_size", "n_vocab"}},
    {"config:num_experts", {"num_experts", "n_routed_experts", "num_local_experts"}},
    {"config:num_experts_per_tok",
     {"num_experts_per_tok", "num_experts_per_token", "moe_topk", "experts_per_token"}},
    {"config:kv_lora_rank", {"kv_lora_rank"}},
    {"config:q_lora_rank", {"q_lora_rank"}},
    {"config:rope_theta", {"rope_theta", "rotary_emb_base"}},
    {"config:max_position_embeddings",
     {"max_position_embeddings", "n_positions", "max_sequence_length", "seq_length",
      "model_max_length"}},
    {"config:tie_word_embeddings", {"tie_word_embeddings"}},
    {"config:num_shared_experts", {"n_shared_experts", "num_shared_experts"}},
    {"config:sliding_window", {"sliding_window"}},
    {"config:rms_norm_eps", {"rms_norm_eps", "layer_norm_epsilon", "layer_norm_eps"}},
}};

// Objects that hold the language model of a multimodal one. "a.b" goes two deep.
struct Nested {
  const char* name;
  const char* outer;
  const char* inner;
};
constexpr std::array<Nested, 6> kNested = {{
    {"text_config", "text_config", nullptr},
    {"llm_config", "llm_config", nullptr},
    {"language_config", "language_config", nullptr},
    {"thinker_config.text_config", "thinker_config", "text_config"},
    {"language_model_config", "language_model_config", nullptr},
    {"decoder", "decoder", nullptr},
}};

const Json* FindNested(const Json& root, const Nested& nested) {
  const Json* found = Find(root, nested.outer);
  if (found != nullptr && nested.inner != nullptr) found = Find(*found, nested.inner);
  return found != nullptr && found->is_object() ? found : nullptr;
}

// First scalar among the spellings; null does not count.
std::string FirstScalar(const Json& object, const Field& field) {
  for (const char* name : field.names) {
    if (name == nullptr) break;
    const Json* value = Find(object, name);
    if (value == nullptr) continue;
    std::string text = ScalarText(*value);
    if (!text.empty()) return text;
  }
  return {};
}

bool HasText(const Json& object, const char* key) { return !StringOr(object, key).empty(); }

bool IsConfig(const Json& root) {
  if (!root.is_object()) return false;
  const Json* architectures = Find(root, "architectures");
  if (architectures != nullptr && architectures->is_array()) return true;
  if (HasText(root, "_class_name") && HasText(root, "_diffusers_version")) return true;
  if (HasText(root, "model_type") || HasText(root, "_name_or_path")) return true;
  int numbers = 0;
  for (const Field& field : kDimensions) {
    for (const char* name : field.names) {
      const Json* value = name == nullptr ? nullptr : Find(root, name);
      if (value != nullptr && value->is_number()) {
        ++numbers;
        break;
      }
    }
  }
  return numbers >= 2;
}

const Json* LanguageModel(const Json& root, const char** name) {
  for (const Nested& nested : kNested) {
    if (const Json* found = FindNested(root, nested)) {
      *name = nested.name;
      return found;
    }
  }
  return nullptr;
}

void TakeQuantisation(const Json& root, const Limits& limits, Artifact& artifact) {
  const Json* quantisation = Find(root, "quantization_config");
  if (quantisation == nullptr) quantisation = Find(root, "quantization");  // MLX
  if (quantisation == nullptr) return;
  AddJsonClaim(artifact, limits, "config:quantization_config.quant_method", *quantisation,
               "quant_method");
  AddJsonClaim(artifact, limits, "config:quantization_config.bits", *quantisation, "bits");
}

// auto_map values name Python classes; "repo--module.Class" names another repository.
void TakeAutoMap(const Json& root, const Limits& limits, Artifact& artifact) {
  const Json* map = Find(root, "auto_map");
  if (map == nullptr || !map->is_object()) return;
  for (const auto& [key, value] : map->items()) {
    if (value.is_array()) {
      for (const Json& element : value) {
        AddClaim(artifact, limits, "config:auto_map", ScalarText(element));
      }
    } else {
      AddClaim(artifact, limits, "config:auto_map", ScalarText(value));
    }
  }
}

// transformers 5 moved rope_theta into rope_parameters.
std::string RopeTheta(const Json& object) {
  const Json* parameters = Find(object, "rope_parameters");
  const Json* theta = parameters == nullptr ? nullptr : Find(*parameters, "rope_theta");
  return theta == nullptr ? std::string() : ScalarText(*theta);
}

}  // namespace

bool TakeTransformersConfig(const Json& root, const Limits& limits, Artifact& artifact) {
  if (!IsConfig(root)) return false;
  artifact.kind = ArtifactKind::kConfig;
  artifact.format = kName;
  for (const char* key : {"model_type", "architectures", "_name_or_path", "transformers_version"}) {
    AddJsonClaim(artifact, limits, std::string("config:") + key, root, key);
  }
  if (Find(root, "architectures") == nullptr) {  // TensorRT-LLM writes one
    AddJsonClaim(artifact, limits, "config:architectures", root, "architecture");
  }
  for (const char* key : {"_class_name", "_diffusers_version"}) {  // a diffusers component
    AddJsonClaim(artifact, limits, std::string("config:") + key, root, key);
  }
  const char* nested_name = nullptr;
  const Json* nested = LanguageModel(root, &nested_name);
  if (nested != nullptr) {
    AddClaim(artifact, limits, "config:nested", nested_name);
    AddJsonClaim(artifact, limits, "config:nested_model_type", *nested, "model_type");
    if (Find(root, "_name_or_path") == nullptr) {
      AddJsonClaim(artifact, limits, "config:_name_or_path", *nested, "_name_or_path");
    }
  }
  for (const Field& field : kDimensions) {
    std::string text = FirstScalar(root, field);
    if (text.empty() && nested != nullptr) text = FirstScalar(*nested, field);
    if (text.empty() && std::string_view(field.claim) == "config:rope_theta") {
      text = RopeTheta(root);
      if (text.empty() && nested != nullptr) text = RopeTheta(*nested);
    }
    AddClaim(artifact, limits, field.claim, text);
  }
  TakeAutoMap(root, limits, artifact);
  TakeQuantisation(root, limits, artifact);
  const Json* vision = Find(root, "vision_config");
  if (vision != nullptr && vision->is_object()) {
    AddClaim(artifact, limits, "config:has_vision", "true");
  }
  return true;
}

bool ReadTransformersConfig(const SideCarInput& input, Artifact& artifact) {
  return ReadSmallJson(input, kName, artifact, ArtifactKind::kConfig, TakeTransformersConfig);
}

}  // namespace weighbridge
