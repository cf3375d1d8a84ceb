#include "scanner/formats/tensor_hints.h"

#include <doctest/doctest.h>

namespace weighbridge {
namespace {

struct Named {
  const char* name;
  const char* dtype;
};

std::vector<Tensor> Tensors(const std::vector<Named>& names) {
  std::vector<Tensor> tensors;
  for (const Named& named : names) {
    Tensor tensor;
    tensor.name = named.name;
    tensor.dtype = named.dtype;
    tensors.push_back(tensor);
  }
  return tensors;
}

TEST_CASE("the quantisation scheme shows in parameter names") {
  const std::vector<std::pair<std::vector<Named>, std::string>> rows{
      {{{"l.qweight", "I32"}, {"l.qzeros", "I32"}, {"l.scales", "F16"}, {"l.g_idx", "I32"}},
       "gptq"},
      {{{"l.qweight", "I32"}, {"l.qzeros", "I32"}, {"l.scales", "F16"}}, "awq"},
      {{{"l.q_weight", "I32"}, {"l.q_scale", "I32"}, {"l.q_groups", "I16"}}, "exl2"},
      {{{"l.trellis", "I16"}, {"l.suh", "F16"}, {"l.svh", "F16"}}, "exl3"},
      {{{"l.weight", "U8"}, {"l.weight.quant_state.bitsandbytes__nf4", "U8"}}, "bitsandbytes-4bit"},
      {{{"l.weight", "I8"}, {"l.SCB", "F32"}}, "bitsandbytes-8bit"},
      {{{"l.weight", "U32"}, {"l.scales", "BF16"}, {"l.biases", "BF16"}}, "mlx"},
      {{{"l.weight_packed", "I32"}, {"l.weight_scale", "BF16"}}, "compressed-tensors"},
      {{{"l.weight", "U8"}, {"l.weight_scale", "F8_E4M3"}, {"l.weight_scale_2", "F32"}}, "nvfp4"},
      {{{"e.gate_up_proj_blocks", "U8"}, {"e.gate_up_proj_scales", "U8"}}, "mxfp4"},
      {{{"l.weight", "F8_E4M3"}, {"l.weight_scale_inv", "F32"}}, "fp8"},
      {{{"l.weight", "BF16"}, {"l.bias", "BF16"}}, ""},
      {{{"l.weight", "F8_E4M3"}}, ""},
      {{}, ""},
  };
  for (const auto& [names, scheme] : rows) CHECK(QuantisationLayout(Tensors(names)) == scheme);
}

TEST_CASE("adapters show in tensor names, models that carry one do not") {
  const std::vector<std::pair<std::vector<Named>, std::string>> rows{
      {{{"base_model.model.q.lora_A.weight", "F32"}, {"base_model.model.q.lora_B.weight", "F32"}},
       "peft"},
      {{{"lora_unet_down_0.lora_down.weight", "F16"}, {"lora_unet_down_0.alpha", "F16"}}, "kohya"},
      {{{"transformer.attn.lora_up.weight", "F16"}}, "kohya"},
      {{{"base_model.model.q.oft_r", "F32"}}, "peft"},
      {{{"base_model.model.q.oft_R.weight", "F32"}}, "peft"},
      {{{"base_model.model.q.boft_R", "F32"}, {"base_model.model.q.boft_s", "F32"}}, "peft"},
      {{{"base_model.model.q.ia3_l", "F32"}}, "peft"},
      {{{"base_model.model.q.hada_w1_a", "F32"}, {"base_model.model.q.hada_w2_b", "F32"}}, "peft"},
      {{{"base_model.model.q.lokr_w1", "F32"}, {"base_model.model.q.lokr_w2_a", "F32"}}, "peft"},
      {{{"base_model.model.q.vera_lambda_b", "F32"}, {"base_model.vera_A", "F32"}}, "peft"},
      {{{"base_model.model.q.lora_A.weight", "F32"},
        {"base_model.model.q.lora_magnitude_vector", "F32"}},
       "peft"},
      {{{"prompt_embeddings", "F32"}}, "peft"},
      {{{"unet.q.hada_w1_a", "F16"}, {"unet.q.hada_w2_a", "F16"}, {"unet.q.alpha", "F16"}},
       "kohya"},
      {{{"lycoris_unet_q.lokr_w1", "F16"}}, "kohya"},
      {{{"unet.q.oft_blocks", "F16"}}, "kohya"},
      {{{"model.soft_r", "F16"}, {"loft_R", "F16"}}, ""},
      {{{"q.base_layer.weight", "F16"},
        {"q.lora_A.speech.weight", "F16"},
        {"q.lora_B.speech.weight", "F16"}},
       ""},
      {{{"a.weight", "F16"}, {"b.weight", "F16"}, {"q.lora_A.weight", "F16"}}, ""},
      {{{"a.weight", "F16"}}, ""},
      {{}, ""},
  };
  for (const auto& [names, layout] : rows) CHECK(AdapterLayout(Tensors(names)) == layout);
}

}  // namespace
}  // namespace weighbridge
