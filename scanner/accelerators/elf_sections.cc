#include "scanner/accelerators/elf_sections.h"

#include <algorithm>
#include <array>

#include "scanner/base/byte_reader.h"
#include "scanner/base/checked_math.h"

namespace weighbridge {
namespace {

constexpr std::size_t kHeaderBytes = 64;
constexpr std::uint64_t kSectionBytes = 64;
constexpr std::uint64_t kMaxSections = 65'536;
constexpr std::uint64_t kMaxNamesBytes = 4 << 20;
constexpr std::size_t kMaxNameBytes = 64;  // longer ones are none that is looked for
constexpr std::uint32_t kNoBits = 8;
constexpr std::uint32_t kIndexElsewhere = 0xFFFF;

struct RawSection {
  std::uint32_t name = 0;
  std::uint32_t type = 0;
  std::uint64_t offset = 0;
  std::uint64_t size = 0;
  std::uint32_t link = 0;
};

RawSection ReadRaw(ByteReader& reader) {
  RawSection raw;
  raw.name = reader.ReadLe<std::uint32_t>("sh_name");
  raw.type = reader.ReadLe<std::uint32_t>("sh_type");
  reader.Skip(16, "sh_flags");
  raw.offset = reader.ReadLe<std::uint64_t>("sh_offset");
  raw.size = reader.ReadLe<std::uint64_t>("sh_size");
  raw.link = reader.ReadLe<std::uint32_t>("sh_link");
  reader.Skip(20, "sh_info");
  return raw;
}

bool Fits(const RawSection& raw, std::uint64_t file_bytes) {
  return raw.type != kNoBits && raw.offset <= file_bytes && raw.size <= file_bytes - raw.offset;
}

std::string NameAt(ByteSpan names, std::uint32_t at) {
  if (at >= names.size()) return {};
  std::string_view text = AsText(names).substr(at, kMaxNameBytes + 1);
  text = text.substr(0, text.find('\0'));
  return text.size() > kMaxNameBytes ? std::string() : std::string(text);
}

}  // namespace

bool IsElf(const ByteSource& source) {
  std::array<std::uint8_t, 4> bytes{};
  const Result<std::size_t> got = source.ReadAt(0, bytes);
  return got.ok() && got.value() == 4 &&
         AsText(bytes) ==
             "\x7F"
             "ELF";
}

Result<ElfHeader> ReadElfHeader(const ByteSource& source) {
  const auto bytes = ReadExactly(source, 0, kHeaderBytes);
  if (!bytes.ok()) return bytes.error();
  ByteReader reader(bytes.value());
  reader.Skip(4, "magic");
  const auto bits = reader.ReadLe<std::uint8_t>("class");
  const auto order = reader.ReadLe<std::uint8_t>("data");
  if (bits != 2 || order != 1)
    return Error{ErrorCode::kUnsupported, "ELF that is not 64-bit little-endian: not read"};
  reader.Skip(2, "version");
  ElfHeader header;
  header.abi_version = reader.ReadLe<std::uint8_t>("ABI version");
  reader.Skip(9, "padding");
  header.machine = reader.ReadLe<std::uint16_t>("e_machine");
  reader.Skip(20, "e_version");
  header.section_offset = reader.ReadLe<std::uint64_t>("e_shoff");
  header.flags = reader.ReadLe<std::uint32_t>("e_flags");
  reader.Skip(6, "e_ehsize");
  header.section_bytes = reader.ReadLe<std::uint16_t>("e_shentsize");
  header.section_count = reader.ReadLe<std::uint16_t>("e_shnum");
  header.names_index = reader.ReadLe<std::uint16_t>("e_shstrndx");
  if (!reader.ok()) return reader.error();
  return header;
}

Result<std::vector<ElfSection>> ReadElfSections(const ByteSource& source, ElfHeader header) {
  std::vector<ElfSection> sections;
  if (header.section_offset == 0) return sections;  // stripped of its table
  if (header.section_bytes != kSectionBytes)
    return Error{
        ErrorCode::kMalformed,
        "ELF section headers of " + std::to_string(header.section_bytes) + " bytes, expected 64"};
  const auto first = ReadExactly(source, header.section_offset, kSectionBytes);
  if (!first.ok()) return Error{ErrorCode::kTruncated, "ELF section table beyond the end"};
  ByteReader first_reader(first.value());
  const RawSection zero = ReadRaw(first_reader);
  // Numbers too large for the header stand in the section of index 0.
  if (header.section_count == 0) header.section_count = zero.size;
  if (header.names_index == kIndexElsewhere) header.names_index = zero.link;
  if (header.section_count > kMaxSections)
    return Error{ErrorCode::kLimitExceeded,
                 "more than " + std::to_string(kMaxSections) + " ELF sections"};
  const auto table =
      ReadExactly(source, header.section_offset, header.section_count * kSectionBytes);
  if (!table.ok()) return Error{ErrorCode::kTruncated, "ELF section table beyond the end"};
  std::vector<RawSection> raws;
  ByteReader reader(table.value());
  for (std::uint64_t i = 0; i < header.section_count; ++i) raws.push_back(ReadRaw(reader));
  if (header.names_index >= raws.size() || !Fits(raws[header.names_index], source.size()))
    return Error{ErrorCode::kMalformed, "ELF section names are missing"};
  const RawSection& names_section = raws[header.names_index];
  const auto names =
      ReadExactly(source, names_section.offset, std::min(names_section.size, kMaxNamesBytes));
  if (!names.ok()) return names.error();
  for (const RawSection& raw : raws) {
    if (Fits(raw, source.size()))
      sections.push_back({NameAt(names.value(), raw.name), raw.offset, raw.size});
  }
  return sections;
}

}  // namespace weighbridge
