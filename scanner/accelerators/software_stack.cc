#include "scanner/accelerators/software_stack.h"

#include <algorithm>
#include <array>

#include "scanner/base/text.h"

namespace weighbridge {
namespace {

struct Library {
  std::string_view name;  // before ".so"
  std::string_view stack;
  std::string_view vendor;
};

constexpr auto kLibraries = std::to_array<Library>({
    {"libcuda", "CUDA driver", "NVIDIA"},
    {"libcudart", "CUDA", "NVIDIA"},
    {"libcublas", "CUDA", "NVIDIA"},
    {"libnvrtc", "CUDA", "NVIDIA"},
    {"libcudnn", "cuDNN", "NVIDIA"},
    {"libnccl", "NCCL", "NVIDIA"},
    {"libnvinfer", "TensorRT", "NVIDIA"},
    {"libamdhip64", "ROCm", "AMD"},
    {"libhsa-runtime64", "ROCm", "AMD"},
    {"librocblas", "ROCm", "AMD"},
    {"libgalaxyhip", "DTK", "Hygon"},
    {"libascendcl", "CANN", "Huawei"},
    {"libascend_hal", "CANN driver", "Huawei"},
    {"libhccl", "CANN", "Huawei"},
    {"libcnrt", "Neuware", "Cambricon"},
    {"libcnnl", "Neuware", "Cambricon"},
    {"libcndev", "Neuware", "Cambricon"},
    {"libmusart", "MUSA", "Moore Threads"},
    {"libmublas", "MUSA", "Moore Threads"},
    {"libmcruntime", "MACA", "MetaX"},
    {"libmcblas", "MACA", "MetaX"},
    {"libxpurt", "XPU runtime", "Kunlunxin"},
    {"libixml", "CoreX", "Iluvatar"},
    {"libtopsrt", "TopsRider", "Enflame"},
    {"libSynapse", "SynapseAI", "Intel Habana"},
    {"libnrt", "Neuron", "AWS"},
    {"libtpu", "TPU runtime", "Google"},
    {"libze_intel_gpu", "Level Zero", "Intel"},
    {"librknnrt", "RKNN", "Rockchip"},
});

// "libcudart.so.12.4.127" -> "libcudart" and "12.4.127"; wheels add a hash:
// "libcudart-a1b2c3d4.so.12".
bool SplitName(std::string_view file, std::string_view* name, std::string_view* version) {
  const std::size_t so = file.find(".so");
  if (so == file.npos || so == 0) return false;
  *version = file.substr(so + 3);
  if (!version->empty() && version->front() != '.') return false;
  if (!version->empty()) version->remove_prefix(1);
  const auto number = [](char c) { return (c >= '0' && c <= '9') || c == '.'; };
  if (!std::all_of(version->begin(), version->end(), number)) return false;
  *name = file.substr(0, so);
  if (const std::size_t dash = name->rfind('-'); dash != name->npos && name->size() - dash == 9) {
    *name = name->substr(0, dash);
  }
  return true;
}

}  // namespace

SoftwareStack StackOfLibrary(std::string_view file_name) {
  std::string_view name, version;
  if (!SplitName(file_name, &name, &version)) return {};
  for (const Library& library : kLibraries) {
    if (name == library.name) {
      return {std::string(library.stack), std::string(library.vendor), std::string(version)};
    }
  }
  return {};
}

bool MayHoldGpuCode(std::string_view file_name) {
  constexpr auto kWords = std::to_array<std::string_view>(
      {"cuda",     "cublas",  "cudnn",   "cufft",        "curand",    "cusolver",   "cusparse",
       "nccl",     "rccl",    "hip",     "rocm",         "rocblas",   "miopen",     "torch",
       "ggml",     "llama",   "flash",   "xformers",     "triton",    "vllm",       "onnxruntime",
       "tensorrt", "nvinfer", "paddle",  "bitsandbytes", "deepspeed", "tensorflow", "xla",
       "jax",      "mscclpp", "nvshmem", "_c."});
  const std::string lower = ToLower(file_name);
  return std::any_of(kWords.begin(), kWords.end(),
                     [&](std::string_view word) { return lower.find(word) != lower.npos; });
}

}  // namespace weighbridge
