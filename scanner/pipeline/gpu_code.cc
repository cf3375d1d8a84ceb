#include "scanner/pipeline/gpu_code.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <string_view>

#include "scanner/accelerators/elf_targets.h"
#include "scanner/accelerators/software_stack.h"

namespace weighbridge {
namespace {

constexpr std::uint64_t kMaxStreamedBytes = 4ULL << 30;  // more is not spooled for its targets

bool IsElf(ByteSpan head) {
  return head.size() >= 20 && std::memcmp(head.data(),
                                          "\x7f"
                                          "ELF",
                                          4) == 0;
}

void AddStack(Artifact& artifact) {
  const SoftwareStack stack = StackOfLibrary(artifact.location.FileName());
  if (stack.name.empty()) return;
  artifact.claims.push_back({"stack:name", stack.name});
  artifact.claims.push_back({"stack:vendor", stack.vendor});
  if (!stack.version.empty()) artifact.claims.push_back({"stack:version", stack.version});
}

struct FormatTarget {
  std::string_view format;
  const char* device;
};
// The formats' own names for what runs them (formats reference, part B).
constexpr auto kFormatTargets = std::to_array<FormatTarget>({
    {"tensorrt", "NVIDIA GPU (TensorRT)"},
    {"ascend_om", "Huawei Ascend"},
    {"om_svp", "HiSilicon SVP NPU"},
    {"rknn", "Rockchip NPU"},
    {"rknn_encrypted", "Rockchip NPU"},
    {"rknx", "Rockchip NPU"},
    {"dlc", "Qualcomm Hexagon or Adreno"},
    {"qnn_context", "Qualcomm Hexagon"},
    {"kmodel", "Canaan Kendryte"},
    {"coreml_mlmodelc", "Apple Neural Engine, GPU or CPU"},
});

}  // namespace

bool InspectGpuCode(const ByteSource& source, ByteSpan head, Access access, const Limits& limits,
                    Artifact& artifact) {
  if (!IsElf(head)) return false;
  AddStack(artifact);
  const bool cheap = access == Access::kAnywhere || source.size() <= head.size();
  const bool wanted = source.size() <= std::min(kMaxStreamedBytes, limits.max_scratch_bytes) &&
                      MayHoldGpuCode(artifact.location.FileName());
  if (cheap || wanted) {
    GpuTargets targets = ReadElfTargets(source, artifact.location);
    for (Claim& claim : targets.claims) artifact.claims.push_back(std::move(claim));
    if (!targets.claims.empty()) {
      for (Diagnostic& diagnostic : targets.diagnostics) {
        artifact.diagnostics.push_back(std::move(diagnostic));
      }
    }
  }
  if (artifact.claims.empty()) return false;
  artifact.format = "elf";
  artifact.kind = ArtifactKind::kProgram;
  return true;
}

void AddFormatTarget(Artifact& artifact) {
  for (const FormatTarget& target : kFormatTargets) {
    if (artifact.format == target.format) {
      artifact.claims.push_back({"target:device", target.device});
    }
  }
}

}  // namespace weighbridge
