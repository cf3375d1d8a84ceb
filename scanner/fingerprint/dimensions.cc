// Recovery of dimensions. Layouts and names: shared/identification.md sections 6 and 7.
#include "scanner/fingerprint/dimensions.h"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>
#include <unordered_map>

#include "scanner/base/checked_math.h"
#include "scanner/base/text.h"
#include "scanner/fingerprint/logical_shape.h"
#include "scanner/fingerprint/tensor_names.h"

namespace weighbridge {
namespace {

using Words = std::initializer_list<std::string_view>;

bool In(std::string_view word, Words words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// From the path of a query or fused projection.
AttentionNames NamesOf(std::string_view path) {
  using Names = AttentionNames;
  if (HasPart(path, "SelfAttention")) return Names::kT5;
  static constexpr std::array<std::pair<std::string_view, Names>, 9> kStarts = {{
      {"self_attn.", Names::kSelfAttn},
      {"attention.self.", Names::kBert},
      {"attn.attention.", Names::kAttnAttention},
      {"attn.Wqkv", Names::kMpt},
      {"attn.", Names::kAttn},
      {"self_attention.", Names::kSelfAttentionQkv},
      {"attention.query_key_value", Names::kAttentionQkv},
      {"attention.wq", Names::kAttentionW},
      {"attention.wk", Names::kAttentionW},
  }};
  for (const auto& [start, names] : kStarts) {
    if (path.starts_with(start)) return names;
  }
  return Names::kOther;
}

bool IsCrossAttention(std::string_view path) {
  return HasPart(path, "cross_attn") || HasPart(path, "encoder_attn") ||
         HasPart(path, "EncDecAttention");
}

struct Module {
  NamedTensor name;  // of its first tensor
  ModuleTensors tensors;
};

class Recovery {
 public:
  explicit Recovery(const std::vector<const Tensor*>& tensors) {
    Index(tensors);
    ChooseLanguageLayers();
  }

  Dimensions Run() {
    FindHidden();
    FindMlxGroup();
    FindLayers();
    FindEmbedding();
    for (const Module& module : modules_) {
      if (module.name.in_layer && IsCrossAttention(module.name.module) &&
          !IsOutsideLanguageModel(module.name.prefix))
        cross_ = true;
      if (!Belongs(module)) continue;
      Attention(module);
      FeedForward(module);
      Latent(module);
    }
    Widths();
    HeadDim();
    Set("parameters", parameters_overflow_ ? 0 : CountParameters());
    return std::move(found_);
  }

 private:
  void Index(const std::vector<const Tensor*>& tensors);
  void ChooseLanguageLayers();
  void FindHidden();
  void FindMlxGroup();
  void FindLayers();
  void FindEmbedding();
  void Attention(const Module& module);
  void Fused(FusedQkv kind, const Module& module);
  void FeedForward(const Module& module);
  void Latent(const Module& module);
  void Widths();
  void HeadDim();
  std::uint64_t CountParameters();

  bool Belongs(const Module& module) const {
    return module.name.in_layer && module.name.prefix == prefix_ &&
           !mtp_layers_.contains(module.name.layer);
  }
  LogicalShape Shape(const Module& module) const {
    return ShapeOf(module.tensors, mlx_group_, hidden_);
  }
  // A width that is divided among Meta's shards.
  std::uint64_t Whole(std::uint64_t part) const {
    std::uint64_t whole = part;
    return meta_shards_ > 1 && CheckedMul(part, meta_shards_, &whole) ? whole : part;
  }
  // The side of a block matrix that is not the hidden size.
  std::uint64_t OtherSide(const LogicalShape& shape, std::uint64_t otherwise) const {
    if (hidden_ == 0) return otherwise;
    if (shape.out == hidden_) return shape.in;
    if (shape.in == hidden_) return shape.out;
    return otherwise;
  }
  void Set(const char* key, std::uint64_t value) {
    if (value != 0) found_[key] = value;
  }
  void SetMax(const char* key, std::uint64_t value) {
    if (value > found_[key]) found_[key] = value;
    if (found_[key] == 0) found_.erase(key);
  }

  std::vector<Module> modules_;
  std::vector<const Tensor*> loose_;  // parameters outside the usual names
  std::vector<Module const*> packed_;
  std::string_view prefix_;
  std::set<std::uint64_t> mtp_layers_;
  std::uint64_t hidden_ = 0;
  std::uint64_t mlx_group_ = 0;
  std::uint64_t q_out_ = 0;
  std::uint64_t k_out_ = 0;
  std::uint64_t o_in_ = 0;
  std::uint64_t fused_out_ = 0;
  std::uint64_t head_norm_ = 0;
  bool saw_layer_ = false;
  bool has_bias_ = false;
  bool has_qk_norm_ = false;
  bool parameters_overflow_ = false;
  std::uint64_t meta_shards_ = 0;  // files that each hold a part of every tensor
  FusedQkv fused_ = FusedQkv::kNone;
  AttentionNames names_ = AttentionNames::kOther;
  bool cross_ = false;
  Dimensions found_;
};

void Recovery::Index(const std::vector<const Tensor*>& tensors) {
  std::unordered_map<std::string_view, std::size_t> by_path;
  for (const Tensor* tensor : tensors) {
    const NamedTensor name = SplitTensorName(*tensor);
    std::size_t length = tensor->name.size();
    if (!name.parameter.empty() && name.module.data() != nullptr) {
      length =
          static_cast<std::size_t>(name.module.data() - tensor->name.data()) + name.module.size();
    }
    const std::string_view path = std::string_view(tensor->name).substr(0, length);
    const auto [it, fresh] = by_path.try_emplace(path, modules_.size());
    if (fresh) modules_.push_back({name, {}});
    if (!modules_[it->second].tensors.Take(name.parameter, *tensor)) loose_.push_back(tensor);
    // Meta's shards repeat every name, each with its share of the columns or rows.
    if (name.parameter == "weight" && name.module == "attention.wq" && name.layer == 0)
      ++meta_shards_;
  }
}

// The prefix with the most distinct layers; on a tie the one that sorts last, so
// that the decoder wins over the encoder.
void Recovery::ChooseLanguageLayers() {
  std::map<std::string_view, std::set<std::uint64_t>> layers;
  for (const Module& module : modules_) {
    if (!module.name.in_layer || IsOutsideLanguageModel(module.name.prefix)) continue;
    layers[module.name.prefix].insert(module.name.layer);
  }
  std::size_t most = 0;
  for (const auto& [prefix, numbers] : layers) {
    if (numbers.size() < most) continue;
    most = numbers.size();
    prefix_ = prefix;
  }
}

void Recovery::FindHidden() {
  std::uint64_t from_layer = 0;
  std::uint64_t from_embedding = 0;
  for (const Module& module : modules_) {
    const Tensor* weight = module.tensors.weight;
    if (weight == nullptr) continue;
    const std::string_view last = LastPart(module.name.module);
    if (weight->shape.size() == 1) {
      const bool in_block = module.name.in_layer && module.name.prefix == prefix_;
      if (in_block && In(last, {"input_layernorm", "attn_norm", "attention_norm", "ln_1", "norm_1",
                                "post_attention_layernorm", "ln_2", "ffn_norm", "input_norm",
                                "layer_norm", "LayerNorm", "norm", "post_attention_norm"})) {
        if (from_layer == 0 && !HasPart(module.name.module, "self_attn"))
          from_layer = weight->shape[0];
      }
    } else if (weight->shape.size() == 2 && !module.name.in_layer &&
               module.tensors.scales == nullptr && !IsOutsideLanguageModel(weight->name)) {
      if (In(last, {"embed_tokens", "tok_embeddings", "wte", "word_embeddings", "embed_in",
                    "token_embd", "shared", "embeddings", "word_embedding"})) {
        if (from_embedding == 0) from_embedding = weight->shape[1];
      }
    }
  }
  hidden_ = from_layer != 0 ? from_layer : from_embedding;
  // LoRA: the input of the query projection is the hidden size.
  for (const Module& module : modules_) {
    if (hidden_ != 0) break;
    if (module.tensors.lora_a == nullptr || module.name.prefix != prefix_) continue;
    if (In(LastPart(module.name.module),
           {"q_proj", "attn_q", "k_proj", "v_proj", "c_attn", "W_pack", "gate_proj", "up_proj"})) {
      hidden_ = ShapeOf(module.tensors, 0, 0).in;
    }
  }
  Set("hidden_size", hidden_);
}

void Recovery::FindMlxGroup() {
  for (const Module& module : modules_) {
    if (!module.tensors.mlx_biases || module.tensors.scales == nullptr) continue;
    if (!In(LastPart(module.name.module), {"embed_tokens", "q_proj", "k_proj", "gate_proj"}))
      continue;
    const auto& shape = module.tensors.scales->shape;
    if (shape.empty() || shape.back() == 0 || hidden_ % shape.back() != 0) continue;
    mlx_group_ = hidden_ / shape.back();
    return;
  }
}

void Recovery::FindLayers() {
  std::set<std::uint64_t> numbers;
  for (const Module& module : modules_) {
    if (!module.name.in_layer || module.name.prefix != prefix_) continue;
    numbers.insert(module.name.layer);
    const std::string_view path = module.name.module;
    if (HasPart(path, "eh_proj") || HasPart(path, "enorm") || HasPart(path, "hnorm") ||
        HasPart(path, "shared_head") || HasPart(path, "nextn")) {
      mtp_layers_.insert(module.name.layer);
    }
  }
  if (numbers.empty()) return;
  saw_layer_ = true;
  // Multi-token-prediction blocks follow the last layer and are not counted.
  std::uint64_t count = *numbers.rbegin() + 1;
  while (count > 0 && mtp_layers_.contains(count - 1)) --count;
  Set("num_layers", count);
  found_["qkv_bias"] = 0;
  found_["qk_norm"] = 0;
}

void Recovery::FindEmbedding() {
  std::uint64_t embedding = 0;
  std::uint64_t head = 0;
  for (const Module& module : modules_) {
    if (module.name.in_layer || IsOutsideLanguageModel(module.name.module)) continue;
    const std::string_view last = LastPart(module.name.module);
    const LogicalShape shape = Shape(module);
    if (shape.out == 0 || shape.stack != 0) continue;
    std::uint64_t rows = shape.out == hidden_ && shape.in > shape.out ? shape.in : shape.out;
    if (meta_shards_ > 1 && shape.in == hidden_) rows = Whole(rows);
    if (In(last, {"embed_tokens", "tok_embeddings", "wte", "word_embeddings", "embed_in",
                  "token_embd", "shared", "embeddings", "word_embedding"})) {
      embedding = std::max(embedding, rows);
    } else if (In(last, {"lm_head", "embed_out", "output", "output_layer"})) {
      head = std::max(head, rows);
    }
  }
  Set("vocab_size", embedding != 0 ? embedding : head);
  if (embedding != 0) found_["tied"] = head == 0 ? 1 : 0;
}

void Recovery::Fused(FusedQkv kind, const Module& module) {
  const LogicalShape shape = Shape(module);
  fused_ = kind;
  if (names_ == AttentionNames::kOther) names_ = NamesOf(module.name.module);
  if (fused_out_ == 0) fused_out_ = OtherSide(shape, shape.out);
  if (module.tensors.bias != nullptr) has_bias_ = true;
}

void Recovery::Attention(const Module& module) {
  const std::string_view path = module.name.module;
  const std::string_view last = LastPart(path);
  if (IsCrossAttention(path) || HasPart(path, "indexer") || HasPart(path, "linear_attn")) return;
  if (In(last, {"q_norm", "k_norm", "attn_q_norm", "attn_k_norm", "query_layernorm",
                "key_layernorm", "q_layernorm", "k_layernorm"})) {
    has_qk_norm_ = true;
    const Tensor* weight = module.tensors.weight;
    if (weight != nullptr && weight->shape.size() == 1 && head_norm_ == 0)
      head_norm_ = weight->shape[0];
    return;
  }
  const bool is_q = In(last, {"q_proj", "wq", "attn_q", "q", "query"});
  const bool is_k = In(last, {"k_proj", "wk", "attn_k", "k", "key"});
  if (is_q || is_k) {
    if (names_ == AttentionNames::kOther) names_ = NamesOf(path);
    const LogicalShape shape = Shape(module);
    std::uint64_t& out = is_q ? q_out_ : k_out_;
    if (out == 0) out = shape.out;
    if (module.tensors.bias != nullptr && is_q) has_bias_ = true;
    return;
  }
  if (last == "c_attn") return Fused(FusedQkv::kCAttn, module);
  if (last == "W_pack") return Fused(FusedQkv::kWPack, module);
  if (last == "query_key_value") return Fused(FusedQkv::kQueryKeyValue, module);
  if (In(last, {"wqkv", "Wqkv"})) return Fused(FusedQkv::kWqkv, module);
  if (last == "qkv_proj") return Fused(FusedQkv::kQkvProj, module);
  if (last == "attn_qkv") return Fused(FusedQkv::kGgufQkv, module);
  const bool in_attention = HasPart(path, "self_attn") || HasPart(path, "attn") ||
                            HasPart(path, "attention") || HasPart(path, "self_attention");
  if (In(last, {"o_proj", "wo", "attn_output"}) ||
      (in_attention && In(last, {"c_proj", "dense", "out_proj"}))) {
    const LogicalShape shape = Shape(module);
    if (HasPart(path, "DenseReluDense")) return;  // T5's feed-forward `wo`
    if (o_in_ == 0) o_in_ = OtherSide(shape, shape.in);
  }
}

void Recovery::FeedForward(const Module& module) {
  const std::string_view path = module.name.module;
  const std::string_view last = LastPart(path);
  const bool shared = HasPart(path, "shared_expert") || HasPart(path, "shared_experts") ||
                      HasPart(path, "shared_mlp") || last.ends_with("_shexp");
  if (shared) return;
  const bool stacked = HasPart(path, "switch_mlp") || last.ends_with("_exps");
  const std::size_t experts = path.find("experts.");
  if (experts != std::string_view::npos) {
    const std::string_view rest = path.substr(experts + 8);
    if (const auto number = ParseUint(rest.substr(0, rest.find('.'))); number && *number < 65'536) {
      SetMax("num_experts", *number + 1);
    }
  }
  if (In(last, {"gate", "router", "ffn_gate_inp"}) && !HasPart(path, "shared_expert_gate")) {
    if (HasPart(path, "mlp") || HasPart(path, "block_sparse_moe") ||
        HasPart(path, "feed_forward") || last == "ffn_gate_inp") {
      const LogicalShape shape = Shape(module);
      if (shape.in == hidden_ && shape.stack == 0) SetMax("num_experts", shape.out);
    }
  }
  const bool attention = HasPart(path, "attn") || HasPart(path, "self_attn") ||
                         HasPart(path, "attention") || HasPart(path, "self_attention");
  const bool down =
      In(last, {"down_proj", "w2", "dense_4h_to_h", "ffn_down", "ffn_down_exps", "fc2"}) ||
      (last == "c_proj" && HasPart(path, "mlp")) ||
      (last == "wo" && HasPart(path, "DenseReluDense")) ||
      (last == "dense" && HasPart(path, "output") && !attention) ||
      (last == "down_proj" && HasPart(path, "ffn"));
  const bool lora_up = module.tensors.lora_a != nullptr && In(last, {"up_proj", "gate_proj"});
  if (!down && !lora_up) return;
  const LogicalShape shape = Shape(module);
  const std::uint64_t width = OtherSide(shape, shape.in);
  if (stacked || shape.stack != 0) {
    SetMax("num_experts", shape.stack);
    SetMax("moe_intermediate_size", width);
  } else if (experts != std::string_view::npos) {
    SetMax("moe_intermediate_size", width);
  } else {
    SetMax("intermediate_size", width);
  }
}

void Recovery::Latent(const Module& module) {
  const std::string_view last = LastPart(module.name.module);
  const Tensor* weight = module.tensors.weight;
  if (In(last, {"kv_a_layernorm", "attn_kv_a_norm"}) && weight != nullptr &&
      weight->shape.size() == 1) {
    Set("kv_lora_rank", weight->shape[0]);
  } else if (In(last, {"q_a_layernorm", "attn_q_a_norm"}) && weight != nullptr &&
             weight->shape.size() == 1) {
    Set("q_lora_rank", weight->shape[0]);
  } else if (In(last, {"kv_b_proj", "attn_kv_b"}) && !found_.contains("kv_lora_rank")) {
    Set("kv_lora_rank", Shape(module).in);
  } else if (In(last, {"q_a_proj", "attn_q_a"}) && !found_.contains("q_lora_rank")) {
    Set("q_lora_rank", Shape(module).out);
  }
}

void Recovery::Widths() {
  q_out_ = Whole(q_out_);
  k_out_ = Whole(k_out_);
  o_in_ = Whole(o_in_);
  if (meta_shards_ > 1) Set("intermediate_size", Whole(found_["intermediate_size"]));
  // Expert stacks stored as one parameter: experts.down_proj [E, ffn, hidden].
  for (const Tensor* tensor : loose_) {
    const NamedTensor name = SplitTensorName(*tensor);
    if (name.prefix == prefix_ && name.in_layer && name.module.ends_with("experts")) {
      if (name.parameter == "down_proj" && tensor->shape.size() == 3) {
        SetMax("num_experts", tensor->shape[0]);
        const LogicalShape shape{tensor->shape[0], tensor->shape[1], tensor->shape[2], 0};
        SetMax("moe_intermediate_size", OtherSide(shape, shape.in));
      } else if (name.parameter == "gate_up_proj_blocks" && tensor->shape.size() == 4) {
        SetMax("num_experts", tensor->shape[0]);
        SetMax("moe_intermediate_size", tensor->shape[1] / 2);
      }
    }
    if (name.parameter == "e_score_correction_bias" || name.parameter == "expert_bias") {
      found_["router_bias"] = 1;
    }
  }
  if (saw_layer_) {
    found_["qkv_bias"] = has_bias_ ? 1 : 0;
    found_["qk_norm"] = has_qk_norm_ ? 1 : 0;
    found_["fused_qkv"] = static_cast<std::uint64_t>(fused_);
    Set("attention_names", static_cast<std::uint64_t>(names_));
    if (cross_) found_["cross_attention"] = 1;
  }
  if (found_.contains("kv_lora_rank")) {
    Set("attention_width", o_in_);
    return;
  }
  const std::uint64_t q = o_in_ != 0 ? o_in_ : q_out_;
  Set("attention_width", q);
  if (k_out_ != 0) {
    Set("key_value_width", k_out_);
  } else if (fused_ != FusedQkv::kNone && fused_out_ > q && q != 0) {
    Set("key_value_width", (fused_out_ - q) / 2);
  }
}

// Only a certain head size is used: the length of a per-head norm, or the one
// customary size that divides both widths.
void Recovery::HeadDim() {
  const auto q = found_.find("attention_width");
  const auto kv = found_.find("key_value_width");
  if (q == found_.end() || kv == found_.end()) return;
  std::uint64_t size = 0;
  if (head_norm_ != 0 && head_norm_ <= 512 && q->second % head_norm_ == 0 &&
      kv->second % head_norm_ == 0 && head_norm_ != q->second) {
    size = head_norm_;
  } else {
    std::size_t fitting = 0;
    for (const std::uint64_t customary : {64U, 80U, 96U, 128U, 192U, 256U}) {
      if (q->second % customary != 0 || kv->second % customary != 0) continue;
      size = customary;
      ++fitting;
    }
    if (fitting != 1) return;
  }
  Set("head_dim", size);
  Set("num_attention_heads", q->second / size);
  Set("num_key_value_heads", kv->second / size);
}

std::uint64_t Recovery::CountParameters() {
  std::uint64_t sum = 0;
  const auto add = [&](std::uint64_t count) {
    if (!CheckedAdd(sum, count, &sum)) parameters_overflow_ = true;
  };
  for (const Module& module : modules_) {
    const LogicalShape shape = Shape(module);
    add(shape.out != 0 ? Whole(shape.elements) : shape.elements);
    if (module.tensors.bias != nullptr) add(ElementCount(*module.tensors.bias));
  }
  for (const Tensor* tensor : loose_) {
    const NamedTensor name = SplitTensorName(*tensor);
    if (name.parameter.ends_with("_blocks")) {
      add(ElementCount(*tensor));  // MXFP4: two values in each byte
      add(ElementCount(*tensor));
    } else if (name.parameter != "inv_freq") {
      add(ElementCount(*tensor));
    }
  }
  return parameters_overflow_ ? 0 : sum;
}

}  // namespace

Dimensions RecoverDimensions(const std::vector<const Tensor*>& tensors) {
  return Recovery(tensors).Run();
}

}  // namespace weighbridge
