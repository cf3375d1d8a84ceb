// Configuration claims against tensors. The configuration is put into the shape of a
// catalogue row and compared like one.
#include "scanner/identity/config_check.h"

#include <algorithm>
#include <set>

#include "scanner/base/text.h"

namespace weighbridge {
namespace {

std::uint64_t Number(const Artifact& file, const char* key) {
  return ParseUint(file.ClaimOr(key)).value_or(0);
}

ModelRow RowOf(const Artifact& config) {
  ModelRow row;
  row.model_type = config.ClaimOr("config:model_type");
  row.transformers_architecture = config.ClaimOr("config:architectures");
  row.hidden_size = Number(config, "config:hidden_size");
  row.num_layers = Number(config, "config:num_hidden_layers");
  row.num_attention_heads = Number(config, "config:num_attention_heads");
  row.num_key_value_heads = Number(config, "config:num_key_value_heads");
  row.head_dim = Number(config, "config:head_dim");
  row.intermediate_size = Number(config, "config:intermediate_size");
  row.moe_intermediate_size = Number(config, "config:moe_intermediate_size");
  row.vocab_size = Number(config, "config:vocab_size");
  row.num_experts = Number(config, "config:num_experts");
  row.kv_lora_rank = Number(config, "config:kv_lora_rank");
  row.q_lora_rank = Number(config, "config:q_lora_rank");
  return row;
}

// What the metadata of a GGUF file says of the tensors in it. With multi-token-prediction
// blocks the count is not that of the layers.
ModelRow RowOfGguf(const Artifact& file) {
  const std::string prefix = "gguf:" + file.ClaimOr("gguf:general.architecture") + ".";
  ModelRow row;
  row.hidden_size = Number(file, (prefix + "embedding_length").c_str());
  if (file.ClaimOr(prefix + "nextn_predict_layers").empty())
    row.num_layers = Number(file, (prefix + "block_count").c_str());
  return row;
}

// Attention widths of architectures with unequal layers are no ground for a conflict.
bool Counts(const std::string& difference, const std::string& model_type) {
  static const std::set<std::string, std::less<>> kEvenLayers = {
      "llama",     "mistral",   "mixtral",  "qwen",     "qwen2",     "qwen3",
      "qwen2_moe", "qwen3_moe", "baichuan", "internlm", "internlm2", "phi3",
      "gpt2",      "gpt_neox",  "olmo2",    "yi",       "starcoder2"};
  const bool width =
      difference.starts_with("attention_width") || difference.starts_with("key_value_width");
  return !width || kEvenLayers.contains(ToLower(model_type));
}

std::string TensorsAre(const StructureMatch& structure) {
  std::set<std::string> types;
  for (const ModelRow& row : structure.rows) {
    const std::string type = ModelTypeOf(row);
    if (!type.empty()) types.insert(type);
  }
  std::vector<std::string> some(types.begin(), types.end());
  if (some.empty() || some.size() > 3) return {};
  return " (their shapes are those of " + Join(some, " or ") + ")";
}

// The architecture in the words of the file: model_type first, then the class.
std::vector<std::string> StatedTypes(const Artifact& file) {
  std::vector<std::string> types;
  const bool gguf = file.format == "gguf";
  for (const char* key :
       {gguf ? "gguf:general.architecture" : "config:model_type", "config:architectures"}) {
    const std::string& stated = file.ClaimOr(key);
    if (!stated.empty()) types.push_back(stated);
  }
  return types;
}

// The first statement that the tensors contradict, as a conflict; "" when all stand.
std::string CheckTypes(const Artifact& file, const std::vector<std::string>& types,
                       const Dimensions& dimensions, const StructureMatch& structure,
                       ConfigCheck& check) {
  const bool gguf = file.format == "gguf" || dimensions.contains("gguf");
  for (const std::string& stated : types) {
    // Class names begin with a capital letter, model types never do.
    const bool is_class = stated[0] >= 'A' && stated[0] <= 'Z';
    const std::string type = is_class ? TypeOfClass(stated) : ToLower(stated);
    const std::string reason = ArchitectureContradiction(type, dimensions, gguf);
    if (reason.empty()) continue;
    check.conflicts.push_back(
        {"WB-CONFLICT-IDENTITY",
         std::string(file.location.FileName()) + " says the architecture is " + Quote(stated, 60) +
             ", the tensors are not: " + reason + TensorsAre(structure) + "; the tensors stand",
         file.location});
    return stated;
  }
  if (check.architecture.empty() && !types.empty()) {
    const std::string& stated = types.front();
    const bool is_class = stated[0] >= 'A' && stated[0] <= 'Z';
    check.architecture = is_class ? TypeOfClass(stated) : ToLower(stated);
    check.location = file.location;
  }
  return {};
}

}  // namespace

ConfigCheck CheckConfiguration(const std::vector<const Artifact*>& files,
                               const Dimensions& dimensions, const StructureMatch& structure,
                               bool layers_are_partial) {
  ConfigCheck check;
  for (const Artifact* file : files) {
    const std::vector<std::string> types = StatedTypes(*file);
    const std::string contradicted = CheckTypes(*file, types, dimensions, structure, check);
    if (!contradicted.empty()) continue;
    const std::string type = types.empty() ? std::string() : types.front();
    const bool gguf = file->format == "gguf" && file->kind == ArtifactKind::kWeights;
    if (file->kind != ArtifactKind::kConfig && !gguf) continue;
    const Fit fit =
        CompareShape(gguf ? RowOfGguf(*file) : RowOf(*file), dimensions, layers_are_partial);
    for (const std::string& difference : fit.differences) {
      if (!Counts(difference, type)) continue;
      // RowOfGguf states no more than these.
      if (gguf && !difference.starts_with("hidden_size") && !difference.starts_with("num_layers"))
        continue;
      std::string text = difference;
      const std::string mark = " as published";
      if (text.ends_with(mark)) text.resize(text.size() - mark.size());
      check.conflicts.push_back({"WB-CONFLICT-IDENTITY",
                                 std::string(file->location.FileName()) +
                                     " does not describe these tensors: " + text + " in " +
                                     std::string(file->location.FileName()) + "; the tensors stand",
                                 file->location});
      break;
    }
  }
  return check;
}

}  // namespace weighbridge
