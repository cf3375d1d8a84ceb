#include <algorithm>
#include <array>

#include "scanner/accelerators/gpu_code.h"
#include "scanner/base/byte_reader.h"
#include "scanner/base/checked_math.h"

namespace weighbridge {
namespace {

constexpr std::uint32_t kMagic = 0xBA55ED50;
constexpr std::uint64_t kHeaderBytes = 16;
constexpr std::uint64_t kEntryBytes = 32;  // up to the SM number
constexpr std::uint64_t kMaxPadding = 64 << 10;
constexpr int kMaxParts = 100'000;  // headers and entries of one section

struct Header {
  std::uint32_t magic = 0;
  std::uint16_t header_bytes = 0;
  std::uint64_t payload_bytes = 0;
};

bool ReadHeader(const ByteSource& section, std::uint64_t at, Header* header) {
  std::array<std::uint8_t, kHeaderBytes> bytes;
  const Result<std::size_t> got = section.ReadAt(at, bytes);
  if (!got.ok() || got.value() < bytes.size()) return false;
  ByteReader reader{ByteSpan(bytes)};
  header->magic = reader.ReadLe<std::uint32_t>("magic");
  reader.Skip(2, "version");
  header->header_bytes = reader.ReadLe<std::uint16_t>("header size");
  header->payload_bytes = reader.ReadLe<std::uint64_t>("payload size");
  return true;
}

// The next header at or after `at`, on eight bytes; beyond the end when there is none.
std::uint64_t NextHeader(const ByteSource& section, std::uint64_t at) {
  std::array<std::uint8_t, 4096> bytes;
  const std::uint64_t stop = std::min(section.size(), at + kMaxPadding);
  for (std::uint64_t from = (at + 7) / 8 * 8; from < stop; from += bytes.size()) {
    const Result<std::size_t> got = section.ReadAt(from, bytes);
    if (!got.ok()) break;
    for (std::size_t i = 0; i + 4 <= got.value(); i += 8) {
      ByteReader reader{ByteSpan(bytes).subspan(i, 4)};
      if (reader.ReadLe<std::uint32_t>("magic") == kMagic) return from + i;
    }
    if (got.value() < bytes.size()) break;
  }
  return section.size();
}

// Entries of one fat binary: kind 1 is PTX, 2 machine code.
bool ReadEntries(const ByteSource& section, std::uint64_t at, std::uint64_t end, int& parts,
                 FoundTargets& found) {
  std::array<std::uint8_t, kEntryBytes> bytes;
  while (at + kEntryBytes <= end) {
    if (++parts > kMaxParts) return false;
    const Result<std::size_t> got = section.ReadAt(at, bytes);
    if (!got.ok() || got.value() < bytes.size()) return false;
    ByteReader reader{ByteSpan(bytes)};
    const auto kind = reader.ReadLe<std::uint16_t>("kind");
    reader.Skip(2, "version");
    const auto header_bytes = reader.ReadLe<std::uint32_t>("header size");
    const auto payload_bytes = reader.ReadLe<std::uint64_t>("payload size");
    reader.Skip(12, "compression and version");
    const auto sm = reader.ReadLe<std::uint32_t>("architecture");
    if (header_bytes < kEntryBytes || header_bytes > 4096) return false;
    // Kinds of later tools are stepped over.
    if ((kind == 1 || kind == 2) && sm >= 10 && sm < 1000 && found.cuda.size() < kMaxTargets)
      found.cuda.insert((kind == 1 ? "compute_" : "sm_") + std::to_string(sm));
    std::uint64_t size = 0;
    if (!CheckedAdd(header_bytes, payload_bytes, &size) || size > end - at) return false;
    at += size;
  }
  return true;
}

}  // namespace

void ReadFatBinaries(const ByteSource& section, FoundTargets& found) {
  const std::size_t before = found.cuda.size();
  int parts = 0;
  for (std::uint64_t at = 0; (at = NextHeader(section, at)) < section.size();) {
    Header header;
    std::uint64_t end = 0;
    if (++parts > kMaxParts || !ReadHeader(section, at, &header) ||
        header.header_bytes < kHeaderBytes ||
        !CheckedAdd(at + header.header_bytes, header.payload_bytes, &end) || end > section.size()) {
      found.Problem("a CUDA fat binary does not fit its section");
      break;
    }
    if (!ReadEntries(section, at + header.header_bytes, end, parts, found)) {
      found.Problem("a CUDA fat binary has an entry that cannot be read");
    }
    at = end;
  }
  if (found.cuda.size() == before && before == 0) found.cuda.insert("unknown");
}

unsigned SmOfFlags(std::uint8_t abi_version, std::uint32_t flags) {
  const std::uint32_t low = flags & 0xFF;
  const std::uint32_t high = flags >> 8 & 0xFF;
  constexpr std::uint32_t kFirst = 20;
  constexpr std::uint32_t kLastOfOldLayout = 90;
  const bool new_layout =
      abi_version >= 8 || (abi_version != 7 && (low < kFirst || low > kLastOfOldLayout));
  const std::uint32_t sm = new_layout ? high : low;
  return sm < kFirst ? 0 : sm;
}

}  // namespace weighbridge
