// Dimensions of a language model recovered from tensor names and shapes alone.
//
// Keys of the result, each present only when it could be recovered:
//   hidden_size, num_layers, vocab_size, intermediate_size, moe_intermediate_size,
//   num_experts, kv_lora_rank, q_lora_rank
//   attention_width     heads x head_dim (columns of the output projection)
//   key_value_width     kv heads x head_dim
//   head_dim, num_attention_heads, num_key_value_heads  only when head_dim is certain
//   qkv_bias, qk_norm   1 when there are such tensors, 0 when there are layers without
//   fused_qkv           a FusedQkv number, 0 when q, k and v are separate
//   attention_names     an AttentionNames number, absent when the names are no one's
//   cross_attention     1: a decoder that attends to an encoder
//   tied                1 when there is an embedding but no head of its own
//   router_bias         1: router bias tensor (e_score_correction_bias)
//   parameters          logical elements of all tensors
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "weighbridge/artifact.h"

namespace weighbridge {

enum class FusedQkv : std::uint8_t {
  kNone = 0,
  kCAttn = 1,          // GPT-2, Qwen 1
  kWPack = 2,          // Baichuan
  kQueryKeyValue = 3,  // NeoX, BLOOM, Falcon, ChatGLM
  kWqkv = 4,           // InternLM2 (wqkv), MPT (Wqkv)
  kQkvProj = 5,        // Phi-3, MiniMax-Text
  kGgufQkv = 6,        // attn_qkv of GGUF
};

// How the modules of attention are called.
enum class AttentionNames : std::uint8_t {
  kOther = 0,
  kSelfAttn = 1,          // self_attn.q_proj: Llama and most since
  kT5 = 2,                // SelfAttention.q
  kBert = 3,              // attention.self.query
  kAttn = 4,              // attn.c_attn, attn.q_proj: GPT-2, GPT-J, Qwen 1
  kAttentionQkv = 5,      // attention.query_key_value: NeoX
  kSelfAttentionQkv = 6,  // self_attention.query_key_value: BLOOM, Falcon, ChatGLM
  kAttentionW = 7,        // attention.wq, attention.wqkv: Meta's files, InternLM2
  kMpt = 8,               // attn.Wqkv
  kAttnAttention = 9,     // attn.attention.q_proj: GPT-Neo, EXAONE 3
};

using Dimensions = std::map<std::string, std::uint64_t>;

Dimensions RecoverDimensions(const std::vector<const Tensor*>& tensors);

}  // namespace weighbridge
