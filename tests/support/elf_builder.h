// ELF64 files with named sections, CUDA fat binaries and offload bundles.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace weighbridge::testing {

inline std::string Le(std::uint64_t value, int bytes) {
  std::string text;
  for (int i = 0; i < bytes; ++i) text += i < 8 ? static_cast<char>(value >> (8 * i) & 0xFF) : '\0';
  return text;
}

inline std::string ElfHeaderBytes(std::uint16_t machine, std::uint32_t flags,
                                  std::uint8_t abi_version, std::uint64_t section_offset,
                                  std::size_t sections) {
  return std::string(
             "\x7F"
             "ELF\x02\x01\x01\x00",
             8) +
         Le(abi_version, 1) + std::string(7, '\0') + Le(3, 2) + Le(machine, 2) + Le(1, 4) +
         Le(0, 8) + Le(0, 8) + Le(section_offset, 8) + Le(flags, 4) + Le(64, 2) + Le(0, 2) +
         Le(0, 2) + Le(64, 2) + Le(sections, 2) + Le(sections == 0 ? 0 : sections - 1, 2);
}

using NamedSections = std::vector<std::pair<std::string, std::string>>;

// The table lies after the sections; the last section holds the names.
inline std::string ElfFile(NamedSections sections, std::uint16_t machine = 62) {
  std::string names(1, '\0');
  std::string body;
  std::string table(64, '\0');
  sections.emplace_back(".shstrtab", "");
  for (auto& [name, bytes] : sections) {
    const std::size_t at = names.size();
    names += name + std::string(1, '\0');
    if (name == ".shstrtab") bytes = names;
    table += Le(at, 4) + Le(1, 4) + Le(0, 16) + Le(64 + body.size(), 8) + Le(bytes.size(), 8) +
             Le(0, 24);
    body += bytes;
  }
  return ElfHeaderBytes(machine, 0, 0, 64 + body.size(), sections.size() + 1) + body + table;
}

struct FatEntry {
  std::uint16_t kind;  // 1 PTX, 2 machine code
  std::uint32_t sm;
};

inline std::string FatBinary(const std::vector<FatEntry>& entries) {
  std::string payload;
  for (const FatEntry& entry : entries) {
    payload += Le(entry.kind, 2) + Le(0x101, 2) + Le(64, 4) + Le(16, 8) + Le(0, 12) +
               Le(entry.sm, 4) + std::string(32, '\0') + std::string(16, 'c');
  }
  return Le(0xBA55ED50, 4) + Le(1, 2) + Le(16, 2) + Le(payload.size(), 8) + payload;
}

inline std::string OffloadBundle(const std::vector<std::string>& ids) {
  std::string table = "__CLANG_OFFLOAD_BUNDLE__" + Le(ids.size(), 8);
  for (const std::string& id : ids) table += Le(4096, 8) + Le(8, 8) + Le(id.size(), 8) + id;
  table.resize(4096);
  return table + std::string(8, 'k');
}

inline std::string PadTo(std::string bytes, std::size_t unit) {
  bytes.resize((bytes.size() + unit - 1) / unit * unit);
  return bytes;
}

}  // namespace weighbridge::testing
