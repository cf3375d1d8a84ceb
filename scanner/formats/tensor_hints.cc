#include "scanner/formats/tensor_hints.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

namespace weighbridge {
namespace {

bool Contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

bool EndsWith(std::string_view text, std::string_view suffix) {
  return text.size() >= suffix.size() && text.substr(text.size() - suffix.size()) == suffix;
}

bool StartsWith(std::string_view text, std::string_view prefix) {
  return text.substr(0, prefix.size()) == prefix;
}

template <std::size_t N>
bool HoldsAny(std::string_view name, const std::array<std::string_view, N>& parts) {
  return std::any_of(parts.begin(), parts.end(),
                     [name](std::string_view part) { return Contains(name, part); });
}

// Names of parameters that only adapters have, as PEFT writes them (peft/tuners/*/layer.py).
// LoHa and LoKr are shared with LyCORIS, which kohya's trainers write.
constexpr std::array<std::string_view, 18> kPeftParts{".lora_A",
                                                      ".lora_B",
                                                      ".lora_embedding_A",
                                                      ".lora_embedding_B",
                                                      ".lora_E",
                                                      ".lora_magnitude_vector",
                                                      ".ia3_l",
                                                      ".oft_R",
                                                      ".oft_r",
                                                      ".boft_R",
                                                      ".boft_s",
                                                      ".vera_lambda_",
                                                      ".vblora_",
                                                      ".fourierft_",
                                                      ".hra_u",
                                                      ".bone_block",
                                                      ".randlora_",
                                                      ".adaption_"};
constexpr std::array<std::string_view, 7> kSharedParts{
    ".hada_w1", ".hada_w2", ".hada_t", ".lokr_w1", ".lokr_w2", ".lokr_t2", ".dora_scale"};
constexpr std::array<std::string_view, 6> kKohyaParts{".lora_down.", ".lora_up.",   ".lora.down.",
                                                      ".lora.up.",   ".oft_blocks", ".oft_diag"};

bool FromPeft(std::string_view name) { return StartsWith(name, "base_model."); }

bool IsKohyaTensor(std::string_view name) {
  if (StartsWith(name, "lora_unet_") || StartsWith(name, "lora_te") ||
      StartsWith(name, "lycoris_")) {
    return true;
  }
  return HoldsAny(name, kKohyaParts) || (HoldsAny(name, kSharedParts) && !FromPeft(name));
}

bool IsPeftTensor(std::string_view name) {
  // The matrices that all layers of a VeRA share have no layer before them, and prompts
  // have no parent at all.
  constexpr std::array<std::string_view, 4> kWhole{"base_model.vera_A", "base_model.vera_B",
                                                   "prompt_embeddings", "prefix_embeddings"};
  if (std::any_of(kWhole.begin(), kWhole.end(),
                  [name](std::string_view whole) { return StartsWith(name, whole); })) {
    return true;
  }
  return HoldsAny(name, kPeftParts) || (HoldsAny(name, kSharedParts) && FromPeft(name));
}

// Which parameter suffixes and types occur in a file.
struct Marks {
  bool g_idx = false, qweight = false, qzeros = false, q_weight = false, q_scale = false;
  bool trellis = false, suh = false, quant_state = false, absmax = false, scb = false;
  bool scales = false, biases = false, packed_u32 = false, weight_packed = false;
  bool weight_scale = false, weight_scale_2 = false, blocks = false, block_scales = false;
  bool float8 = false;

  void Add(const Tensor& tensor);
};

void Marks::Add(const Tensor& tensor) {
  const std::string_view name = tensor.name;
  const bool bytes = tensor.dtype == "U8";
  g_idx |= EndsWith(name, ".g_idx");
  qweight |= EndsWith(name, ".qweight");
  qzeros |= EndsWith(name, ".qzeros");
  q_weight |= EndsWith(name, ".q_weight");
  q_scale |= EndsWith(name, ".q_scale") || EndsWith(name, ".q_groups");
  trellis |= EndsWith(name, ".trellis");
  suh |= EndsWith(name, ".suh") || EndsWith(name, ".svh");
  quant_state |= Contains(name, ".quant_state.bitsandbytes__");
  absmax |= EndsWith(name, ".absmax");
  scb |= EndsWith(name, ".SCB");
  scales |= EndsWith(name, ".scales");
  biases |= EndsWith(name, ".biases");
  packed_u32 |= tensor.dtype == "U32" && EndsWith(name, ".weight");
  weight_packed |= EndsWith(name, ".weight_packed");
  weight_scale |= EndsWith(name, ".weight_scale") || EndsWith(name, ".weight_scale_inv");
  weight_scale_2 |= EndsWith(name, ".weight_scale_2");
  blocks |= bytes && EndsWith(name, "_blocks");
  block_scales |= bytes && EndsWith(name, "_scales");
  float8 |= StartsWith(tensor.dtype, "F8_E4M3") || StartsWith(tensor.dtype, "F8_E5M2");
}

}  // namespace

std::string AdapterLayout(const std::vector<Tensor>& tensors) {
  std::size_t kohya = 0;
  std::size_t peft = 0;
  for (const Tensor& tensor : tensors) {
    if (Contains(tensor.name, ".base_layer.")) return {};
    if (IsKohyaTensor(tensor.name)) {
      ++kohya;
    } else if (IsPeftTensor(tensor.name)) {
      ++peft;
    }
  }
  if (kohya + peft == 0 || (kohya + peft) * 2 < tensors.size()) return {};
  return kohya >= peft ? "kohya" : "peft";
}

std::string QuantisationLayout(const std::vector<Tensor>& tensors) {
  Marks marks;
  for (const Tensor& tensor : tensors) marks.Add(tensor);
  if (marks.qweight && marks.g_idx) return "gptq";
  if (marks.qweight && marks.qzeros) return "awq";
  if (marks.trellis && marks.suh) return "exl3";
  if (marks.q_weight && marks.q_scale) return "exl2";
  if (marks.quant_state || marks.absmax) return "bitsandbytes-4bit";
  if (marks.scb) return "bitsandbytes-8bit";
  if (marks.weight_packed) return "compressed-tensors";
  if (marks.packed_u32 && marks.scales) return "mlx";
  if (marks.weight_scale_2) return "nvfp4";
  if (marks.blocks && marks.block_scales) return "mxfp4";
  if (marks.float8 && marks.weight_scale) return "fp8";
  return {};
}

void AddLayoutClaims(Artifact& artifact, HeaderNotes& notes) {
  const std::string adapter = AdapterLayout(artifact.tensors);
  if (!adapter.empty()) {
    artifact.kind = ArtifactKind::kAdapter;
    notes.AddClaim("layout:adapter", adapter);
  }
  notes.AddClaim("layout:quantisation", QuantisationLayout(artifact.tensors));
}

}  // namespace weighbridge
