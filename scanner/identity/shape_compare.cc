// Comparison of recovered dimensions with published shapes. Tolerances: the
// vocabulary may be padded by up to 2048 rows (shared/identification.md section 5).
#include <algorithm>
#include <set>

#include "scanner/identity/structure.h"

namespace weighbridge {
namespace {

constexpr std::uint64_t kVocabularyTolerance = 2048;
constexpr std::uint64_t kPadding = 64;

std::uint64_t Get(const Dimensions& dimensions, const char* key) {
  const auto found = dimensions.find(key);
  return found == dimensions.end() ? 0 : found->second;
}

// Architectures with as many key/value heads as heads: rows may leave the number out.
std::uint64_t KeyValueHeads(const ModelRow& row) {
  if (row.num_key_value_heads != 0) return row.num_key_value_heads;
  static const std::set<std::string, std::less<>> kOneEach = {
      "gpt_neox", "bloom", "gpt2", "gptj", "opt",     "baichuan",    "qwen",   "mpt",
      "internlm", "t5",    "mt5",  "bert", "roberta", "xlm-roberta", "whisper"};
  return kOneEach.contains(ModelTypeOf(row)) ? row.num_attention_heads : 0;
}

// Architectures whose feed-forward is four times the hidden size: rows may leave it out.
std::uint64_t FeedForwardWidth(const ModelRow& row) {
  if (row.intermediate_size != 0) return row.intermediate_size;
  static const std::set<std::string, std::less<>> kFourfold = {
      "bloom", "falcon", "gpt2", "gptj", "gpt_bigcode", "opt", "bert", "roberta", "whisper"};
  return kFourfold.contains(ModelTypeOf(row)) ? 4 * row.hidden_size : 0;
}

// Multi-head latent attention.
bool IsLatent(const ModelRow& row) {
  static const std::set<std::string, std::less<>> kLatent = {
      "deepseek_v2", "deepseekv2", "deepseek_v3", "deepseekv3",   "deepseek_v32",
      "deepseek2",   "kimi_k2",    "minicpm3",    "glm4_moe_lite"};
  return row.kv_lora_rank != 0 || kLatent.contains(ModelTypeOf(row));
}

// Query projections that carry an output gate of the same width.
bool HasQueryGate(const ModelRow& row) {
  const std::string type = ModelTypeOf(row);
  return type.starts_with("qwen3_next") || type.starts_with("qwen3next") ||
         type.starts_with("qwen3_5");
}

class Comparison {
 public:
  Comparison(const ModelRow& row, const Dimensions& dimensions, bool partial)
      : row_(row), dimensions_(dimensions), partial_(partial) {}

  Fit Run() {
    Equal("hidden_size", row_.hidden_size, Get(dimensions_, "hidden_size"));
    Layers();
    Vocabulary();
    Heads();
    FeedForward();
    Experts();
    Equal("kv_lora_rank", row_.kv_lora_rank, Get(dimensions_, "kv_lora_rank"));
    Equal("q_lora_rank", row_.q_lora_rank, Get(dimensions_, "q_lora_rank"));
    return std::move(fit_);
  }

 private:
  void Differ(const char* field, std::uint64_t published, std::uint64_t found) {
    fit_.fits = false;
    fit_.differences.push_back(std::string(field) + " is " + std::to_string(found) +
                               " in the tensors, " + std::to_string(published) + " as published");
  }
  void Equal(const char* field, std::uint64_t published, std::uint64_t found) {
    if (published == 0 || found == 0) return;
    if (published == found)
      ++fit_.matched;
    else
      Differ(field, published, found);
  }
  void Layers() {
    const std::uint64_t found = Get(dimensions_, "num_layers");
    if (!partial_) return Equal("num_layers", row_.num_layers, found);
    if (row_.num_layers != 0 && found > row_.num_layers)
      Differ("num_layers", row_.num_layers, found);
  }
  void Vocabulary() {
    const std::uint64_t found = Get(dimensions_, "vocab_size");
    if (row_.vocab_size == 0 || found == 0) return;
    fit_.vocab_known = true;
    const std::uint64_t gap = std::max(row_.vocab_size, found) - std::min(row_.vocab_size, found);
    // Tolerance is for padding: a small vocabulary is not within it of another, and what
    // was published without padding is not cut.
    const bool cut = found < row_.vocab_size && row_.vocab_size % kPadding != 0;
    if (cut || gap > kVocabularyTolerance || gap * 16 > found)
      return Differ("vocab_size", row_.vocab_size, found);
    fit_.vocab_exact = gap == 0;
    ++fit_.matched;
  }
  void Heads() {
    const bool adapter = dimensions_.contains("adapter");
    std::uint64_t q = Get(dimensions_, "attention_width");
    if (row_.num_attention_heads == 0 || q == 0) return;
    if (Get(dimensions_, "kv_lora_rank") != 0 || (adapter && IsLatent(row_))) {
      if (q % row_.num_attention_heads == 0)
        ++fit_.matched;
      else
        Differ("attention_width", row_.num_attention_heads, q);
      return;
    }
    const std::uint64_t stated = row_.num_attention_heads * row_.head_dim;
    // An adapter shows the query projection only, not what the output one takes in.
    if (adapter && HasQueryGate(row_) && (stated == 0 || q == 2 * stated)) q /= 2;
    if (stated != 0 ? q != stated : q % row_.num_attention_heads != 0)
      return Differ("attention_width", stated == 0 ? row_.num_attention_heads : stated, q);
    ++fit_.matched;
    const std::uint64_t kv = Get(dimensions_, "key_value_width");
    const std::uint64_t kv_heads = KeyValueHeads(row_);
    if (kv == 0 || kv_heads == 0) return;
    fit_.kv_known = true;
    const std::uint64_t head = q / row_.num_attention_heads;
    if (kv == kv_heads * head)
      ++fit_.matched;
    else
      Differ("key_value_width", kv_heads * head, kv);
  }
  void Width(std::uint64_t published, std::uint64_t found, const char* field) {
    if (published != 0 && found != 0) fit_.ffn_known = true;
    Equal(field, published, found);
  }
  void FeedForward() {
    const std::uint64_t dense = Get(dimensions_, "intermediate_size");
    const std::uint64_t expert = Get(dimensions_, "moe_intermediate_size");
    const std::uint64_t published = FeedForwardWidth(row_);
    Width(row_.moe_intermediate_size, expert, "moe_intermediate_size");
    if (published == 0) return;
    // A mixture without dense layers does not show the dense width; rows of such
    // models state either width. Qwen 1 states twice the width of each matrix.
    const bool twice = ModelTypeOf(row_) == "qwen" && dense != 0 && published == 2 * dense;
    if (twice || (expert != 0 && published == expert)) {
      fit_.ffn_known = true;
      ++fit_.matched;
    } else if (dense != 0) {
      Width(published, dense, "intermediate_size");
    } else if (expert != 0 && row_.moe_intermediate_size == 0 && row_.num_experts == 0) {
      Width(published, expert, "intermediate_size");
    }
  }
  void Experts() {
    const std::uint64_t found = Get(dimensions_, "num_experts");
    if (row_.num_experts == 0 && found == 0) return;
    if (row_.num_experts != 0 && found == 0 && Get(dimensions_, "intermediate_size") == 0) return;
    if (row_.num_experts == found || (partial_ && found == 0)) {
      ++fit_.matched;
    } else if (row_.num_experts != 0 || found != 0) {
      // A row of a mixture that leaves the count out says so by its expert width.
      if (row_.num_experts == 0 && row_.moe_intermediate_size != 0) return;
      Differ("num_experts", row_.num_experts, found);
    }
  }

  const ModelRow& row_;
  const Dimensions& dimensions_;
  bool partial_;
  Fit fit_;
};

}  // namespace

Fit CompareShape(const ModelRow& row, const Dimensions& dimensions, bool layers_are_partial) {
  return Comparison(row, dimensions, layers_are_partial).Run();
}

}  // namespace weighbridge
