#include "scanner/source/sif_directory.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "scanner/base/byte_reader.h"
#include "scanner/base/text.h"

namespace weighbridge {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t kMagicAt = 32;
constexpr std::size_t kDescriptorBytes = 585;
constexpr std::uint64_t kMaxDescriptors = 4096;  // 48 in an image that Apptainer makes

constexpr std::array kTypeNames{"deffile"sv,   "environment"sv, "labels"sv,  "partition"sv,
                                "signature"sv, "json"sv,        "generic"sv, "crypto"sv,
                                "sbom"sv,      "oci-index"sv,   "oci-blob"sv};

constexpr std::array kArchitectures{""sv,         "386"sv,     "amd64"sv,  "arm"sv,    "arm64"sv,
                                    "ppc64"sv,    "ppc64le"sv, "mips"sv,   "mipsle"sv, "mips64"sv,
                                    "mips64le"sv, "s390x"sv,   "riscv64"sv};

std::string Text(ByteSpan field) {
  const auto end = std::find(field.begin(), field.end(), std::uint8_t{0});
  return std::string(field.begin(), end);
}

std::string Architecture(const std::string& code) {
  if (code.size() != 2 || code.find_first_not_of("0123456789") != code.npos) return {};
  const auto index = static_cast<std::size_t>((code[0] - '0') * 10 + (code[1] - '0'));
  return index < kArchitectures.size() ? std::string(kArchitectures[index]) : std::string();
}

bool IsDigest(const std::string& text) {
  return text.starts_with("sha256:") && IsSha256Hex(std::string_view(text).substr(7));
}

// Nothing for a descriptor that is not in use.
std::optional<SifObject> ReadObject(ByteSpan bytes, std::uint64_t file_size) {
  ByteReader in(bytes);
  SifObject object;
  object.type = in.ReadLe<std::uint32_t>("type");
  if (in.ReadLe<std::uint8_t>("used") == 0) return std::nullopt;
  object.id = in.ReadLe<std::uint32_t>("id");
  in.Skip(8, "group, link");
  object.offset = in.ReadLe<std::uint64_t>("offset");
  object.size = in.ReadLe<std::uint64_t>("size");
  in.Skip(40, "padded size, times, owner");
  object.name = Text(in.ReadBytes(128, "name"));
  const ByteSpan extra = in.ReadBytes(384, "extra");
  if (object.Is(SifType::kPartition)) {
    object.file_system = ByteReader(extra).ReadLe<std::uint32_t>("file system");
  }
  if (object.Is(SifType::kOciBlob) || object.Is(SifType::kOciRootIndex)) {
    object.digest = Text(extra);
    if (!IsDigest(object.digest)) object.digest.clear();
  }
  object.located = object.offset <= file_size && object.size <= file_size - object.offset;
  return object;
}

// At most 4096 objects, so each is held against those before it.
void FindOverlaps(std::vector<SifObject>& objects) {
  for (std::size_t i = 0; i < objects.size(); ++i) {
    SifObject& own = objects[i];
    if (!own.located || own.size == 0) continue;
    own.overlaps = std::any_of(objects.begin(), objects.begin() + static_cast<std::ptrdiff_t>(i),
                               [&](const SifObject& other) {
                                 return other.located && own.offset < other.offset + other.size &&
                                        other.offset < own.offset + own.size;
                               });
  }
}

}  // namespace

std::string SifTypeName(std::uint32_t type) {
  const std::uint32_t index = type - static_cast<std::uint32_t>(SifType::kDefinitionFile);
  if (index < kTypeNames.size()) return std::string(kTypeNames[index]);
  std::array<char, 24> text;
  std::snprintf(text.data(), text.size(), "type-0x%X", type);
  return text.data();
}

bool IsSif(ByteSpan head) {
  constexpr std::string_view kMagic = "SIF_MAGIC\0"sv;
  return head.size() >= kMagicAt + kMagic.size() &&
         AsText(head.subspan(kMagicAt, kMagic.size())) == kMagic;
}

Result<SifDirectory> ReadSifDirectory(const ByteSource& source) {
  auto header = ReadExactly(source, 0, kSifHeaderBytes);
  if (!header.ok()) return std::move(header).error();
  if (!IsSif(header.value())) return Error{ErrorCode::kNotFound, "no SIF magic"};
  ByteReader in(header.value());
  in.Skip(42, "launch script, magic");
  SifDirectory directory;
  directory.version = Text(in.ReadBytes(3, "version"));
  directory.architecture = Architecture(Text(in.ReadBytes(3, "arch")));
  in.Skip(16, "uuid");
  directory.created = in.ReadLe<std::int64_t>("created");
  in.Skip(16, "modified, free");
  const auto count = in.ReadLe<std::uint64_t>("descriptors");
  const auto offset = in.ReadLe<std::uint64_t>("descriptor offset");
  if (offset > source.size()) {
    return Error{ErrorCode::kTruncated, "SIF descriptors at " + std::to_string(offset) +
                                            " lie behind the " + std::to_string(source.size()) +
                                            " bytes"};
  }
  const std::uint64_t there = (source.size() - offset) / kDescriptorBytes;
  const std::uint64_t read = std::min({count, there, kMaxDescriptors});
  auto bytes = ReadExactly(source, offset, read * kDescriptorBytes);
  if (!bytes.ok()) return std::move(bytes).error();
  for (std::size_t i = 0; i < read; ++i) {
    auto object = ReadObject(
        ByteSpan(bytes.value()).subspan(i * kDescriptorBytes, kDescriptorBytes), source.size());
    if (object) directory.objects.push_back(std::move(*object));
  }
  if (read < count) {
    const ErrorCode code =
        read == kMaxDescriptors ? ErrorCode::kLimitExceeded : ErrorCode::kTruncated;
    directory.cut = Error{
        code, std::to_string(count) + " SIF descriptors stated, " + std::to_string(read) + " read"};
  }
  FindOverlaps(directory.objects);
  return directory;
}

}  // namespace weighbridge
