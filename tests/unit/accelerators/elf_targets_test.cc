#include "scanner/accelerators/elf_targets.h"

#include <doctest/doctest.h>

#include "tests/support/device_text.h"
#include "tests/support/elf_builder.h"

using namespace weighbridge;
using namespace weighbridge::testing;

namespace {

using Texts = std::vector<std::string>;

// Claims, then complaints.
Texts Read(const std::string& bytes) {
  const GpuTargets targets = ReadElfTargets(MemorySource(bytes));
  Texts texts;
  for (const Claim& claim : targets.claims) texts.push_back(claim.key + "=" + claim.value);
  for (const Diagnostic& diagnostic : targets.diagnostics)
    texts.push_back("!" + diagnostic.message);
  return texts;
}

std::string Object(std::uint16_t machine, std::uint32_t flags, std::uint8_t abi = 0) {
  return ElfHeaderBytes(machine, flags, abi, 0, 0);
}

std::string Bundles() {
  return PadTo(OffloadBundle({"host-x86_64-unknown-linux-gnu-",
                              "hipv4-amdgcn-amd-amdhsa--gfx90a:"
                              "sramecc+:xnack-",
                              "hipv4-amdgcn-amd-amdhsa--gfx942"}),
               4096) +
         OffloadBundle({"hipv4-amdgcn-amd-amdhsa--gfx950"});
}

}  // namespace

TEST_CASE("cubins and code objects: machine and flags") {
  struct Row {
    std::string bytes;
    Texts expected;
  };
  const Row rows[] = {
      {Object(190, 0x005a055a, 7), {"target:cuda=sm_90"}},
      {Object(190, 0x06005a04, 8), {"target:cuda=sm_90"}},
      {Object(190, 0x06006402, 8), {"target:cuda=sm_100"}},
      {Object(190, 0x00500550, 0), {"target:cuda=sm_80"}},
      {Object(190, 0x00007808, 0), {"target:cuda=sm_120"}},
      {Object(190, 0, 7), {"target:cuda=unknown"}},
      {Object(224, 0x54c, 3), {"target:rocm=gfx942"}},
      {Object(224, 0x03f), {"target:rocm=gfx90a"}},
      {Object(224, 0x0ff), {"target:rocm=unknown"}},
      {Object(62, 0), {}},
      {"not ELF", {}},
      {"", {}},
      {Object(190, 0, 7).substr(0, 40), {"!need 64 bytes at offset 0, file has 40"}},
  };
  for (const Row& row : rows) {
    CAPTURE(row.bytes.size());
    CHECK(Read(row.bytes) == row.expected);
  }
}

TEST_CASE("fat binaries in a host program: every entry of every one") {
  const std::string two = PadTo(FatBinary({{2, 80}, {2, 90}, {1, 90}}), 16) +
                          std::string(32, '\0') + FatBinary({{2, 120}, {7, 99}});
  const std::string wrapper = Le(0x466243B1, 4) + Le(1, 4) + Le(0, 16);
  CHECK(Read(ElfFile({{".text", "code"}, {".nv_fatbin", two}, {".nvFatBinSegment", wrapper}})) ==
        Texts{"target:cuda=compute_90", "target:cuda=sm_120", "target:cuda=sm_80",
              "target:cuda=sm_90"});
  CHECK(Read(ElfFile({{".nvFatBinSegment", wrapper}})) == Texts{"target:cuda=unknown"});
  CHECK(Read(ElfFile({{".nv_fatbin", std::string(64, '\0')}})) == Texts{"target:cuda=unknown"});
  CHECK(Read(ElfFile({{".text", "code"}})) == Texts{});
}

TEST_CASE("offload bundles, plain and compressed") {
  CHECK(Read(ElfFile({{".hip_fatbin", Bundles()}})) ==
        Texts{"target:rocm=gfx90a", "target:rocm=gfx942", "target:rocm=gfx950"});
  CHECK(Read(ElfFile({{".hip_fatbin", "CCOB" + std::string(100, 'z')}})) ==
        Texts{"target:rocm=unknown", "!a compressed offload bundle: its targets were not read"});
}

TEST_CASE("lying sizes are refused where they are found") {
  const std::string fat = FatBinary({{2, 80}});
  std::string long_payload = fat;
  long_payload.replace(8, 8, Le(~0ULL, 8));
  std::string long_entry = fat;
  long_entry.replace(16 + 8, 8, Le(~0ULL, 8));
  std::string many_entries = OffloadBundle({"hipv4-amdgcn-amd-amdhsa--gfx942"});
  many_entries.replace(24, 8, Le(~0ULL, 8));
  std::string far_code = OffloadBundle({"hipv4-amdgcn-amd-amdhsa--gfx942"});
  far_code.replace(32, 8, Le(1ULL << 62, 8));
  struct Row {
    std::string bytes;
    Texts expected;
  };
  const Row rows[] = {
      {ElfFile({{".nv_fatbin", long_payload}}),
       {"target:cuda=unknown", "!a CUDA fat binary does not fit its section"}},
      {ElfFile({{".nv_fatbin", long_entry}}),
       {"target:cuda=sm_80", "!a CUDA fat binary has an entry that cannot be read"}},
      {ElfFile({{".hip_fatbin", many_entries}}),
       {"target:rocm=unknown", "!an offload bundle does not fit its section"}},
      {ElfFile({{".hip_fatbin", far_code}}),
       {"target:rocm=gfx942", "!an offload bundle does not fit its section"}},
      {ElfHeaderBytes(62, 0, 0, 1ULL << 60, 5), {"!ELF section table beyond the end"}},
      {ElfHeaderBytes(62, 0, 0, 64, 9) + std::string(64, '\0'),
       {"!ELF section table beyond the end"}},
  };
  for (const Row& row : rows) CHECK(Read(row.bytes) == row.expected);
  std::string big_endian = Object(62, 0);
  big_endian[5] = 2;
  CHECK(Read(big_endian) == Texts{"!ELF that is not 64-bit little-endian: not read"});
}

TEST_CASE("every prefix and every flipped byte is survived") {
  const std::string whole = ElfFile(
      {{".nv_fatbin", FatBinary({{2, 80}, {1, 90}})}, {".hip_fatbin", Bundles().substr(0, 200)}});
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const GpuTargets targets = ReadElfTargets(MemorySource(whole.substr(0, size)));
    CHECK(targets.claims.size() <= 4);
    CHECK(targets.is_elf == (size >= 4));
  }
  std::string text = whole;
  for (char& c : text) {
    const char kept = c;
    c = static_cast<char>(c ^ 0xFF);
    CHECK(ReadElfTargets(MemorySource(text)).claims.size() <= 6);
    c = kept;
  }
}
