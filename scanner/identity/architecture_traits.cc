// What the tensors of an architecture look like: which projections are fused, have
// biases or norms, what attention modules are called. Sources: the modelling files of
// transformers; shared/identification.md section 6.
#include <algorithm>
#include <array>

#include "scanner/base/text.h"
#include "scanner/fingerprint/dimensions.h"
#include "scanner/identity/structure.h"

namespace weighbridge {
namespace {

enum class Has { kNo, kYes, kEither };
using Names = AttentionNames;
constexpr unsigned Mask(Names a, Names b = Names::kOther) {
  return 1U << static_cast<unsigned>(a) | 1U << static_cast<unsigned>(b);
}
constexpr unsigned kAnyNames = 0;
constexpr std::uint8_t kAnyFused = 255;

// Attention and feed-forward in Hugging Face lay-out.
struct Traits {
  std::string_view model_type;
  Has qkv_bias;
  Has qk_norm;
  std::uint8_t fused;  // FusedQkv number, or kAnyFused
  unsigned names;      // of the attention modules, or kAnyNames
  Has experts;
  Has cross = Has::kNo;  // attention to an encoder
};
constexpr unsigned kSelf = Mask(Names::kSelfAttn);
constexpr unsigned kSelfOrMeta = Mask(Names::kSelfAttn, Names::kAttentionW);
constexpr unsigned kBert = Mask(Names::kBert);
constexpr unsigned kGpt = Mask(Names::kAttn);
constexpr unsigned kT5 = Mask(Names::kT5);
constexpr unsigned kQkv = Mask(Names::kSelfAttentionQkv);
constexpr Has kNo = Has::kNo;
constexpr Has kYes = Has::kYes;
constexpr Has kEither = Has::kEither;
constexpr std::array<Traits, 62> kTraits = {{
    {"llama", kNo, kNo, 0, kSelfOrMeta, kNo},
    {"mistral", kNo, kNo, 0, kSelfOrMeta, kNo},
    {"mixtral", kNo, kNo, 0, kSelfOrMeta, kYes},
    {"qwen2", kYes, kNo, 0, kSelf, kNo},
    {"qwen2_moe", kYes, kNo, 0, kSelf, kYes},
    {"qwen2moe", kYes, kNo, 0, kSelf, kYes},
    {"qwen2_vl", kYes, kNo, 0, kSelf, kNo},
    {"qwen2vl", kYes, kNo, 0, kSelf, kNo},
    {"qwen2_5_vl", kYes, kNo, 0, kSelf, kNo},
    {"qwen3", kNo, kYes, 0, kSelf, kNo},
    {"qwen3_moe", kNo, kYes, 0, kSelf, kYes},
    {"qwen3moe", kNo, kYes, 0, kSelf, kYes},
    {"qwen3_vl", kNo, kYes, 0, kSelf, kNo},
    {"qwen", kYes, kNo, 1, kGpt, kNo},
    {"baichuan", kNo, kNo, 2, kSelf, kNo},
    {"internlm", kYes, kNo, 0, kSelf, kNo},
    {"internlm2", kNo, kNo, 4, Mask(Names::kAttentionW), kNo},
    {"gpt_neox", kYes, kNo, 3, Mask(Names::kAttentionQkv), kNo},
    {"gptneox", kYes, kNo, 3, Mask(Names::kAttentionQkv), kNo},
    {"bloom", kYes, kNo, 3, kQkv, kNo},
    {"falcon", kEither, kNo, 3, kQkv, kNo},
    {"chatglm", kYes, kNo, 3, Mask(Names::kSelfAttentionQkv, Names::kAttentionQkv), kNo},
    {"gpt2", kYes, kNo, 1, kGpt, kNo},
    {"phi3", kNo, kNo, 5, kSelf, kNo},
    {"gemma", kNo, kNo, 0, kSelf, kNo},
    {"gemma2", kNo, kNo, 0, kSelf, kNo},
    {"gemma3", kNo, kYes, 0, kSelf, kNo},
    {"gemma3_text", kNo, kYes, 0, kSelf, kNo},
    {"olmo2", kNo, kYes, 0, kSelf, kNo},
    {"olmo3", kNo, kYes, 0, kSelf, kNo},
    {"hunyuan_v1_dense", kNo, kYes, 0, kSelf, kNo},
    {"seed_oss", kYes, kNo, 0, kSelf, kNo},
    {"yi", kNo, kNo, 0, kSelf, kNo},
    {"exaone", kNo, kNo, 0, Mask(Names::kAttnAttention), kNo},
    {"exaone4", kNo, kYes, 0, kSelf, kNo},
    {"mpt", kEither, kEither, 4, Mask(Names::kMpt), kNo},
    {"starcoder2", kYes, kNo, 0, kSelf, kNo},
    {"xverse", kNo, kNo, 0, kSelf, kNo},
    {"bluelm", kNo, kNo, 0, kSelf, kNo},
    {"aquila", kNo, kNo, 0, kSelf, kNo},
    {"t5", kNo, kNo, 0, kT5, kNo, kEither},
    {"mt5", kNo, kNo, 0, kT5, kNo, kEither},
    {"umt5", kNo, kNo, 0, kT5, kNo, kEither},
    {"whisper", kEither, kNo, 0, kSelf, kNo, kEither},
    {"bert", kYes, kNo, 0, kBert, kNo, kEither},
    {"roberta", kYes, kNo, 0, kBert, kNo, kEither},
    {"xlm-roberta", kYes, kNo, 0, kBert, kNo, kEither},
    {"opt", kYes, kNo, 0, kSelf, kNo},
    {"gptj", kNo, kNo, 0, kGpt, kNo},
    {"gpt_neo", kNo, kNo, 0, Mask(Names::kAttnAttention), kNo},
    {"gpt_bigcode", kYes, kNo, 1, kGpt, kNo},
    {"codeshell", kYes, kNo, 1, kGpt, kNo},
    {"telechat", kEither, kNo, kAnyFused, kQkv, kNo},
    {"cohere", kNo, kEither, 0, kSelf, kNo},
    {"cohere2", kNo, kNo, 0, kSelf, kNo},
    {"phi", kYes, kEither, 0, kSelf, kNo},
    {"solar", kNo, kNo, 0, kSelf, kNo},
    {"stablelm", kEither, kEither, 0, kSelf, kNo},
    {"olmo", kNo, kNo, 0, kSelf, kNo},
    {"granite", kNo, kNo, 0, kSelf, kNo},
    {"minicpm", kNo, kNo, 0, kSelf, kEither},
    {"orion", kNo, kNo, 0, kSelf, kNo},
}};

const char* SpellingOf(Names names) {
  switch (names) {
    case Names::kSelfAttn: return "self_attn";
    case Names::kT5: return "SelfAttention";
    case Names::kBert: return "attention.self";
    case Names::kAttn: return "attn";
    case Names::kAttentionQkv: return "attention.query_key_value";
    case Names::kSelfAttentionQkv: return "self_attention";
    case Names::kAttentionW: return "attention.w";
    case Names::kMpt: return "attn.Wqkv";
    case Names::kAttnAttention: return "attn.attention";
    case Names::kOther: break;
  }
  return "otherwise";
}

std::uint64_t Get(const Dimensions& dimensions, const char* key) {
  const auto found = dimensions.find(key);
  return found == dimensions.end() ? 0 : found->second;
}

const Traits* TraitsOf(std::string_view model_type) {
  for (const Traits& traits : kTraits) {
    if (traits.model_type == model_type) return &traits;
  }
  return nullptr;
}

}  // namespace

bool KnowsArchitecture(std::string_view model_type) { return TraitsOf(model_type) != nullptr; }

std::string ModelTypeOf(const ModelRow& row) {
  return row.model_type.empty() ? TypeOfClass(row.transformers_architecture)
                                : ToLower(row.model_type);
}

std::string TypeOfClass(std::string_view name) {
  for (const std::string_view suffix :
       {"ForCausalLM", "LMHeadModel", "ForConditionalGeneration", "EncoderModel", "ForMaskedLM",
        "ForSequenceClassification", "ForTokenClassification", "ForQuestionAnswering", "Model"}) {
    if (name.ends_with(suffix)) {
      name.remove_suffix(suffix.size());
      break;
    }
  }
  const std::string lower = ToLower(name);
  if (lower == "gptneox") return "gpt_neox";
  if (lower == "rw") return "falcon";
  if (lower == "gptbigcode") return "gpt_bigcode";
  if (lower == "gptneo") return "gpt_neo";
  if (lower == "xlmroberta") return "xlm-roberta";
  if (lower == "qwen2moe") return "qwen2_moe";
  if (lower == "qwen3moe") return "qwen3_moe";
  return lower;
}

std::string ArchitectureContradiction(const std::string& model_type, const Dimensions& dimensions,
                                      bool gguf) {
  const Traits* traits = TraitsOf(ToLower(model_type));
  // An adapter shows only the layers that it changes, and no biases or norms.
  if (dimensions.contains("adapter")) return {};
  if (traits == nullptr || !dimensions.contains("num_layers") ||
      !dimensions.contains("attention_width"))
    return {};
  if (Get(dimensions, "kv_lora_rank") != 0) {
    return model_type + " has no latent attention, the tensors do";
  }
  const std::uint64_t fused = Get(dimensions, "fused_qkv");
  if (traits->fused != kAnyFused) {
    const bool separate = fused == 0;
    // llama.cpp splits the fused projections of some families on conversion.
    if (traits->fused == 0 && !separate)
      return model_type + " keeps q, k and v apart, the tensors fuse them";
    if (traits->fused != 0 && separate && !gguf)
      return model_type + " fuses q, k and v, the tensors keep them apart";
    if (traits->fused != 0 && !separate && !gguf && fused != traits->fused) {
      return model_type + " fuses q, k and v under another name";
    }
  }
  const auto names = static_cast<unsigned>(Get(dimensions, "attention_names"));
  if (names != 0 && traits->names != kAnyNames && (traits->names & 1U << names) == 0) {
    return model_type + " does not call its attention " + SpellingOf(static_cast<Names>(names)) +
           ", the tensors do";
  }
  if (traits->cross == Has::kNo && Get(dimensions, "cross_attention") != 0)
    return model_type + " has no attention to an encoder, the tensors do";
  const bool bias = Get(dimensions, "qkv_bias") != 0;
  if (traits->qkv_bias == Has::kNo && bias)
    return model_type + " has no biases on q, k and v, the tensors do";
  if (traits->qkv_bias == Has::kYes && !bias)
    return model_type + " has biases on q, k and v, the tensors do not";
  const bool norm = Get(dimensions, "qk_norm") != 0;
  if (traits->qk_norm == Has::kNo && norm)
    return model_type + " has no norms on q and k, the tensors do";
  if (traits->qk_norm == Has::kYes && !norm)
    return model_type + " has norms on q and k, the tensors do not";
  // llama.cpp calls Mixtral "llama".
  const std::uint64_t experts = Get(dimensions, "num_experts");
  if (traits->experts == Has::kNo && experts != 0 && !gguf)
    return model_type + " has no experts, the tensors do";
  if (traits->experts == Has::kYes && experts == 0 && Get(dimensions, "intermediate_size") != 0)
    return model_type + " has experts, the tensors do not";
  return {};
}

}  // namespace weighbridge
