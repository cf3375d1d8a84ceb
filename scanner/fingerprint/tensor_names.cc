// Taking tensor names apart. Names: shared/identification.md section 6, and the
// state_dict keys of transformers, llama.cpp's gguf-py/gguf/tensor_mapping.py.
#include "scanner/fingerprint/tensor_names.h"

#include <array>

#include "scanner/base/text.h"

namespace weighbridge {
namespace {

constexpr std::array<std::string_view, 7> kLayerWords = {"layers", "layer",  "h",         "blk",
                                                         "block",  "blocks", "block_list"};
// Parts that begin a tower with a layer numbering of its own.
constexpr std::array<std::string_view, 22> kForeignParts = {"vision_model",
                                                            "vision_tower",
                                                            "vision",
                                                            "visual",
                                                            "vpm",
                                                            "vit",
                                                            "image_encoder",
                                                            "audio_tower",
                                                            "audio_encoder",
                                                            "audio_model",
                                                            "speech_encoder",
                                                            "talker",
                                                            "code2wav",
                                                            "token2wav",
                                                            "resampler",
                                                            "v",
                                                            "mm",
                                                            "a",
                                                            "sam_model",
                                                            "vision_encoder",
                                                            "aligner",
                                                            "vision_embed_tokens"};
// Training state that repeats the shapes of the weights.
constexpr std::array<std::string_view, 5> kTrainingParts = {
    "exp_avg", "exp_avg_sq", "master_params", "optimizer", "optimizer_state"};

std::string_view Part(std::string_view name, std::size_t from) {
  const std::size_t dot = name.find('.', from);
  return name.substr(from, dot == std::string_view::npos ? dot : dot - from);
}

template <std::size_t N>
bool OneOf(std::string_view word, const std::array<std::string_view, N>& words) {
  for (const std::string_view known : words) {
    if (word == known) return true;
  }
  return false;
}

bool IsLora(std::string_view part) {
  return part == "lora_A" || part == "lora_B" || part == "lora_a" || part == "lora_b";
}

// Splits `path` into module and parameter.
void SplitParameter(std::string_view path, NamedTensor& named) {
  // X.lora_A.weight, X.lora_A.default.weight, X.weight.lora_a
  for (std::size_t at = 0; at < path.size();) {
    const std::string_view part = Part(path, at);
    if (IsLora(part)) {
      std::string_view module = path.substr(0, at == 0 ? 0 : at - 1);
      if (LastPart(module) == "weight") module.remove_suffix(module.size() > 6 ? 7 : 6);
      named.module = module;
      named.parameter = part;
      return;
    }
    // bitsandbytes: X.weight.absmax, X.weight.quant_state.bitsandbytes__nf4
    if (part == "weight" && at > 0 && at + part.size() < path.size()) {
      named.module = path.substr(0, at - 1);
      named.parameter = path.substr(at);
      return;
    }
    at += part.size() + 1;
  }
  const std::size_t dot = path.rfind('.');
  if (dot == std::string_view::npos) {
    named.module = path;
    named.parameter = {};
    return;
  }
  named.module = path.substr(0, dot);
  named.parameter = path.substr(dot + 1);
}

}  // namespace

std::string_view LastPart(std::string_view module) {
  const std::size_t dot = module.rfind('.');
  return dot == std::string_view::npos ? module : module.substr(dot + 1);
}

bool HasPart(std::string_view module, std::string_view part) {
  for (std::size_t at = 0; at < module.size();) {
    const std::string_view here = Part(module, at);
    if (here == part) return true;
    at += here.size() + 1;
  }
  return false;
}

bool IsOutsideLanguageModel(std::string_view name) {
  for (std::size_t at = 0; at < name.size();) {
    const std::string_view part = Part(name, at);
    if (OneOf(part, kForeignParts) || OneOf(part, kTrainingParts)) return true;
    at += part.size() + 1;
  }
  return false;
}

NamedTensor SplitTensorName(const Tensor& tensor) {
  NamedTensor named;
  named.tensor = &tensor;
  const std::string_view name = tensor.name;
  std::string_view previous;
  for (std::size_t at = 0; at < name.size();) {
    const std::string_view part = Part(name, at);
    const std::size_t after = at + part.size() + 1;
    if (OneOf(previous, kLayerWords) && after < name.size()) {
      if (const auto number = ParseUint(part); number && *number < 100'000) {
        named.in_layer = true;
        named.layer = *number;
        named.prefix = name.substr(0, at);
        SplitParameter(name.substr(after), named);
        return named;
      }
    }
    previous = part;
    at = after;
  }
  SplitParameter(name, named);
  return named;
}

}  // namespace weighbridge
