// Code for GPUs as it lies in a section or a file of its own.
#pragma once

#include <cstdint>
#include <functional>
#include <set>
#include <string>

#include "scanner/source/byte_source.h"

namespace weighbridge {

struct FoundTargets {
  std::set<std::string> cuda;
  std::set<std::string> rocm;
  std::string problem;  // the first one, "" when there was none

  void Problem(std::string text) {
    if (problem.empty()) problem = std::move(text);
  }
};

inline constexpr std::size_t kMaxTargets = 256;  // of one kind

// "gfx942" and the like; "" for anything else.
std::string AsGfxTarget(std::string_view text);

// .nv_fatbin: fat binaries one after another, with padding between.
void ReadFatBinaries(const ByteSource& section, FoundTargets& found);
// .hip_fatbin: offload bundles one after another, each at a page.
void ReadOffloadBundles(const ByteSource& section, FoundTargets& found);
// The SM of a cubin from e_ident[EI_ABIVERSION] and e_flags, 0 when none is there.
unsigned SmOfFlags(std::uint8_t abi_version, std::uint32_t flags);
// "gfx942" of an AMDGPU code object's e_flags, "" when the number is not known.
std::string GfxOfFlags(std::uint32_t flags);

}  // namespace weighbridge
