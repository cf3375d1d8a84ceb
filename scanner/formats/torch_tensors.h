// Tensors of a pickled PyTorch object: found in the tree of a symbolic walk, named
// as state_dict() would name them. Where their bytes lie is for the container to say.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "scanner/formats/pickle_walk.h"
#include "weighbridge/limits.h"

namespace weighbridge {

struct TorchTensor {
  std::string name;
  std::string dtype;             // safetensors spelling
  std::uint64_t item_bytes = 0;  // 0: dtype not known
  std::vector<std::uint64_t> shape;
  std::string storage_key;
  std::uint64_t storage_offset = 0;  // bytes, into the storage
  std::uint64_t storage_bytes = 0;   // as the pickle says
  std::uint64_t bytes = 0;           // of the tensor's elements
  bool contiguous = false;           // row-major without gaps
  bool sized = false;                // bytes, offset and storage are known and consistent
};

struct TorchTensors {
  std::vector<TorchTensor> tensors;
  std::string wrapper;                // "state_dict" when the weights lie below that key
  std::uint64_t outside_wrapper = 0;  // tensors beside the wrapper (optimizer state)
  std::uint64_t malformed = 0;        // tensors whose description makes no sense
  bool cut = false;                   // a cap was reached
};

// Thread-safe. Follows every container once, so shared and cyclic objects end.
TorchTensors CollectTorchTensors(const PickleWalk& walk, const Limits& limits);

// Bytes and safetensors spelling of "torch.HalfStorage" or "torch.float16".
struct TorchDtype {
  const char* name = "";
  std::uint64_t item_bytes = 0;
};
TorchDtype FindTorchDtype(std::string_view global_name);

}  // namespace weighbridge
