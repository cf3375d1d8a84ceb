// What the names and types of tensors say about how a file was made: an adapter, or a
// quantisation scheme inside an ordinary container. Structure only, no identity.
#pragma once

#include <string>
#include <vector>

#include "scanner/formats/header_notes.h"
#include "weighbridge/artifact.h"

namespace weighbridge {

// "peft", "kohya", or "" when the tensors are no adapter. A model that carries adapters
// beside its own base layers is not one.
// Covers LoRA, DoRA, AdaLoRA, LoHa, LoKr, IA3, OFT, BOFT, VeRA, VB-LoRA, FourierFT, HRA,
// Bone, RandLoRA, prompt and prefix tuning.
std::string AdapterLayout(const std::vector<Tensor>& tensors);

// "gptq", "awq", "exl2", "exl3", "bitsandbytes-4bit", "bitsandbytes-8bit", "mlx",
// "compressed-tensors", "nvfp4", "mxfp4", "fp8", or "" when no scheme shows.
std::string QuantisationLayout(const std::vector<Tensor>& tensors);

// Claims "layout:adapter" (the artifact is then of kind kAdapter) and "layout:quantisation".
void AddLayoutClaims(Artifact& artifact, HeaderNotes& notes);

}  // namespace weighbridge
