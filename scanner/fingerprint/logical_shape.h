// LogicalShape: the shape that a linear layer has for the model, whatever packing
// its file uses (GPTQ, AWQ, MLX, bitsandbytes, compressed-tensors, NVFP4, FP8, LoRA
// pairs). Scales, zero points and quantiser state are no parameters of the model.
#pragma once

#include <cstdint>
#include <string_view>

#include "weighbridge/artifact.h"

namespace weighbridge {

// The parameters that share one module path; each may be absent.
struct ModuleTensors {
  const Tensor* weight = nullptr;
  const Tensor* bias = nullptr;
  const Tensor* qweight = nullptr;  // GPTQ, AWQ
  const Tensor* qzeros = nullptr;
  const Tensor* scales = nullptr;  // GPTQ, AWQ, MLX
  const Tensor* g_idx = nullptr;   // GPTQ: length is the in dimension
  const Tensor* packed = nullptr;  // compressed-tensors weight_packed
  const Tensor* scale2 = nullptr;  // modelopt NVFP4 weight_scale_2
  const Tensor* absmax = nullptr;  // bitsandbytes 4-bit
  const Tensor* lora_a = nullptr;
  const Tensor* lora_b = nullptr;
  bool mlx_biases = false;  // `biases`: MLX quantisation offsets, no projection bias

  // True when `parameter` was one of the above or quantiser state; false when it
  // is a parameter of its own (then it is counted by its own shape).
  bool Take(std::string_view parameter, const Tensor& tensor);
};

struct LogicalShape {
  std::uint64_t stack = 0;  // experts in one tensor, 0 for a plain matrix
  std::uint64_t out = 0;    // 0: not recoverable
  std::uint64_t in = 0;
  std::uint64_t elements = 0;  // 0: unknown
};

// `mlx_group` and `hidden` may be 0. LoRA pairs give out and in of their target.
LogicalShape ShapeOf(const ModuleTensors& module, std::uint64_t mlx_group, std::uint64_t hidden);

// Product of the dimensions, 0 when it does not fit 64 bits.
std::uint64_t ElementCount(const Tensor& tensor);

}  // namespace weighbridge
