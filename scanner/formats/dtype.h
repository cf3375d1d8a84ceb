// Element types: the safetensors spelling (F32, BF16, F8_E4M3) where one exists, else
// ggml's (Q4_K). Every format's reader uses these words in Tensor::dtype.
// Sources: huggingface/safetensors tensor.rs; llama.cpp gguf-py/gguf/constants.py.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace weighbridge {

// Bits of one element of a plain type, 0 when the name is not known.
std::uint32_t DtypeBits(std::string_view dtype);

struct GgmlType {
  std::uint32_t id;
  const char* name;
  std::uint32_t block_elements;
  std::uint32_t block_bytes;  // 0: sources disagree, or the type was removed
};

// nullptr when the id or name is not in the table.
const GgmlType* FindGgmlType(std::uint32_t id);
const GgmlType* FindGgmlType(std::string_view name);

// Product of the dimensions (1 for a scalar); false when it does not fit 64 bits.
bool CountElements(const std::vector<std::uint64_t>& shape, std::uint64_t* count);

// Bytes that a tensor of this type and element count fills; false when the type is
// unknown, the product wraps, or elements do not fill whole bytes or blocks.
bool DtypeBytes(std::string_view dtype, std::uint64_t elements, std::uint64_t* bytes);

// The shared word for another library's spelling: "float32", "torch.bfloat16",
// "FloatStorage", "<f4"; "" when it is none of these.
std::string CanonicalDtype(std::string_view spelling);

}  // namespace weighbridge
