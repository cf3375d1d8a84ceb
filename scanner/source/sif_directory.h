// SifDirectory: header and data object descriptors of a SIF image (Apptainer,
// Singularity), bounded, over a ByteSource. It opens no object. sylabs/sif,
// pkg/sif/sif.go; formats reference 6.3.
//
//   0 launch script[32], 32 "SIF_MAGIC\0", 42 version[3], 45 arch[3], 48 uuid[16],
//   64 created, 72 modified, 80 descriptors free, 88 descriptors, 96 their offset,
//   104 their size, 112 data offset, 120 data size; i64 little-endian, 128 bytes
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "scanner/source/byte_source.h"
#include "weighbridge/result.h"

namespace weighbridge {

enum class SifType : std::uint32_t {
  kDefinitionFile = 0x4001,
  kEnvironment = 0x4002,
  kLabels = 0x4003,
  kPartition = 0x4004,
  kSignature = 0x4005,
  kJson = 0x4006,
  kGeneric = 0x4007,
  kCrypto = 0x4008,
  kSbom = 0x4009,
  kOciRootIndex = 0x400A,
  kOciBlob = 0x400B,
};

// "partition", "type-0x1234" for a number without a name.
std::string SifTypeName(std::uint32_t type);

struct SifObject {
  std::uint32_t type = 0;
  std::uint32_t id = 0;
  std::uint64_t offset = 0;
  std::uint64_t size = 0;
  std::string name;  // raw, as in the descriptor; may be empty or repeated
  // kPartition: 1 squashfs, 2 ext3, 3 archive, 4 raw, 5 encrypted squashfs.
  std::uint32_t file_system = 0;
  std::string digest;     // OCI objects: "sha256:<hex>" when it is stated so
  bool located = false;   // lies in the file
  bool overlaps = false;  // shares bytes with an earlier object

  bool Is(SifType wanted) const { return type == static_cast<std::uint32_t>(wanted); }
};

struct SifDirectory {
  std::string version;
  std::string architecture;        // "amd64"; "" when unknown
  std::int64_t created = 0;        // Unix time
  std::vector<SifObject> objects;  // those in use, in order
  // Set when the descriptors end before their stated count.
  std::optional<Error> cut;
};

constexpr std::size_t kSifHeaderBytes = 128;

bool IsSif(ByteSpan head);
Result<SifDirectory> ReadSifDirectory(const ByteSource& source);

}  // namespace weighbridge
