// Builds SIF images for tests, field by field, including wrong ones.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace weighbridge::test {

struct SifPart {
  std::uint32_t type = 0x4007;
  std::string name;
  std::string data;
  std::string extra = {};
  bool used = true;
  std::int64_t offset = -1;  // -1: where the data are
  std::int64_t size = -1;    // -1: data.size()
};

struct SifOptions {
  std::string launch = "#!/usr/bin/env run-singularity\n";
  std::string architecture = "02";
  std::uint64_t created = 1'700'000'000;
  std::int64_t descriptors = -1;  // stated; -1: as many as there are
};

inline std::string SifLe(std::uint64_t value, unsigned count) {
  std::string text;
  for (unsigned i = 0; i < count; ++i)
    text += i < 8 ? static_cast<char>(value >> (8 * i)) : char{0};
  return text;
}
inline std::string SifField(std::string text, std::size_t size) {
  text.resize(size, '\0');
  return text;
}
// 1 squashfs, 2 ext3, 4 raw, 5 encrypted squashfs.
inline std::string SifPartitionExtra(std::uint32_t file_system) {
  return SifLe(file_system, 4) + SifLe(2, 4) + "02";
}

inline std::string BuildSif(const std::vector<SifPart>& parts, const SifOptions& options = {}) {
  std::string descriptors;
  std::string data;
  const std::uint64_t start = 128 + 585 * parts.size();
  std::uint32_t id = 0;
  for (const SifPart& part : parts) {
    ++id;
    const std::uint64_t offset =
        part.offset >= 0 ? static_cast<std::uint64_t>(part.offset) : start + data.size();
    const std::uint64_t size =
        part.size >= 0 ? static_cast<std::uint64_t>(part.size) : part.data.size();
    descriptors += SifLe(part.type, 4) + SifLe(part.used ? 1 : 0, 1) + SifLe(id, 4) +
                   SifLe(0xF0000001, 4) + SifLe(0, 4) + SifLe(offset, 8) + SifLe(size, 8) +
                   SifLe(size, 8) + SifLe(0, 32) + SifField(part.name, 128) +
                   SifField(part.extra, 384);
    data += part.data;
  }
  const std::uint64_t stated =
      options.descriptors >= 0 ? static_cast<std::uint64_t>(options.descriptors) : parts.size();
  return SifField(options.launch, 32) + SifField("SIF_MAGIC", 10) + SifField("01", 3) +
         SifField(options.architecture, 3) + SifField("", 16) + SifLe(options.created, 8) +
         SifLe(options.created, 8) + SifLe(0, 8) + SifLe(stated, 8) + SifLe(128, 8) +
         SifLe(585 * parts.size(), 8) + SifLe(start, 8) + SifLe(data.size(), 8) + descriptors +
         data;
}

}  // namespace weighbridge::test
