// Comparison of recovered dimensions with published shapes. Tolerances: the
// vocabulary may be padded by up to 2048 rows (shared/identification.md section 5).
#include "scanner/identity/structure.h"

#include <algorithm>
#include <array>
#include <set>

#include "scanner/base/text.h"
#include "scanner/identity/lineage.h"
#include "scanner/identity/publishers.h"

namespace weighbridge {
namespace {

constexpr std::uint64_t kVocabularyTolerance = 2048;
// hidden size and layers, and at least two more that do not follow from them.
constexpr std::size_t kFewestFields = 4;

std::uint64_t Get(const Dimensions& dimensions, const char* key) {
  const auto found = dimensions.find(key);
  return found == dimensions.end() ? 0 : found->second;
}

// Architectures with as many key/value heads as heads: rows may leave the number out.
std::uint64_t KeyValueHeads(const ModelRow& row) {
  if (row.num_key_value_heads != 0) return row.num_key_value_heads;
  static const std::set<std::string, std::less<>> kOneEach = {
      "gpt_neox", "bloom", "gpt2", "gptj", "opt", "baichuan", "qwen", "mpt", "internlm"};
  return kOneEach.contains(ModelTypeOf(row)) ? row.num_attention_heads : 0;
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
    // Tolerance is for padding: a small vocabulary is not within it of another.
    if (gap > kVocabularyTolerance || gap * 16 > found)
      return Differ("vocab_size", row_.vocab_size, found);
    fit_.vocab_exact = gap == 0;
    ++fit_.matched;
  }
  void Heads() {
    if (Get(dimensions_, "kv_lora_rank") != 0) {
      const std::uint64_t width = Get(dimensions_, "attention_width");
      if (row_.num_attention_heads == 0 || width == 0) return;
      if (width % row_.num_attention_heads == 0)
        ++fit_.matched;
      else
        Differ("attention_width", row_.num_attention_heads, width);
      return;
    }
    const std::uint64_t q = Get(dimensions_, "attention_width");
    const std::uint64_t kv = Get(dimensions_, "key_value_width");
    if (row_.num_attention_heads == 0 || q == 0) return;
    if (row_.head_dim != 0 ? q != row_.num_attention_heads * row_.head_dim
                           : q % row_.num_attention_heads != 0) {
      const std::uint64_t published =
          row_.head_dim == 0 ? row_.num_attention_heads : row_.num_attention_heads * row_.head_dim;
      return Differ("attention_width", published, q);
    }
    ++fit_.matched;
    const std::uint64_t kv_heads = KeyValueHeads(row_);
    if (kv == 0 || kv_heads == 0) return;
    fit_.kv_known = true;
    const std::uint64_t head = q / row_.num_attention_heads;
    if (kv == kv_heads * head)
      ++fit_.matched;
    else
      Differ("key_value_width", kv_heads * head, kv);
  }
  void FeedForward() {
    const std::uint64_t dense = Get(dimensions_, "intermediate_size");
    const std::uint64_t expert = Get(dimensions_, "moe_intermediate_size");
    if (row_.moe_intermediate_size != 0)
      Equal("moe_intermediate_size", row_.moe_intermediate_size, expert);
    if (row_.intermediate_size == 0) return;
    // A mixture without dense layers does not show the dense width; rows of such
    // models state either width.
    if (dense == 0 && expert != 0) {
      if (row_.intermediate_size == expert)
        ++fit_.matched;
      else if (row_.moe_intermediate_size == 0 && row_.num_experts == 0)
        Differ("intermediate_size", row_.intermediate_size, expert);
      return;
    }
    if (dense == 0) return;
    // Qwen 1 states twice the width of each matrix.
    if (ModelTypeOf(row_) == "qwen" && row_.intermediate_size == 2 * dense) {
      ++fit_.matched;
      return;
    }
    if (expert != 0 && row_.intermediate_size == expert) {
      ++fit_.matched;
      return;
    }
    Equal("intermediate_size", row_.intermediate_size, dense);
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

// What is known of an architecture's attention tensors in Hugging Face lay-out.
enum class Has { kNo, kYes, kEither };
struct Traits {
  std::string_view model_type;
  Has qkv_bias;
  Has qk_norm;
  std::uint8_t fused;  // FusedQkv number, 255: either
};
constexpr std::uint8_t kAnyFused = 255;
constexpr std::array<Traits, 40> kTraits = {{
    {"llama", Has::kNo, Has::kNo, 0},
    {"mistral", Has::kNo, Has::kNo, 0},
    {"mixtral", Has::kNo, Has::kNo, 0},
    {"qwen2", Has::kYes, Has::kNo, 0},
    {"qwen2_moe", Has::kYes, Has::kNo, 0},
    {"qwen2moe", Has::kYes, Has::kNo, 0},
    {"qwen2_vl", Has::kYes, Has::kNo, 0},
    {"qwen2vl", Has::kYes, Has::kNo, 0},
    {"qwen2_5_vl", Has::kYes, Has::kNo, 0},
    {"qwen3", Has::kNo, Has::kYes, 0},
    {"qwen3_moe", Has::kNo, Has::kYes, 0},
    {"qwen3moe", Has::kNo, Has::kYes, 0},
    {"qwen3_vl", Has::kNo, Has::kYes, 0},
    {"qwen", Has::kYes, Has::kNo, 1},
    {"baichuan", Has::kNo, Has::kNo, 2},
    {"internlm", Has::kYes, Has::kNo, 0},
    {"internlm2", Has::kNo, Has::kNo, 4},
    {"gpt_neox", Has::kYes, Has::kNo, 3},
    {"gptneox", Has::kYes, Has::kNo, 3},
    {"bloom", Has::kYes, Has::kNo, 3},
    {"falcon", Has::kEither, Has::kNo, 3},
    {"chatglm", Has::kYes, Has::kNo, 3},
    {"gpt2", Has::kYes, Has::kNo, 1},
    {"phi3", Has::kNo, Has::kNo, 5},
    {"gemma", Has::kNo, Has::kNo, 0},
    {"gemma2", Has::kNo, Has::kNo, 0},
    {"gemma3", Has::kNo, Has::kYes, 0},
    {"gemma3_text", Has::kNo, Has::kYes, 0},
    {"olmo2", Has::kNo, Has::kYes, 0},
    {"olmo3", Has::kNo, Has::kYes, 0},
    {"hunyuan_v1_dense", Has::kNo, Has::kYes, 0},
    {"seed_oss", Has::kYes, Has::kNo, 0},
    {"yi", Has::kNo, Has::kNo, 0},
    {"exaone", Has::kNo, Has::kNo, 0},
    {"exaone4", Has::kNo, Has::kYes, 0},
    {"mpt", Has::kEither, Has::kEither, 4},
    {"starcoder2", Has::kYes, Has::kNo, 0},
    {"xverse", Has::kNo, Has::kNo, 0},
    {"bluelm", Has::kNo, Has::kNo, 0},
    {"aquila", Has::kNo, Has::kNo, 0},
}};

const Traits* TraitsOf(std::string_view model_type) {
  for (const Traits& traits : kTraits) {
    if (traits.model_type == model_type) return &traits;
  }
  return nullptr;
}

}  // namespace

std::string ModelTypeOf(const ModelRow& row) {
  return row.model_type.empty() ? TypeOfClass(row.transformers_architecture)
                                : ToLower(row.model_type);
}

std::string TypeOfClass(std::string_view name) {
  for (const std::string_view suffix :
       {"ForCausalLM", "LMHeadModel", "ForConditionalGeneration", "Model"}) {
    if (name.ends_with(suffix)) {
      name.remove_suffix(suffix.size());
      break;
    }
  }
  const std::string lower = ToLower(name);
  if (lower == "gptneox") return "gpt_neox";
  if (lower == "rw") return "falcon";
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
  return {};
}

Fit CompareShape(const ModelRow& row, const Dimensions& dimensions, bool layers_are_partial) {
  return Comparison(row, dimensions, layers_are_partial).Run();
}

namespace {

// The row's architecture and those of its bases: a wrapper keeps its base's tensors.
bool LineFits(const Catalog& catalog, const ModelRow& row, const Dimensions& dimensions,
              bool gguf) {
  if (!ArchitectureContradiction(ModelTypeOf(row), dimensions, gguf).empty()) return false;
  for (const Ancestor& ancestor : BasesOf(catalog, row)) {
    const auto base = catalog.ModelByHubId(ancestor.name);
    if (base && !ArchitectureContradiction(ModelTypeOf(*base), dimensions, gguf).empty())
      return false;
  }
  return true;
}

}  // namespace

StructureMatch MatchStructure(const Catalog& catalog, const std::vector<ModelRow>& all,
                              const Dimensions& dimensions, bool layers_are_partial) {
  StructureMatch match;
  const std::uint64_t hidden = Get(dimensions, "hidden_size");
  const std::uint64_t layers = Get(dimensions, "num_layers");
  if (hidden == 0 || layers == 0) return match;
  const bool gguf = Get(dimensions, "gguf") != 0;
  std::vector<ModelRow> near;
  if (!layers_are_partial) {
    near = catalog.ModelsByShape(hidden, layers);
  } else {
    for (const ModelRow& row : all) {
      if (row.hidden_size == hidden && row.num_layers >= layers) near.push_back(row);
    }
  }
  std::vector<std::pair<ModelRow, Fit>> fitting;
  for (ModelRow& row : near) {
    Fit fit = CompareShape(row, dimensions, layers_are_partial);
    const std::size_t fewest = layers_are_partial ? kFewestFields - 1 : kFewestFields;
    if (!fit.fits || fit.matched < fewest) continue;
    if (!LineFits(catalog, row, dimensions, gguf)) continue;
    fitting.emplace_back(std::move(row), std::move(fit));
  }
  // The best statement about the vocabulary decides which rows stay: equal, else
  // padded, else unknown.
  const auto keep = [&](auto predicate) {
    if (std::none_of(fitting.begin(), fitting.end(), predicate)) return;
    fitting.erase(std::remove_if(fitting.begin(), fitting.end(),
                                 [&](const auto& f) { return !predicate(f); }),
                  fitting.end());
  };
  keep([](const auto& f) { return f.second.vocab_known; });
  keep([](const auto& f) { return f.second.vocab_exact; });
  keep([](const auto& f) { return f.second.kv_known; });
  // Rows of low confidence are hints: they count only where nothing else fits.
  keep([](const auto& f) { return f.first.confidence != "low"; });
  std::set<std::string> origins;
  for (auto& [row, fit] : fitting) {
    if (match.rows.empty() || fit.matched < match.matched) match.matched = fit.matched;
    if (row.confidence == "low") match.only_low_confidence = true;
    origins.insert(RootPublisher(catalog, row));
    match.rows.push_back(std::move(row));
  }
  match.origins = OneEach(catalog, origins);
  match.origin = OnePublisher(catalog, origins);
  return match;
}

}  // namespace weighbridge
