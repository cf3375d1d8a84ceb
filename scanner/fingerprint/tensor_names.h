// TensorTable: the tensors of a model indexed by module. A tensor name is taken
// apart into its language-model layer, its module path below the layer and its
// parameter:
//
//   model.layers.3.mlp.experts.7.down_proj.qweight
//   \__________/ ^ \____________________/  \_____/
//    layer prefix N  module                 parameter
//
// Vision, audio and speech towers keep their own layer numbering and are left out;
// of the remaining layer prefixes the one with the most layers is the language
// model. Views point into the artifacts' tensors, which must outlive the table.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "weighbridge/artifact.h"

namespace weighbridge {

struct NamedTensor {
  const Tensor* tensor = nullptr;
  bool in_layer = false;
  std::uint64_t layer = 0;
  std::string_view prefix;     // up to the layer number, "" outside layers
  std::string_view module;     // below the layer; the whole path outside layers
  std::string_view parameter;  // "weight", "bias", "qweight", "lora_A", ...
};

// Splits one name; never fails: an unusual name is a module without layer.
NamedTensor SplitTensorName(const Tensor& tensor);
// A vision, audio or speech tower, a training state: not the language model.
bool IsOutsideLanguageModel(std::string_view name);
// The last dotted component.
std::string_view LastPart(std::string_view module);
bool HasPart(std::string_view module, std::string_view part);

}  // namespace weighbridge
