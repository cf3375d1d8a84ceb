#include "scanner/formats/ggml_walk.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "scanner/base/byte_reader.h"
#include "scanner/base/checked_math.h"
#include "scanner/base/text.h"
#include "scanner/formats/dtype.h"

namespace weighbridge {
namespace {

constexpr std::uint32_t kMaxToken = 4096;  // bytes
constexpr std::uint32_t kMaxName = 256;
constexpr std::uint32_t kMaxDims = 4;
constexpr std::uint64_t kAlignment = 32;

// Reads forward in blocks; after the first failure everything is zero.
class Stream {
 public:
  explicit Stream(const ByteSource& source) : source_(source) {}

  bool ok() const { return ok_; }
  bool AtEnd() const { return at_ >= source_.size(); }
  std::uint64_t position() const { return at_; }
  std::uint64_t left() const { return source_.size() - std::min(at_, source_.size()); }
  std::uint32_t U32() {
    const ByteSpan bytes = Take(4);
    return bytes.empty() ? 0 : ByteReader(bytes).ReadLe<std::uint32_t>("u32");
  }
  std::string Text(std::uint32_t count) { return std::string(AsText(Take(count))); }
  void Skip(std::uint64_t count) {
    if (count > left()) ok_ = false;
    if (ok_) at_ += count;
  }

 private:
  static constexpr std::size_t kBlock = 64U << 10;

  ByteSpan Take(std::size_t count) {
    if (!ok_ || count > left()) {
      ok_ = false;
      return {};
    }
    if (at_ < block_at_ || at_ + count > block_at_ + block_.size()) Fill();
    const std::uint64_t from = at_ - block_at_;
    if (from + count > block_.size()) {
      ok_ = false;
      return {};
    }
    at_ += count;
    return ByteSpan(block_).subspan(static_cast<std::size_t>(from), count);
  }

  // A small block after a jump over data, a large one where the reading is sequential.
  void Fill() {
    const bool sequential = at_ == block_at_ + block_.size() || block_.empty();
    const std::size_t wanted = sequential ? kBlock : 8192;
    block_.resize(static_cast<std::size_t>(std::min<std::uint64_t>(wanted, left())));
    auto got = source_.ReadAt(at_, block_);
    block_.resize(got.ok() ? got.value() : 0);
    block_at_ = at_;
  }

  const ByteSource& source_;
  std::vector<std::uint8_t> block_;
  std::uint64_t block_at_ = 0;
  std::uint64_t at_ = 0;
  bool ok_ = true;
};

// Blocks before GGJT 3 kept 32-bit scales (llama.cpp pull requests 1405 and 1508).
struct OldType {
  std::uint32_t id;
  const char* name;
  std::uint32_t block_elements;
  std::uint32_t block_bytes;
};
constexpr std::array kOldTypes{OldType{2, "Q4_0_F32", 32, 20}, OldType{3, "Q4_1_F32", 32, 24},
                               OldType{4, "Q4_2", 16, 10}, OldType{5, "Q4_3", 16, 12},
                               OldType{8, "Q8_0_F32", 32, 36}};

bool SizeOf(std::uint32_t type, const GgmlLayout& layout, std::uint64_t elements, Tensor* tensor,
            std::uint64_t* bytes) {
  const bool old = !(layout.aligned && layout.version >= 3) && !layout.adapter;
  for (const OldType& row : kOldTypes) {
    if (!old || row.id != type) continue;
    tensor->dtype = row.name;
    return elements % row.block_elements == 0 &&
           CheckedMul(elements / row.block_elements, row.block_bytes, bytes);
  }
  const GgmlType* known = FindGgmlType(type);
  if (known == nullptr) return false;
  tensor->dtype = known->name;
  return DtypeBytes(tensor->dtype, elements, bytes);
}

// One tensor; false when it is none. `good`: its data lie in the file.
bool ReadTensor(Stream& in, const GgmlLayout& layout, Tensor* tensor, bool* good) {
  *good = false;
  const std::uint32_t dims = in.U32();
  const std::uint32_t name_bytes = in.U32();
  const std::uint32_t type = in.U32();
  if (!in.ok() || dims == 0 || dims > kMaxDims || name_bytes == 0 || name_bytes > kMaxName) {
    return false;
  }
  for (std::uint32_t i = 0; i < dims; ++i) tensor->shape.push_back(in.U32());
  std::reverse(tensor->shape.begin(), tensor->shape.end());
  tensor->name = in.Text(name_bytes);
  const bool printable = std::all_of(tensor->name.begin(), tensor->name.end(),
                                     [](char c) { return c > 0x20 && c < 0x7F; });
  std::uint64_t elements = 0;
  std::uint64_t bytes = 0;
  if (!in.ok() || !printable || !CountElements(tensor->shape, &elements) || elements == 0 ||
      !SizeOf(type, layout, elements, tensor, &bytes)) {
    return false;
  }
  if (layout.aligned || layout.adapter)
    in.Skip((kAlignment - in.position() % kAlignment) % kAlignment);
  if (!in.ok() || bytes > in.left()) return true;
  tensor->offset = in.position();
  tensor->bytes = bytes;
  tensor->has_data = *good = true;
  in.Skip(bytes);
  return true;
}

// Steps over numbers and vocabulary; false when they do not fit.
bool SkipHead(Stream& in, const GgmlLayout& layout) {
  in.Skip(layout.versioned ? 8 : 4);
  if (layout.adapter) {
    in.Skip(8);
    return in.ok();
  }
  const std::uint32_t vocabulary = in.U32();
  in.Skip(6 * 4);
  for (std::uint32_t i = 0; i < vocabulary && in.ok(); ++i) {
    const std::uint32_t length = in.U32();
    if (length > kMaxToken) return false;
    in.Skip(length + (layout.scores ? 4U : 0U));
  }
  return in.ok();
}

}  // namespace

GgmlWalk WalkGgmlTensors(const ByteSource& source, const GgmlLayout& layout, const Limits& limits,
                         Artifact& artifact) {
  Stream in(source);
  if (!SkipHead(in, layout) || in.AtEnd()) return GgmlWalk::kOtherLayout;
  while (!in.AtEnd() && artifact.tensors.size() < limits.max_tensors_per_file) {
    Tensor tensor;
    bool good = false;
    if (!ReadTensor(in, layout, &tensor, &good)) {
      return artifact.tensors.empty() ? GgmlWalk::kOtherLayout : GgmlWalk::kCut;
    }
    artifact.tensors.push_back(std::move(tensor));
    if (!good) return GgmlWalk::kCut;
  }
  return in.AtEnd() ? GgmlWalk::kComplete : GgmlWalk::kCut;
}

}  // namespace weighbridge
