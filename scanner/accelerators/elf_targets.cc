#include "scanner/accelerators/elf_targets.h"

#include <string>

#include "scanner/accelerators/elf_sections.h"
#include "scanner/accelerators/gpu_code.h"

namespace weighbridge {
namespace {

constexpr std::uint16_t kCudaMachine = 190;
constexpr std::uint16_t kAmdGpuMachine = 224;
constexpr int kMaxCodeSections = 64;

void ReadSections(const ByteSource& source, const std::vector<ElfSection>& sections,
                  FoundTargets& found) {
  int read = 0;
  bool cuda_segment = false;
  for (const ElfSection& section : sections) {
    const bool cuda = section.name == ".nv_fatbin" || section.name == "__nv_relfatbin";
    const bool rocm = section.name == ".hip_fatbin";
    cuda_segment = cuda_segment || section.name == ".nvFatBinSegment";
    if ((!cuda && !rocm) || section.size == 0) continue;
    if (++read > kMaxCodeSections) {
      found.Problem("more than " + std::to_string(kMaxCodeSections) + " sections of GPU code");
      break;
    }
    const SliceSource slice(source, section.offset, section.size);
    if (cuda) ReadFatBinaries(slice, found);
    if (rocm) ReadOffloadBundles(slice, found);
  }
  // It registers fat binaries that lie elsewhere.
  if (cuda_segment && found.cuda.empty()) found.cuda.insert("unknown");
}

}  // namespace

GpuTargets ReadElfTargets(const ByteSource& source, const Location& location) {
  GpuTargets targets;
  targets.is_elf = IsElf(source);
  if (!targets.is_elf) return targets;
  const auto report = [&](ErrorCode code, const std::string& message) {
    targets.diagnostics.push_back(
        {Severity::kWarning, code, location, message, DiagnosticKind::kNone});
  };
  const Result<ElfHeader> header = ReadElfHeader(source);
  if (!header.ok()) {
    report(header.error().code, header.error().message);
    return targets;
  }
  FoundTargets found;
  if (header.value().machine == kCudaMachine) {
    const unsigned sm = SmOfFlags(header.value().abi_version, header.value().flags);
    found.cuda.insert(sm == 0 ? "unknown" : "sm_" + std::to_string(sm));
  } else if (header.value().machine == kAmdGpuMachine) {
    const std::string gfx = GfxOfFlags(header.value().flags);
    found.rocm.insert(gfx.empty() ? "unknown" : gfx);
  } else {
    const Result<std::vector<ElfSection>> sections = ReadElfSections(source, header.value());
    if (sections.ok()) {
      ReadSections(source, sections.value(), found);
    } else {
      report(sections.error().code, sections.error().message);
    }
  }
  if (!found.problem.empty()) report(ErrorCode::kMalformed, found.problem);
  for (const std::string& target : found.cuda) targets.claims.push_back({"target:cuda", target});
  for (const std::string& target : found.rocm) targets.claims.push_back({"target:rocm", target});
  return targets;
}

}  // namespace weighbridge
