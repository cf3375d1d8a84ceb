// Builders of artifacts whose tensors have names and shapes but no data: enough for
// grouping, dimensions and identity.
#pragma once

#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include "weighbridge/artifact.h"

namespace weighbridge::test {

struct Shape {
  std::uint64_t hidden = 0, layers = 0, heads = 0, kv = 0, head_dim = 0, ffn = 0, vocab = 0;
  bool bias = false;
  bool qk_norm = false;
  bool tied = false;
};

inline constexpr Shape kQwen25_7B{3584, 28, 28, 4, 128, 18944, 152064, true, false, false};
inline constexpr Shape kLlama2_7B{4096, 32, 32, 32, 128, 11008, 32000, false, false, false};
inline constexpr Shape kLlama3_8B{4096, 32, 32, 8, 128, 14336, 128256, false, false, false};
inline constexpr Shape kMistral_7B{4096, 32, 32, 8, 128, 14336, 32000, false, false, false};
inline constexpr Shape kQwen3_8B{4096, 36, 32, 8, 128, 12288, 151936, false, true, false};

inline Tensor T(std::string name, std::vector<std::uint64_t> shape, std::string dtype = "BF16") {
  Tensor tensor;
  tensor.name = std::move(name);
  tensor.dtype = std::move(dtype);
  tensor.shape = std::move(shape);
  return tensor;
}

// Hugging Face names of a Llama-like decoder.
inline std::vector<Tensor> HfTensors(const Shape& s, const std::string& prefix = "model.") {
  std::vector<Tensor> t;
  t.push_back(T(prefix + "embed_tokens.weight", {s.vocab, s.hidden}));
  if (!s.tied) t.push_back(T("lm_head.weight", {s.vocab, s.hidden}));
  t.push_back(T(prefix + "norm.weight", {s.hidden}));
  for (std::uint64_t i = 0; i < s.layers; ++i) {
    const std::string l = prefix + "layers." + std::to_string(i) + ".";
    t.push_back(T(l + "input_layernorm.weight", {s.hidden}));
    t.push_back(T(l + "post_attention_layernorm.weight", {s.hidden}));
    t.push_back(T(l + "self_attn.q_proj.weight", {s.heads * s.head_dim, s.hidden}));
    t.push_back(T(l + "self_attn.k_proj.weight", {s.kv * s.head_dim, s.hidden}));
    t.push_back(T(l + "self_attn.v_proj.weight", {s.kv * s.head_dim, s.hidden}));
    t.push_back(T(l + "self_attn.o_proj.weight", {s.hidden, s.heads * s.head_dim}));
    if (s.bias) {
      t.push_back(T(l + "self_attn.q_proj.bias", {s.heads * s.head_dim}));
      t.push_back(T(l + "self_attn.k_proj.bias", {s.kv * s.head_dim}));
      t.push_back(T(l + "self_attn.v_proj.bias", {s.kv * s.head_dim}));
    }
    if (s.qk_norm) {
      t.push_back(T(l + "self_attn.q_norm.weight", {s.head_dim}));
      t.push_back(T(l + "self_attn.k_norm.weight", {s.head_dim}));
    }
    t.push_back(T(l + "mlp.gate_proj.weight", {s.ffn, s.hidden}));
    t.push_back(T(l + "mlp.up_proj.weight", {s.ffn, s.hidden}));
    t.push_back(T(l + "mlp.down_proj.weight", {s.hidden, s.ffn}));
  }
  return t;
}

// The same decoder with llama.cpp's names (row-major shapes, as the parser gives them).
inline std::vector<Tensor> GgufTensors(const Shape& s, const std::string& dtype = "Q4_K") {
  std::vector<Tensor> t;
  t.push_back(T("token_embd.weight", {s.vocab, s.hidden}, dtype));
  if (!s.tied) t.push_back(T("output.weight", {s.vocab, s.hidden}, dtype));
  t.push_back(T("output_norm.weight", {s.hidden}, "F32"));
  for (std::uint64_t i = 0; i < s.layers; ++i) {
    const std::string l = "blk." + std::to_string(i) + ".";
    t.push_back(T(l + "attn_norm.weight", {s.hidden}, "F32"));
    t.push_back(T(l + "ffn_norm.weight", {s.hidden}, "F32"));
    t.push_back(T(l + "attn_q.weight", {s.heads * s.head_dim, s.hidden}, dtype));
    t.push_back(T(l + "attn_k.weight", {s.kv * s.head_dim, s.hidden}, dtype));
    t.push_back(T(l + "attn_v.weight", {s.kv * s.head_dim, s.hidden}, dtype));
    t.push_back(T(l + "attn_output.weight", {s.hidden, s.heads * s.head_dim}, dtype));
    if (s.bias) t.push_back(T(l + "attn_q.bias", {s.heads * s.head_dim}, "F32"));
    if (s.qk_norm) t.push_back(T(l + "attn_q_norm.weight", {s.head_dim}, "F32"));
    t.push_back(T(l + "ffn_gate.weight", {s.ffn, s.hidden}, dtype));
    t.push_back(T(l + "ffn_up.weight", {s.ffn, s.hidden}, dtype));
    t.push_back(T(l + "ffn_down.weight", {s.hidden, s.ffn}, dtype));
  }
  return t;
}

using Claims = std::vector<Claim>;

inline Artifact File(std::string path, ArtifactKind kind, std::string format,
                     std::vector<Tensor> tensors = {}, Claims claims = {}) {
  Artifact artifact;
  artifact.location.path = std::move(path);
  artifact.kind = kind;
  artifact.format = std::move(format);
  artifact.tensors = std::move(tensors);
  artifact.claims = std::move(claims);
  artifact.size_bytes = 1000;
  return artifact;
}
inline Artifact Safetensors(std::string path, std::vector<Tensor> tensors, Claims claims = {}) {
  return File(std::move(path), ArtifactKind::kWeights, "safetensors", std::move(tensors),
              std::move(claims));
}
inline Artifact Gguf(std::string path, std::vector<Tensor> tensors, Claims claims = {}) {
  return File(std::move(path), ArtifactKind::kWeights, "gguf", std::move(tensors),
              std::move(claims));
}

}  // namespace weighbridge::test
