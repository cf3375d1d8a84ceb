// The section table of an ELF64 little-endian file, bounded.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "scanner/source/byte_source.h"
#include "weighbridge/result.h"

namespace weighbridge {

struct ElfHeader {
  std::uint8_t abi_version = 0;
  std::uint16_t machine = 0;
  std::uint32_t flags = 0;
  std::uint64_t section_offset = 0;
  std::uint16_t section_bytes = 0;
  std::uint64_t section_count = 0;
  std::uint32_t names_index = 0;
};

struct ElfSection {
  std::string name;
  std::uint64_t offset = 0;
  std::uint64_t size = 0;  // in the file: 0 for a section without bytes
};

bool IsElf(const ByteSource& source);
// kUnsupported for 32-bit and big-endian files.
Result<ElfHeader> ReadElfHeader(const ByteSource& source);
// Only sections that lie wholly in the file.
Result<std::vector<ElfSection>> ReadElfSections(const ByteSource& source, ElfHeader header);

}  // namespace weighbridge
