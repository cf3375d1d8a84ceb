// Packings of linear layers (row-major shapes as in the file):
//
//   GPTQ    qweight I32 [in*bits/32, out], scales [in/group, out], g_idx [in]
//   AWQ     qweight I32 [in, out*bits/32], scales [in/group, out]
//   MLX     weight U32 [out, in*bits/32], scales and biases [out, in/group]
//   bnb     weight U8 [n/2, 1], weight.absmax: only the element count is left
//   NVFP4   weight_packed or weight U8 [out, in/2]
//   int4    weight_packed I32 [out, in/8]
//
// Source: shared/identification.md section 7; AutoGPTQ, AutoAWQ, mlx.nn.QuantizedLinear,
// compressed-tensors and bitsandbytes layer definitions.
#include "scanner/fingerprint/logical_shape.h"

#include "scanner/base/checked_math.h"

namespace weighbridge {
namespace {

std::uint64_t Dim(const Tensor* tensor, std::size_t index) {
  return tensor != nullptr && index < tensor->shape.size() ? tensor->shape[index] : 0;
}

std::uint64_t Product(std::uint64_t a, std::uint64_t b) {
  std::uint64_t product = 0;
  return CheckedMul(a, b, &product) ? product : 0;
}

LogicalShape Matrix(std::uint64_t out, std::uint64_t in) { return {0, out, in, Product(out, in)}; }

LogicalShape GptqOrAwq(const ModuleTensors& module) {
  const std::uint64_t rows = Dim(module.qweight, 0);
  const std::uint64_t columns = Dim(module.qweight, 1);
  const std::uint64_t out = Dim(module.scales, 1);
  if (out == 0) return {};
  if (columns != out) return Matrix(out, rows);  // AWQ packs along out
  if (module.g_idx != nullptr) return Matrix(out, Dim(module.g_idx, 0));
  // Bits from the zero points [in/group, out*bits/32]; 4 when there are none.
  std::uint64_t bits = Product(Dim(module.qzeros, 1), 32) / out;
  if (bits == 0 || bits > 8) bits = 4;
  return Matrix(out, Product(rows, 32) / bits);
}

LogicalShape Mlx(const ModuleTensors& module, std::uint64_t group, std::uint64_t hidden) {
  const std::size_t rank = module.weight->shape.size();
  if (rank < 2 || module.scales->shape.size() != rank) return {};
  const std::uint64_t out = Dim(module.weight, rank - 2);
  const std::uint64_t groups = Dim(module.scales, rank - 1);
  if (group == 0 && groups != 0 && hidden % groups == 0) group = hidden / groups;
  LogicalShape shape = Matrix(out, Product(groups, group));
  if (rank == 3) {
    shape.stack = Dim(module.weight, 0);
    shape.elements = Product(shape.elements, shape.stack);
  }
  return shape;
}

LogicalShape Bnb4(const ModuleTensors& module, std::uint64_t hidden) {
  const std::uint64_t elements = Product(ElementCount(*module.weight), 2);
  LogicalShape shape;
  shape.elements = elements;
  if (hidden != 0 && elements % hidden == 0) {
    shape.in = hidden;  // one side is the hidden size for every block matrix
    shape.out = elements / hidden;
  }
  return shape;
}

}  // namespace

bool ModuleTensors::Take(std::string_view parameter, const Tensor& tensor) {
  struct Slot {
    std::string_view name;
    const Tensor** where;
  };
  const Slot slots[] = {{"weight", &weight},        {"bias", &bias},
                        {"qweight", &qweight},      {"qzeros", &qzeros},
                        {"scales", &scales},        {"g_idx", &g_idx},
                        {"weight_packed", &packed}, {"weight_scale_2", &scale2},
                        {"weight.absmax", &absmax}, {"lora_A", &lora_a},
                        {"lora_a", &lora_a},        {"lora_B", &lora_b},
                        {"lora_b", &lora_b}};
  for (const Slot& slot : slots) {
    if (parameter != slot.name) continue;
    *slot.where = &tensor;
    return true;
  }
  if (parameter == "biases") {
    mlx_biases = true;
    return true;
  }
  return parameter == "SCB" || parameter == "weight_format" || parameter == "weight_shape" ||
         parameter == "weight_zero_point" || parameter == "weight_g_idx" ||
         parameter == "input_scale" || parameter == "output_scale" || parameter == "k_scale" ||
         parameter == "v_scale" || parameter == "input_global_scale" ||
         parameter.starts_with("weight_scale") || parameter.starts_with("weight_global_scale") ||
         parameter.starts_with("weight.") || parameter.ends_with("_scales");
}

std::uint64_t ElementCount(const Tensor& tensor) {
  std::uint64_t count = 1;
  for (const std::uint64_t dimension : tensor.shape) {
    if (!CheckedMul(count, dimension, &count)) return 0;
  }
  return count;
}

LogicalShape ShapeOf(const ModuleTensors& module, std::uint64_t mlx_group, std::uint64_t hidden) {
  if (module.lora_a != nullptr && module.lora_b != nullptr) {
    LogicalShape shape = Matrix(Dim(module.lora_b, 0), Dim(module.lora_a, 1));
    shape.elements = ElementCount(*module.lora_a) + ElementCount(*module.lora_b);
    return shape;
  }
  if (module.qweight != nullptr) return GptqOrAwq(module);
  if (module.packed != nullptr) {
    const std::uint64_t per_word = module.packed->dtype == "U8" ? 2 : 8;
    return Matrix(Dim(module.packed, 0), Product(Dim(module.packed, 1), per_word));
  }
  if (module.weight == nullptr) return {};
  const Tensor& weight = *module.weight;
  if (module.absmax != nullptr) return Bnb4(module, hidden);
  if (weight.dtype == "U32" && module.scales != nullptr) return Mlx(module, mlx_group, hidden);
  if (weight.shape.size() == 2 && weight.dtype == "U8" && module.scale2 != nullptr) {
    return Matrix(weight.shape[0], Product(weight.shape[1], 2));
  }
  LogicalShape shape;
  shape.elements = ElementCount(weight);
  if (weight.shape.size() == 2) {
    shape.out = weight.shape[0];
    shape.in = weight.shape[1];
  } else if (weight.shape.size() == 3) {
    shape.stack = weight.shape[0];
    shape.out = weight.shape[1];
    shape.in = weight.shape[2];
  }
  return shape;
}

}  // namespace weighbridge
