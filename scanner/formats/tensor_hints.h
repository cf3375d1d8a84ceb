// What the names and types of tensors say about how a file was made: an adapter, or a
// quantisation scheme inside an ordinary container. Structure only, no identity.
#pragma once

#include <string>
#include <vector>

#include "weighbridge/artifact.h"

namespace weighbridge {

// "peft", "kohya", or "" when the tensors are no adapter. A model that carries adapters
// beside its own base layers is not one.
std::string AdapterLayout(const std::vector<Tensor>& tensors);

// "gptq", "awq", "exl2", "exl3", "bitsandbytes-4bit", "bitsandbytes-8bit", "mlx",
// "compressed-tensors", "nvfp4", "mxfp4", "fp8", or "" when no scheme shows.
std::string QuantisationLayout(const std::vector<Tensor>& tensors);

}  // namespace weighbridge
