// Builds zips for tests, byte by byte, including wrong ones.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace weighbridge::test {

using Bytes = std::vector<std::uint8_t>;

inline Bytes ToBytes(const std::string& text) { return Bytes(text.begin(), text.end()); }

inline void PutLe(Bytes& out, std::uint64_t value, unsigned count) {
  for (unsigned i = 0; i < count; ++i)
    out.push_back(i < 8 ? static_cast<std::uint8_t>(value >> (8 * i)) : std::uint8_t{0});
}

inline void PutText(Bytes& out, const std::string& text) {
  out.insert(out.end(), text.begin(), text.end());
}

inline std::uint32_t Crc32(const Bytes& bytes) {
  std::uint32_t crc = 0xFFFFFFFFU;
  for (const std::uint8_t byte : bytes) {
    crc ^= byte;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1U) != 0 ? 0xEDB88320U : 0U);
  }
  return ~crc;
}

// One member. Fields that start with local_ override what the local header says.
struct ZipMember {
  std::string name;
  Bytes data;
  std::uint16_t method = 0;
  std::uint16_t flags = 0;
  std::uint64_t size = 0;       // uncompressed; 0: data.size()
  std::string local_name = {};  // "": as name
  int local_method = -1;        // -1: as method
  int local_flags = -1;
  int align = 0;                   // pads the local extra field so that data are aligned
  std::int64_t same_data_as = -1;  // index of an earlier member whose local header is shared
};

struct ZipOptions {
  Bytes prefix;                   // before the first member
  bool relative_offsets = false;  // stored offsets do not count the prefix
  bool zip64 = false;             // adds zip64 end record and locator
  std::string comment;
  Bytes trailing;       // after the end record
  int count_delta = 0;  // added to the stated entry count
};

inline Bytes BuildZip(const std::vector<ZipMember>& members, const ZipOptions& options = {}) {
  Bytes out = options.prefix;
  std::vector<std::uint64_t> offsets;
  for (const ZipMember& member : members) {
    if (member.same_data_as >= 0) {
      offsets.push_back(offsets[static_cast<std::size_t>(member.same_data_as)]);
      continue;
    }
    offsets.push_back(out.size());
    const std::string name = member.local_name.empty() ? member.name : member.local_name;
    PutLe(out, 0x04034b50, 4);
    PutLe(out, 20, 2);
    PutLe(out,
          static_cast<std::uint16_t>(member.local_flags < 0 ? member.flags : member.local_flags),
          2);
    PutLe(out,
          static_cast<std::uint16_t>(member.local_method < 0 ? member.method : member.local_method),
          2);
    PutLe(out, 0, 4);
    PutLe(out, Crc32(member.data), 4);
    PutLe(out, member.data.size(), 4);
    PutLe(out, member.size == 0 ? member.data.size() : member.size, 4);
    PutLe(out, name.size(), 2);
    std::uint64_t pad = 0;
    if (member.align > 0) {
      const std::uint64_t align = static_cast<std::uint64_t>(member.align);
      const std::uint64_t data_at = out.size() + 2 + name.size() + 4;
      pad = 4 + (align - data_at % align) % align;
    }
    PutLe(out, pad, 2);
    PutText(out, name);
    if (pad != 0) {
      PutText(out, "FB");
      PutLe(out, pad - 4, 2);
      PutText(out, std::string(static_cast<std::size_t>(pad - 4), 'Z'));
    }
    out.insert(out.end(), member.data.begin(), member.data.end());
  }
  const std::uint64_t base = options.relative_offsets ? options.prefix.size() : 0;
  const std::uint64_t directory = out.size();
  for (std::size_t i = 0; i < members.size(); ++i) {
    const ZipMember& member = members[i];
    const ZipMember& data =
        member.same_data_as < 0 ? member : members[static_cast<std::size_t>(member.same_data_as)];
    PutLe(out, 0x02014b50, 4);
    PutLe(out, 20, 2);
    PutLe(out, 20, 2);
    PutLe(out, member.flags, 2);
    PutLe(out, member.method, 2);
    PutLe(out, 0, 4);
    PutLe(out, Crc32(data.data), 4);
    PutLe(out, data.data.size(), 4);
    PutLe(out, data.size == 0 ? data.data.size() : data.size, 4);
    PutLe(out, member.name.size(), 2);
    PutLe(out, 0, 12);  // extra, comment, disk, attributes
    PutLe(out, offsets[i] - base, 4);
    PutText(out, member.name);
  }
  const std::uint64_t size = out.size() - directory;
  const std::uint64_t count =
      members.size() + static_cast<std::uint64_t>(static_cast<std::int64_t>(options.count_delta));
  if (options.zip64) {
    const std::uint64_t at = out.size();
    PutLe(out, 0x06064b50, 4);
    PutLe(out, 44, 8);
    PutLe(out, 20, 2);
    PutLe(out, 20, 2);
    PutLe(out, 0, 8);
    PutLe(out, count, 8);
    PutLe(out, count, 8);
    PutLe(out, size, 8);
    PutLe(out, directory - base, 8);
    PutLe(out, 0x07064b50, 4);
    PutLe(out, 0, 4);
    PutLe(out, at - base, 8);
    PutLe(out, 1, 4);
  }
  PutLe(out, 0x06054b50, 4);
  PutLe(out, 0, 4);
  PutLe(out, count & 0xFFFF, 2);
  PutLe(out, count & 0xFFFF, 2);
  PutLe(out, size, 4);
  PutLe(out, directory - base, 4);
  PutLe(out, options.comment.size(), 2);
  PutText(out, options.comment);
  out.insert(out.end(), options.trailing.begin(), options.trailing.end());
  return out;
}

}  // namespace weighbridge::test
