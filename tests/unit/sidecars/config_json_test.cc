#include <doctest/doctest.h>

#include "tests/support/side_car_builder.h"

namespace weighbridge {
namespace {

using Lines = std::vector<std::string>;

struct ConfigRow {
  const char* name;
  const char* path;
  std::string text;
  Lines claims;  // empty: not a side-car
};

TEST_CASE("config.json claims") {
  const std::vector<ConfigRow> rows = {
      {"dense",
       "m/config.json",
       R"({"architectures": ["Qwen2ForCausalLM"], "model_type": "qwen2", "hidden_size": 3584,
           "num_hidden_layers": 28, "num_attention_heads": 28, "num_key_value_heads": 4,
           "rope_theta": 1000000.0, "tie_word_embeddings": false, "torch_dtype": "bfloat16",
           "_name_or_path": "Qwen/Qwen2.5-7B"})",
       {"config:model_type=qwen2", "config:architectures=Qwen2ForCausalLM",
        "config:_name_or_path=Qwen/Qwen2.5-7B", "config:torch_dtype=bfloat16",
        "config:hidden_size=3584", "config:num_hidden_layers=28", "config:num_attention_heads=28",
        "config:num_key_value_heads=4", "config:rope_theta=1000000.0",
        "config:tie_word_embeddings=false"}},
      {"old names",
       "config.json",
       R"({"model_type": "gpt2", "n_embd": 768, "n_layer": 12, "n_head": 12, "n_inner": null})",
       {"config:model_type=gpt2", "config:hidden_size=768", "config:num_hidden_layers=12",
        "config:num_attention_heads=12"}},
      {"experts and latent attention",
       "config.json",
       R"({"model_type": "deepseek_v3", "n_routed_experts": 256, "num_experts_per_tok": 8,
           "kv_lora_rank": 512, "q_lora_rank": 1536, "moe_intermediate_size": 2048,
           "auto_map": {"AutoConfig": "deepseek-ai/DeepSeek-V3--configuration_deepseek.C"},
           "quantization_config": {"quant_method": "fp8", "bits": 8}})",
       {"config:model_type=deepseek_v3", "config:moe_intermediate_size=2048",
        "config:num_experts=256", "config:num_experts_per_tok=8", "config:kv_lora_rank=512",
        "config:q_lora_rank=1536",
        "config:auto_map=deepseek-ai/DeepSeek-V3--configuration_deepseek.C",
        "config:quantization_config.quant_method=fp8", "config:quantization_config.bits=8"}},
      {"nested",
       "config.json",
       R"({"model_type": "gemma3", "vision_config": {}, "hidden_size": 1,
           "text_config": {"model_type": "gemma3_text", "hidden_size": 2560,
                           "num_hidden_layers": 34}})",
       {"config:model_type=gemma3", "config:nested=text_config",
        "config:nested_model_type=gemma3_text", "config:hidden_size=1",
        "config:num_hidden_layers=34", "config:has_vision=true"}},
      {"two deep",
       "config.json",
       R"({"model_type": "q", "thinker_config": {"text_config": {"hidden_size": 2048}}})",
       {"config:model_type=q", "config:nested=thinker_config.text_config",
        "config:hidden_size=2048"}},
      {"other name, known by content",
       "backup/my_config.json",
       R"({"architectures": ["LlamaForCausalLM"], "hidden_size": 4096})",
       {"config:architectures=LlamaForCausalLM", "config:hidden_size=4096"}},
      {"dimensions alone",
       "config.json",
       R"({"d_model": 512, "num_layers": 6})",
       {"config:hidden_size=512", "config:num_hidden_layers=6"}},
      {"diffusers component",
       "unet/config.json",
       R"({"_class_name": "UNet2DConditionModel", "_diffusers_version": "0.21"})",
       {"config:_class_name=UNet2DConditionModel", "config:_diffusers_version=0.21"}},
      {"diffusers scheduler",
       "scheduler/scheduler_config.json",
       R"({"_class_name": "EulerDiscreteScheduler", "_diffusers_version": "0.21"})",
       {"config:_class_name=EulerDiscreteScheduler", "config:_diffusers_version=0.21"}},
      {"TensorRT-LLM",
       "config.json",
       R"({"architecture": "QWenForCausalLM", "hidden_size": 8, "num_hidden_layers": 2})",
       {"config:architectures=QWenForCausalLM", "config:hidden_size=8",
        "config:num_hidden_layers=2"}},
      {"some other program's config", "config.json", R"({"port": 8080, "dim": 3})", {}},
      {"a list", "config.json", R"(["architectures"])", {}},
      {"not JSON", "config.json", "port = 8080\n", {}},
      {"unknown name, nothing telling", "data.json", R"({"hidden_size": 1, "n_layer": 2})", {}},
      {"empty", "config.json", "", {}},
  };
  for (const ConfigRow& row : rows) {
    CAPTURE(row.name);
    const InspectedSideCar found = InspectText(row.path, row.text);
    CHECK(found.taken == !row.claims.empty());
    CHECK(ClaimLines(found.artifact) == row.claims);
    if (!found.taken) continue;
    CHECK(found.artifact.kind == ArtifactKind::kConfig);
    CHECK(found.artifact.format == "config_json");
    CHECK(found.artifact.inspection == Inspection::kFull);
    CHECK(found.artifact.diagnostics.empty());
  }
}

TEST_CASE("a config that breaks off is a partly read config") {
  const InspectedSideCar found =
      InspectText("m/config.json", "{\"model_type\": \"qwen2\",\n \"hidden_size\": ");
  REQUIRE(found.taken);
  CHECK(found.artifact.inspection == Inspection::kPartial);
  CHECK(DiagnosticLines(found.artifact) == Lines{"config_json: 2:17: not valid JSON"});
  CHECK(found.artifact.diagnostics[0].location.path == "m/config.json");
}

TEST_CASE("a config over the size limit is not read") {
  Limits limits;
  limits.max_json_bytes = 20;
  const InspectedSideCar found = InspectText("config.json", R"({"model_type": "qwen2"})", limits);
  REQUIRE(found.taken);
  CHECK(DiagnosticLines(found.artifact) == Lines{"config_json: JSON of 23 bytes, limit 20"});
}

TEST_CASE("claims are bounded") {
  Limits limits;
  limits.max_claims_per_file = 2;
  limits.max_claim_bytes = 4;
  const InspectedSideCar found = InspectText(
      "config.json", "{\"model_type\": \"abc\xC3\xA9\", \"architectures\": [\"A\", \"B\", \"C\"]}",
      limits);
  CHECK(ClaimLines(found.artifact) == Lines{"config:model_type=abc", "config:architectures=A"});
  CHECK(DiagnosticLines(found.artifact) == Lines{"config_json: more than 2 claims"});
  CHECK(found.artifact.inspection == Inspection::kPartial);
}

struct SmallRow {
  const char* name;
  const char* path;
  const char* text;
  ArtifactKind kind;
  const char* format;
  Lines claims;
};

TEST_CASE("small JSON side-cars") {
  const std::vector<SmallRow> rows = {
      {"generation",
       "generation_config.json",
       R"({"_from_model_config": true, "eos_token_id": [1, 2], "transformers_version": "4.40"})",
       ArtifactKind::kGenerationConfig,
       "generation_config",
       {"generation:_from_model_config=true", "generation:transformers_version=4.40",
        "generation:eos_token_id=1", "generation:eos_token_id=2"}},
      {"model index",
       "model_index.json",
       R"({"_class_name": "FluxPipeline", "_diffusers_version": "0.30", "vae": ["diffusers",
           "AutoencoderKL"], "safety_checker": [null, null]})",
       ArtifactKind::kModelIndex,
       "model_index",
       {"model_index:_class_name=FluxPipeline", "model_index:_diffusers_version=0.30",
        "model_index:component=vae:diffusers.AutoencoderKL"}},
      {"adapter",
       "adapter_config.json",
       R"({"peft_type": "LORA", "base_model_name_or_path": "Qwen/Qwen2-7B", "revision": null,
           "task_type": "CAUSAL_LM", "r": 16, "lora_alpha": 32})",
       ArtifactKind::kAdapterConfig,
       "adapter_config",
       {"adapter:peft_type=LORA", "adapter:base_model_name_or_path=Qwen/Qwen2-7B",
        "adapter:task_type=CAUSAL_LM", "adapter:r=16", "adapter:lora_alpha=32"}},
      {"adapter under another name",
       "x/lora.json",
       R"({"peft_type": "LORA"})",
       ArtifactKind::kAdapterConfig,
       "adapter_config",
       {"adapter:peft_type=LORA"}},
      {"params",
       "params.json",
       R"({"dim": 4096, "n_layers": 32, "n_heads": 32, "vocab_size": -1,
           "moe": {"num_experts": 8, "num_experts_per_tok": 2}})",
       ArtifactKind::kConfig,
       "meta_params",
       {"config:hidden_size=4096", "config:num_hidden_layers=32", "config:num_attention_heads=32",
        "config:num_experts=8", "config:num_experts_per_tok=2"}},
      {"modelscope",
       "configuration.json",
       R"({"framework": "pytorch", "task": "chat", "model": {"type": "qwen"}})",
       ArtifactKind::kConfig,
       "modelscope_configuration",
       {"modelscope:framework=pytorch", "modelscope:task=chat", "modelscope:model_type=qwen"}},
      {"mlc",
       "mlc-chat-config.json",
       R"({"model_type": "qwen2", "quantization": "q4f16_1", "model_config": {"hidden_size": 8}})",
       ArtifactKind::kConfig,
       "mlc_chat_config",
       {"config:model_type=qwen2", "mlc:quantization=q4f16_1", "config:hidden_size=8"}},
      {"genai",
       "genai_config.json",
       R"({"model": {"type": "phi3", "vocab_size": 32064, "decoder": {"head_size": 96}}})",
       ArtifactKind::kConfig,
       "genai_config",
       {"config:model_type=phi3", "config:vocab_size=32064", "config:head_dim=96"}},
      {"quantize",
       "quantize_config.json",
       R"({"bits": 4, "group_size": 128, "model_name_or_path": "Qwen/Qwen2-7B"})",
       ArtifactKind::kConfig,
       "quantize_config",
       {"config:quantization_config.bits=4", "config:_name_or_path=Qwen/Qwen2-7B"}},
  };
  for (const SmallRow& row : rows) {
    CAPTURE(row.name);
    const InspectedSideCar found = InspectText(row.path, row.text);
    REQUIRE(found.taken);
    CHECK(found.artifact.kind == row.kind);
    CHECK(found.artifact.format == row.format);
    CHECK(ClaimLines(found.artifact) == row.claims);
  }
}

TEST_CASE("a name alone makes no side-car") {
  for (const char* name : {"generation_config.json",
                           "adapter_config.json",
                           "tokenizer_config.json",
                           "special_tokens_map.json",
                           "added_tokens.json",
                           "model_index.json",
                           "configuration.json",
                           "params.json",
                           "vocab.json",
                           "tokenizer.json",
                           "mlc-chat-config.json",
                           "genai_config.json",
                           "quantize_config.json",
                           "Kitfile",
                           "MLmodel",
                           "Modelfile",
                           "merges.txt",
                           "a.tiktoken",
                           "README.md",
                           "a.metadata",
                           ".mv"}) {
    CAPTURE(name);
    CHECK_FALSE(InspectText(name, R"({"name": "left-pad", "version": "1.0.0"})").taken);
    CHECK_FALSE(InspectText(name, std::string(64, '\0')).taken);
  }
}

}  // namespace
}  // namespace weighbridge
