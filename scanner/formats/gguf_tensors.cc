#include "scanner/formats/gguf_tensors.h"

#include <algorithm>
#include <limits>
#include <string>
#include <utility>

#include "scanner/base/checked_math.h"
#include "scanner/base/text.h"
#include "scanner/formats/dtype.h"

namespace weighbridge {
namespace {

constexpr std::size_t kMaxName = 64;       // GGML_MAX_NAME, with its terminator
constexpr std::uint64_t kMaxDims = 4;      // GGML_MAX_DIMS
constexpr std::uint64_t kMaxDimsRead = 8;  // beyond this the bytes are no tensor info
constexpr std::uint64_t kMaxElements = std::numeric_limits<std::int64_t>::max();

// The next multiple of a power of two; false when it does not fit.
bool AlignUp(std::uint64_t value, std::uint64_t alignment, std::uint64_t* out) {
  if (!CheckedAdd(value, alignment - 1, out)) return false;
  *out &= ~(alignment - 1);
  return true;
}

std::string Called(const Tensor& tensor) { return "tensor " + Quote(tensor.name); }

}  // namespace

bool GgufTensors::ReadInfos(std::uint64_t count) {
  // Name length, rank, type and offset: what the smallest info takes.
  const std::uint64_t smallest = stream_.length_bytes() + 4 + 4 + 8;
  if (stream_.ok() && count > stream_.remaining() / smallest) {
    stream_.Fail(ErrorCode::kTruncated, "tensor count " + std::to_string(count) +
                                            " does not fit in the " +
                                            std::to_string(stream_.remaining()) + " bytes left");
  }
  for (std::uint64_t i = 0; i < count && stream_.ok(); ++i) {
    if (artifact_.tensors.size() >= limits_.max_tensors_per_file) {
      stream_.Fail(ErrorCode::kLimitExceeded,
                   "more than " + std::to_string(limits_.max_tensors_per_file) + " tensors");
    } else if (!ReadInfo()) {
      return false;
    }
  }
  return stream_.ok();
}

bool GgufTensors::ReadShape(Tensor* tensor) {
  const std::uint64_t rank = stream_.ReadUint(4, "tensor rank");
  if (!stream_.ok()) return false;
  if (rank > kMaxDimsRead) {
    stream_.Fail(ErrorCode::kMalformed,
                 Called(*tensor) + " has " + std::to_string(rank) + " dimensions");
    return false;
  }
  if (rank > kMaxDims) {
    notes_.Partial(ErrorCode::kMalformed,
                   Called(*tensor) + " has " + std::to_string(rank) + " dimensions, more than 4");
  }
  for (std::uint64_t i = 0; i < rank; ++i) {
    tensor->shape.push_back(stream_.ReadUint(version_1_ ? 4 : 8, "tensor dimension"));
  }
  return stream_.ok();
}

bool GgufTensors::ReadInfo() {
  Tensor tensor;
  tensor.name = stream_.ReadText("tensor name", limits_.max_gguf_string_bytes);
  if (!stream_.ok() || !ReadShape(&tensor)) return false;
  const std::uint64_t type = stream_.ReadUint(4, "tensor type");
  tensor.offset = stream_.ReadUint(8, "tensor offset");
  if (!stream_.ok()) return false;
  if (tensor.name.empty() || tensor.name.size() >= kMaxName) {
    notes_.Note(ErrorCode::kMalformed, Called(tensor) + " has a name of " +
                                           CountOf(tensor.name.size(), "byte") +
                                           ", not of 1 to 63");
  }
  const GgmlType* known = FindGgmlType(static_cast<std::uint32_t>(type));
  tensor.dtype = known != nullptr ? known->name : "GGML_TYPE_" + std::to_string(type);
  if (known == nullptr) {
    notes_.Partial(ErrorCode::kUnsupported, Called(tensor) + " has the unknown type " +
                                                std::to_string(type) + ", its size is not checked");
  } else if (!tensor.shape.empty() && tensor.shape[0] % known->block_elements != 0) {
    notes_.Partial(ErrorCode::kMalformed, Called(tensor) + ": rows of " +
                                              std::to_string(tensor.shape[0]) +
                                              " elements are no multiple of the " + known->name +
                                              " block of " + std::to_string(known->block_elements));
  }
  std::reverse(tensor.shape.begin(), tensor.shape.end());
  artifact_.tensors.push_back(std::move(tensor));
  return true;
}

// False, after saying why unless it was said before, when no size can be computed.
bool GgufTensors::SizeOf(const Tensor& tensor, std::uint64_t* bytes) {
  if (std::find(tensor.shape.begin(), tensor.shape.end(), 0U) != tensor.shape.end()) {
    notes_.Partial(ErrorCode::kMalformed, Called(tensor) + " has a dimension of 0");
    return false;
  }
  std::uint64_t elements = 0;
  if (!CountElements(tensor.shape, &elements) || elements > kMaxElements) {
    notes_.Partial(ErrorCode::kMalformed,
                   Called(tensor) + ": the product of its dimensions overflows");
    return false;
  }
  if (DtypeBytes(tensor.dtype, elements, bytes)) return true;
  const GgmlType* known = FindGgmlType(tensor.dtype);
  const bool wraps =
      known != nullptr && known->block_bytes != 0 && elements % known->block_elements == 0;
  if (wraps) {
    notes_.Partial(ErrorCode::kMalformed, Called(tensor) + ": its size in bytes overflows");
  }
  return false;
}

void GgufTensors::PlaceData(std::uint64_t header_end, std::uint64_t alignment,
                            std::uint64_t file_size) {
  std::uint64_t data_start = 0;
  if (!AlignUp(header_end, alignment, &data_start)) return;
  const std::uint64_t data_bytes = file_size > data_start ? file_size - data_start : 0;
  std::uint64_t expected = 0;  // where the next tensor begins
  bool expected_known = true;  // false after a tensor of unknown size
  std::uint64_t needed = 0;    // end of the last tensor
  for (Tensor& tensor : artifact_.tensors) {
    const std::uint64_t relative = std::exchange(tensor.offset, 0);
    std::uint64_t bytes = 0;
    const bool sized = SizeOf(tensor, &bytes);
    if (expected_known && relative != expected) {
      notes_.Partial(ErrorCode::kMalformed, Called(tensor) + " has the offset " +
                                                std::to_string(relative) + ", expected " +
                                                std::to_string(expected));
    }
    std::uint64_t end = 0;
    std::uint64_t padded = 0;
    const bool placed = sized && relative >= expected && relative % alignment == 0 &&
                        CheckedAdd(relative, bytes, &end) && AlignUp(end, alignment, &padded);
    if (!placed) {
      expected_known = false;
      continue;
    }
    expected_known = true;
    expected = padded;
    needed = std::max(needed, end);
    tensor.has_data = end <= data_bytes;
    if (!tensor.has_data) continue;
    tensor.offset = data_start + relative;
    tensor.bytes = bytes;
  }
  if (needed > data_bytes) {
    notes_.Partial(ErrorCode::kTruncated, "the tensors need " + std::to_string(needed) +
                                              " bytes of data, file has " +
                                              std::to_string(data_bytes));
  } else if (expected_known && data_bytes > expected) {
    notes_.Partial(
        ErrorCode::kMalformed,
        CountOf(data_bytes - expected, "byte") +
            (artifact_.tensors.empty() ? " after the metadata" : " after the last tensor"));
  }
}

}  // namespace weighbridge
