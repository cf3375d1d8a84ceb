#include "scanner/formats/dtype.h"

#include <algorithm>
#include <array>

#include "scanner/base/checked_math.h"

namespace weighbridge {
namespace {

struct PlainType {
  const char* name;
  std::uint32_t bits;
};

// huggingface/safetensors:safetensors/src/tensor.rs
constexpr std::array kPlainTypes{
    PlainType{"BOOL", 8},        PlainType{"F4", 4},          PlainType{"F6_E2M3", 6},
    PlainType{"F6_E3M2", 6},     PlainType{"U8", 8},          PlainType{"I8", 8},
    PlainType{"F8_E4M3", 8},     PlainType{"F8_E5M2", 8},     PlainType{"F8_E8M0", 8},
    PlainType{"F8_E4M3FNUZ", 8}, PlainType{"F8_E5M2FNUZ", 8}, PlainType{"I16", 16},
    PlainType{"U16", 16},        PlainType{"F16", 16},        PlainType{"BF16", 16},
    PlainType{"I32", 32},        PlainType{"U32", 32},        PlainType{"F32", 32},
    PlainType{"I64", 64},        PlainType{"U64", 64},        PlainType{"F64", 64},
    PlainType{"C64", 64},        PlainType{"C128", 128},
};

// gguf-py/gguf/constants.py. Q8_1 is 36 bytes in the C headers and 40 there: no size
// is checked for it. Ids 4, 5, 31-33 and 36-38 were removed.
constexpr std::array kGgmlTypes{
    GgmlType{0, "F32", 1, 4},         GgmlType{1, "F16", 1, 2},
    GgmlType{2, "Q4_0", 32, 18},      GgmlType{3, "Q4_1", 32, 20},
    GgmlType{6, "Q5_0", 32, 22},      GgmlType{7, "Q5_1", 32, 24},
    GgmlType{8, "Q8_0", 32, 34},      GgmlType{9, "Q8_1", 32, 0},
    GgmlType{10, "Q2_K", 256, 84},    GgmlType{11, "Q3_K", 256, 110},
    GgmlType{12, "Q4_K", 256, 144},   GgmlType{13, "Q5_K", 256, 176},
    GgmlType{14, "Q6_K", 256, 210},   GgmlType{15, "Q8_K", 256, 292},
    GgmlType{16, "IQ2_XXS", 256, 66}, GgmlType{17, "IQ2_XS", 256, 74},
    GgmlType{18, "IQ3_XXS", 256, 98}, GgmlType{19, "IQ1_S", 256, 50},
    GgmlType{20, "IQ4_NL", 32, 18},   GgmlType{21, "IQ3_S", 256, 110},
    GgmlType{22, "IQ2_S", 256, 82},   GgmlType{23, "IQ4_XS", 256, 136},
    GgmlType{24, "I8", 1, 1},         GgmlType{25, "I16", 1, 2},
    GgmlType{26, "I32", 1, 4},        GgmlType{27, "I64", 1, 8},
    GgmlType{28, "F64", 1, 8},        GgmlType{29, "IQ1_M", 256, 56},
    GgmlType{30, "BF16", 1, 2},       GgmlType{34, "TQ1_0", 256, 54},
    GgmlType{35, "TQ2_0", 256, 66},   GgmlType{39, "MXFP4", 32, 17},
    GgmlType{40, "NVFP4", 64, 36},    GgmlType{41, "Q1_0", 128, 18},
};

struct Spelling {
  const char* theirs;
  const char* ours;
};

// torch dtypes and storage classes, numpy's type letters with their byte counts.
constexpr std::array kSpellings{
    Spelling{"float64", "F64"},
    Spelling{"double", "F64"},
    Spelling{"float32", "F32"},
    Spelling{"float", "F32"},
    Spelling{"float16", "F16"},
    Spelling{"half", "F16"},
    Spelling{"bfloat16", "BF16"},
    Spelling{"float8_e4m3fn", "F8_E4M3"},
    Spelling{"float8_e5m2", "F8_E5M2"},
    Spelling{"float8_e4m3fnuz", "F8_E4M3FNUZ"},
    Spelling{"float8_e5m2fnuz", "F8_E5M2FNUZ"},
    Spelling{"float8_e8m0fnu", "F8_E8M0"},
    Spelling{"int64", "I64"},
    Spelling{"long", "I64"},
    Spelling{"int32", "I32"},
    Spelling{"int", "I32"},
    Spelling{"int16", "I16"},
    Spelling{"short", "I16"},
    Spelling{"int8", "I8"},
    Spelling{"uint8", "U8"},
    Spelling{"uint16", "U16"},
    Spelling{"uint32", "U32"},
    Spelling{"uint64", "U64"},
    Spelling{"bool", "BOOL"},
    Spelling{"complex64", "C64"},
    Spelling{"complex128", "C128"},
    Spelling{"DoubleStorage", "F64"},
    Spelling{"FloatStorage", "F32"},
    Spelling{"HalfStorage", "F16"},
    Spelling{"BFloat16Storage", "BF16"},
    Spelling{"LongStorage", "I64"},
    Spelling{"IntStorage", "I32"},
    Spelling{"ShortStorage", "I16"},
    Spelling{"CharStorage", "I8"},
    Spelling{"ByteStorage", "U8"},
    Spelling{"BoolStorage", "BOOL"},
    Spelling{"ComplexFloatStorage", "C64"},
    Spelling{"ComplexDoubleStorage", "C128"},
    Spelling{"f8", "F64"},
    Spelling{"f4", "F32"},
    Spelling{"f2", "F16"},
    Spelling{"i8", "I64"},
    Spelling{"i4", "I32"},
    Spelling{"i2", "I16"},
    Spelling{"i1", "I8"},
    Spelling{"u8", "U64"},
    Spelling{"u4", "U32"},
    Spelling{"u2", "U16"},
    Spelling{"u1", "U8"},
    Spelling{"b1", "BOOL"},
    Spelling{"c8", "C64"},
    Spelling{"c16", "C128"},
};

}  // namespace

std::uint32_t DtypeBits(std::string_view dtype) {
  for (const PlainType& type : kPlainTypes) {
    if (dtype == type.name) return type.bits;
  }
  return 0;
}

const GgmlType* FindGgmlType(std::uint32_t id) {
  const auto* found = std::find_if(kGgmlTypes.begin(), kGgmlTypes.end(),
                                   [id](const GgmlType& type) { return type.id == id; });
  return found == kGgmlTypes.end() ? nullptr : found;
}

const GgmlType* FindGgmlType(std::string_view name) {
  const auto* found = std::find_if(kGgmlTypes.begin(), kGgmlTypes.end(),
                                   [name](const GgmlType& type) { return name == type.name; });
  return found == kGgmlTypes.end() ? nullptr : found;
}

bool CountElements(const std::vector<std::uint64_t>& shape, std::uint64_t* count) {
  // A zero makes the product zero, whatever the other dimensions are.
  *count = 0;
  if (std::find(shape.begin(), shape.end(), 0U) != shape.end()) return true;
  *count = 1;
  for (const std::uint64_t dimension : shape) {
    if (!CheckedMul(*count, dimension, count)) return false;
  }
  return true;
}

bool DtypeBytes(std::string_view dtype, std::uint64_t elements, std::uint64_t* bytes) {
  if (const std::uint32_t bits = DtypeBits(dtype); bits != 0) {
    std::uint64_t total = 0;
    if (!CheckedMul(elements, bits, &total) || total % 8 != 0) return false;
    *bytes = total / 8;
    return true;
  }
  const GgmlType* type = FindGgmlType(dtype);
  if (type == nullptr || type->block_bytes == 0 || elements % type->block_elements != 0) {
    return false;
  }
  return CheckedMul(elements / type->block_elements, type->block_bytes, bytes);
}

std::string CanonicalDtype(std::string_view spelling) {
  constexpr std::string_view kTorch = "torch.";
  if (spelling.substr(0, kTorch.size()) == kTorch) spelling.remove_prefix(kTorch.size());
  if (!spelling.empty() && std::string_view("<>|=").find(spelling[0]) != std::string_view::npos) {
    spelling.remove_prefix(1);
  }
  for (const Spelling& entry : kSpellings) {
    if (spelling == entry.theirs) return entry.ours;
  }
  return {};
}

}  // namespace weighbridge
