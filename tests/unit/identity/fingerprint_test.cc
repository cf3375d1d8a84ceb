// Digests and dimensions from names and shapes.
#include <random>

#include <doctest/doctest.h>

#include "scanner/fingerprint/dimensions.h"
#include "tests/unit/identity/identity_fixture.h"

namespace weighbridge::test {
namespace {

Dimensions Of(const std::vector<Tensor>& tensors) {
  std::vector<const Tensor*> pointers;
  for (const Tensor& tensor : tensors) pointers.push_back(&tensor);
  return RecoverDimensions(pointers);
}

std::uint64_t At(const Dimensions& d, const char* key) { return d.contains(key) ? d.at(key) : 0; }

TEST_CASE("Hugging Face and GGUF names give the same dimensions") {
  for (const Shape& shape : {kQwen25_7B, kLlama2_7B, kLlama3_8B, kQwen3_8B}) {
    for (const Dimensions& d : {Of(HfTensors(shape)), Of(GgufTensors(shape)),
                                Of(HfTensors(shape, "language_model.model.")),
                                Of(HfTensors(shape, "model.language_model."))}) {
      CHECK(At(d, "hidden_size") == shape.hidden);
      CHECK(At(d, "num_layers") == shape.layers);
      CHECK(At(d, "vocab_size") == shape.vocab);
      CHECK(At(d, "intermediate_size") == shape.ffn);
      CHECK(At(d, "attention_width") == shape.heads * shape.head_dim);
      CHECK(At(d, "key_value_width") == shape.kv * shape.head_dim);
      CHECK(At(d, "qkv_bias") == (shape.bias ? 1 : 0));
      CHECK(At(d, "qk_norm") == (shape.qk_norm ? 1 : 0));
      CHECK(At(d, "tied") == 0);
    }
  }
}

TEST_CASE("other lay-outs of one layer") {
  struct Row {
    const char* what;
    std::vector<Tensor> tensors;
    Dimensions expected;
  };
  const Row rows[] = {
      {"GPT-2",
       {T("wte.weight", {50257, 768}), T("h.0.ln_1.weight", {768}),
        T("h.0.attn.c_attn.weight", {768, 2304}), T("h.0.attn.c_attn.bias", {2304}),
        T("h.0.attn.c_proj.weight", {768, 768}), T("h.0.mlp.c_fc.weight", {768, 3072}),
        T("h.0.mlp.c_proj.weight", {3072, 768})},
       {{"hidden_size", 768},
        {"num_layers", 1},
        {"vocab_size", 50257},
        {"intermediate_size", 3072},
        {"attention_width", 768},
        {"key_value_width", 768},
        {"fused_qkv", 1},
        {"qkv_bias", 1}}},
      {"Baichuan",
       {T("model.layers.0.input_layernorm.weight", {4096}),
        T("model.layers.0.self_attn.W_pack.weight", {12288, 4096}),
        T("model.layers.0.self_attn.o_proj.weight", {4096, 4096})},
       {{"hidden_size", 4096}, {"fused_qkv", 2}, {"key_value_width", 4096}}},
      {"ChatGLM2",
       {T("transformer.embedding.word_embeddings.weight", {65024, 4096}),
        T("transformer.encoder.layers.0.input_layernorm.weight", {4096}),
        T("transformer.encoder.layers.0.self_attention.query_key_value.weight", {4608, 4096}),
        T("transformer.encoder.layers.0.self_attention.query_key_value.bias", {4608}),
        T("transformer.encoder.layers.0.self_attention.dense.weight", {4096, 4096}),
        T("transformer.encoder.layers.0.mlp.dense_h_to_4h.weight", {27392, 4096}),
        T("transformer.encoder.layers.0.mlp.dense_4h_to_h.weight", {4096, 13696})},
       {{"vocab_size", 65024},
        {"intermediate_size", 13696},
        {"key_value_width", 256},
        {"fused_qkv", 3}}},
      {"InternLM2",
       {T("model.tok_embeddings.weight", {92544, 4096}),
        T("model.layers.0.attention_norm.weight", {4096}),
        T("model.layers.0.attention.wqkv.weight", {6144, 4096}),
        T("model.layers.0.attention.wo.weight", {4096, 4096}),
        T("model.layers.0.feed_forward.w2.weight", {4096, 14336})},
       {{"vocab_size", 92544},
        {"intermediate_size", 14336},
        {"key_value_width", 1024},
        {"fused_qkv", 4}}},
      {"Meta's own names",
       {T("tok_embeddings.weight", {32000, 4096}), T("layers.0.attention_norm.weight", {4096}),
        T("layers.0.attention.wq.weight", {4096, 4096}),
        T("layers.0.attention.wk.weight", {1024, 4096}),
        T("layers.0.attention.wo.weight", {4096, 4096}),
        T("layers.0.feed_forward.w2.weight", {4096, 11008})},
       {{"vocab_size", 32000}, {"key_value_width", 1024}, {"intermediate_size", 11008}}},
      {"Meta's names, two shards",
       {T("tok_embeddings.weight", {32000, 2048}), T("layers.0.attention_norm.weight", {4096}),
        T("layers.0.attention.wq.weight", {2048, 4096}),
        T("layers.0.attention.wk.weight", {512, 4096}),
        T("layers.0.attention.wo.weight", {4096, 2048}),
        T("layers.0.feed_forward.w2.weight", {4096, 5504}),
        T("tok_embeddings.weight", {32000, 2048}), T("layers.0.attention_norm.weight", {4096}),
        T("layers.0.attention.wq.weight", {2048, 4096}),
        T("layers.0.attention.wk.weight", {512, 4096}),
        T("layers.0.attention.wo.weight", {4096, 2048}),
        T("layers.0.feed_forward.w2.weight", {4096, 5504})},
       {{"vocab_size", 32000},
        {"key_value_width", 1024},
        {"intermediate_size", 11008},
        {"attention_width", 4096}}},
      {"latent attention and experts, with a prediction block",
       {T("model.embed_tokens.weight", {129280, 7168}),
        T("model.layers.0.input_layernorm.weight", {7168}),
        T("model.layers.0.self_attn.q_a_proj.weight", {1536, 7168}),
        T("model.layers.0.self_attn.kv_a_layernorm.weight", {512}),
        T("model.layers.0.self_attn.o_proj.weight", {7168, 16384}),
        T("model.layers.0.mlp.experts.255.down_proj.weight", {7168, 2048}, "F8_E4M3"),
        T("model.layers.0.mlp.experts.255.down_proj.weight_scale_inv", {56, 16}, "F32"),
        T("model.layers.0.mlp.gate.e_score_correction_bias", {256}),
        T("model.layers.1.eh_proj.weight", {7168, 14336})},
       {{"num_layers", 1},
        {"kv_lora_rank", 512},
        {"q_lora_rank", 1536},
        {"num_experts", 256},
        {"moe_intermediate_size", 2048},
        {"router_bias", 1},
        {"attention_width", 16384}}},
      {"GPTQ",
       {T("model.layers.0.input_layernorm.weight", {4096}),
        T("model.layers.0.mlp.down_proj.qweight", {1376, 4096}, "I32"),
        T("model.layers.0.mlp.down_proj.scales", {86, 4096}, "F16"),
        T("model.layers.0.mlp.down_proj.g_idx", {11008}, "I32")},
       {{"intermediate_size", 11008}}},
      {"AWQ",
       {T("model.layers.0.input_layernorm.weight", {4096}),
        T("model.layers.0.mlp.down_proj.qweight", {11008, 512}, "I32"),
        T("model.layers.0.mlp.down_proj.scales", {86, 4096}, "F16")},
       {{"intermediate_size", 11008}}},
      {"MLX, whose biases are no projection biases",
       {T("model.layers.0.input_layernorm.weight", {4096}),
        T("model.layers.0.self_attn.q_proj.weight", {4096, 512}, "U32"),
        T("model.layers.0.self_attn.q_proj.scales", {4096, 64}),
        T("model.layers.0.self_attn.q_proj.biases", {4096, 64}),
        T("model.layers.0.mlp.down_proj.weight", {4096, 1376}, "U32"),
        T("model.layers.0.mlp.down_proj.scales", {4096, 172}),
        T("model.layers.0.mlp.down_proj.biases", {4096, 172})},
       {{"intermediate_size", 11008}, {"attention_width", 4096}}},
      {"bitsandbytes",
       {T("model.layers.0.input_layernorm.weight", {4096}),
        T("model.layers.0.mlp.down_proj.weight", {22544384, 1}, "U8"),
        T("model.layers.0.mlp.down_proj.weight.absmax", {704512}, "U8")},
       {{"intermediate_size", 11008}}},
      {"experts in one tensor of GGUF",
       {T("blk.0.attn_norm.weight", {2048}),
        T("blk.0.ffn_down_exps.weight", {128, 2048, 768}, "Q4_K")},
       {{"num_experts", 128}, {"moe_intermediate_size", 768}}},
      {"a vision tower does not count",
       {T("visual.blocks.31.norm1.weight", {1280}), T("visual.blocks.30.norm1.weight", {1280}),
        T("model.layers.0.input_layernorm.weight", {3584})},
       {{"num_layers", 1}, {"hidden_size", 3584}}},
  };
  for (const Row& row : rows) {
    CAPTURE(row.what);
    const Dimensions found = Of(row.tensors);
    for (const auto& [key, value] : row.expected) {
      CAPTURE(key);
      CHECK(At(found, key.c_str()) == value);
    }
  }
  CHECK(At(Of(rows[9].tensors), "qkv_bias") == 0);
}

TEST_CASE("logical parameters of a packed layer") {
  CHECK(At(Of({T("a.qweight", {1376, 4096}, "I32"), T("a.scales", {86, 4096}),
               T("a.g_idx", {11008}), T("a.qzeros", {86, 512})}),
           "parameters") == 11008ULL * 4096);
  CHECK(At(Of({T("a.weight", {~0ULL, 2})}), "parameters") == 0);
}

TEST_CASE("order and sharding do not change the digests") {
  std::vector<Tensor> tensors = HfTensors(kQwen3_8B);
  Artifact whole = Safetensors("m/model.safetensors", tensors);
  for (std::uint8_t i = 0; i < 40; ++i) whole.tensor_digests.push_back({{i, 1, 2}, 64});
  const Scan one({whole});
  REQUIRE(one.Only().layout_digest.size() == 64);
  REQUIRE(one.Only().tensor_digest.size() == 64);
  std::mt19937 random(7);
  for (int round = 0; round < 8; ++round) {
    std::shuffle(tensors.begin(), tensors.end(), random);
    const auto cut = tensors.begin() + static_cast<std::ptrdiff_t>(random() % tensors.size());
    Artifact first = Safetensors("m/model-00001-of-00002.safetensors", {tensors.begin(), cut});
    Artifact second = Safetensors("m/model-00002-of-00002.safetensors", {cut, tensors.end()});
    for (std::uint8_t i = 0; i < 40; ++i)
      (i % 3 == 0 ? first : second).tensor_digests.push_back({{i, 1, 2}, 64});
    second.tensor_digests.push_back({{3, 1, 2}, 64});  // tied: counts once
    const Scan two({first, second});
    CHECK(two.Only().layout_digest == one.Only().layout_digest);
    CHECK(two.Only().tensor_digest == one.Only().tensor_digest);
  }
  tensors[0].dtype = "F16";
  CHECK(Scan({Safetensors("m/model.safetensors", tensors)}).Only().layout_digest !=
        one.Only().layout_digest);
}

TEST_CASE("no tensor digest unless every file contributed") {
  Artifact first = Safetensors("m/model-00001-of-00002.safetensors", {T("a", {2})});
  first.tensor_digests = {{{1}, 4}};
  Artifact second = Safetensors("m/model-00002-of-00002.safetensors", {T("b", {2})});
  second.tensor_digests = {{{2}, 4}};
  CHECK(Scan({first, second}).Only().tensor_digest.size() == 64);
  CHECK(Scan({first}).Only().tensor_digest == "");
  second.tensors_without_digest = 1;
  CHECK(Scan({first, second}).Only().tensor_digest == "");
}

}  // namespace
}  // namespace weighbridge::test
