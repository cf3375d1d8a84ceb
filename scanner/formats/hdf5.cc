// HDF5 (HDF5 file format specification 3.0): superblock, root object header, attributes.
// Groups are not followed, links and external storage are never opened.
//
//   superblock v0, v1: signature, version @8, sizes of offsets and lengths @13 @14; base
//     address @24 (v1 @28) of four addresses, then the root's symbol table entry (link name
//     offset, object header address, ...)
//   superblock v2, v3: sizes @9 @10; @12 base, extension, end and root header addresses
//   object header v1: version 1, @2 u16 messages, @8 u32 bytes, messages from 16 on, each
//     u16 type, u16 size, u8 flags, 3 reserved, data
//   object header v2: "OHDR", version 2, flags, optional fields, size of the first chunk,
//     messages of u8 type, u16 size, u8 flags[, u16 order], data
//   message 0x0C attribute, 0x10 continuation {address, length}
//
// Claims: keras:keras_version, keras:backend, keras:class_name, keras:name.
#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "scanner/base/byte_reader.h"
#include "scanner/base/json.h"
#include "scanner/base/text.h"
#include "scanner/formats/structures.h"

namespace weighbridge {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view kSignature = "\x89HDF\r\n\x1a\n"sv;
constexpr std::size_t kMaxMessages = 256;
constexpr std::size_t kMaxChunks = 16;
constexpr std::uint64_t kMaxChunk = 1U << 20;
constexpr std::uint64_t kMaxValue = 4U << 20;  // a model_config of a deep network
constexpr std::uint64_t kMaxHeap = 8U << 20;

// Where the superblock lies: 0, 512, 1024, ... of the head; npos when nowhere.
std::size_t FindSuperblock(std::string_view head) {
  if (head.substr(0, kSignature.size()) == kSignature) return 0;
  for (std::size_t at = 512; at + 48 <= head.size(); at *= 2) {
    if (head.substr(at, kSignature.size()) == kSignature &&
        static_cast<unsigned char>(head[at + 8]) <= 3) {
      return at;
    }
  }
  return head.npos;
}

std::size_t Padded(std::size_t size) { return (size + 7) / 8 * 8; }

class Attributes {
 public:
  Attributes(const ByteSource& source, Artifact& artifact) : source_(source), artifact_(artifact) {}

  // True when the root carries an attribute that model libraries write.
  bool Read(std::uint64_t superblock);

 private:
  struct Chunk {
    std::uint64_t at;
    std::uint64_t size;
  };

  std::uint64_t Number(ByteReader& in, std::uint8_t width);
  std::uint64_t RootHeader(std::uint64_t superblock);
  void ReadHeader(std::uint64_t at);
  void ReadChunk(const Chunk& chunk);
  void ReadMessage(unsigned type, ByteSpan body);
  void ReadAttribute(ByteSpan body);
  std::string Value(ByteSpan datatype, ByteSpan data);
  std::string HeapObject(std::uint64_t address, std::uint32_t index, std::uint64_t length);
  void Keep(std::string_view name, ByteSpan datatype, ByteSpan data);
  void AddConfig(const std::string& text);

  const ByteSource& source_;
  Artifact& artifact_;
  std::uint64_t base_ = 0;
  std::uint8_t offset_bytes_ = 8;
  std::uint8_t length_bytes_ = 8;
  bool version_2_ = false;
  bool ordered_ = false;  // v2 messages carry a creation order
  bool model_ = false;
  std::size_t messages_ = 0;
  std::vector<Chunk> chunks_;
};

std::uint64_t Attributes::Number(ByteReader& in, std::uint8_t width) {
  if (width == 4) return in.ReadLe<std::uint32_t>("offset");
  if (width == 2) return in.ReadLe<std::uint16_t>("offset");
  return in.ReadLe<std::uint64_t>("offset");
}

std::uint64_t Attributes::RootHeader(std::uint64_t superblock) {
  auto bytes =
      ReadExactly(source_, superblock, std::min<std::uint64_t>(128, source_.size() - superblock));
  if (!bytes.ok()) return 0;
  ByteReader in(bytes.value());
  in.Skip(8, "signature");
  const auto version = in.ReadLe<std::uint8_t>("version");
  artifact_.format_version = std::to_string(version);
  if (version >= 2) {
    offset_bytes_ = in.ReadLe<std::uint8_t>("offset size");
    length_bytes_ = in.ReadLe<std::uint8_t>("length size");
    in.Skip(1, "flags");
  } else {
    in.Skip(4, "versions");
    offset_bytes_ = in.ReadLe<std::uint8_t>("offset size");
    length_bytes_ = in.ReadLe<std::uint8_t>("length size");
    in.Skip(version == 1 ? 13 : 9, "tree sizes");
  }
  const auto known = [](std::uint8_t width) { return width == 2 || width == 4 || width == 8; };
  if (!known(offset_bytes_) || !known(length_bytes_)) return 0;
  base_ = Number(in, offset_bytes_);
  // A base address of zero in a file with a user block: addresses count from the superblock.
  if (base_ == 0) base_ = superblock;
  (void)Number(in, offset_bytes_);
  (void)Number(in, offset_bytes_);
  if (version < 2) {
    (void)Number(in, offset_bytes_);  // driver information
    (void)Number(in, offset_bytes_);  // link name
  }
  const std::uint64_t root = Number(in, offset_bytes_);
  return in.ok() && root < source_.size() ? root : 0;
}

void Attributes::ReadHeader(std::uint64_t at) {
  if (at >= source_.size()) return;
  auto bytes = ReadExactly(source_, at, std::min<std::uint64_t>(64, source_.size() - at));
  if (!bytes.ok()) return;
  ByteReader in(bytes.value());
  version_2_ = AsText(bytes.value()).substr(0, 4) == "OHDR";
  std::uint64_t size = 0;
  if (version_2_) {
    in.Skip(5, "signature");
    const auto flags = in.ReadLe<std::uint8_t>("flags");
    ordered_ = (flags & 4U) != 0;
    if ((flags & 0x20U) != 0) in.Skip(16, "times");
    if ((flags & 0x10U) != 0) in.Skip(4, "attribute storage");
    for (unsigned i = 0; i < (1U << (flags & 3U)); ++i) {
      size |= static_cast<std::uint64_t>(in.ReadLe<std::uint8_t>("size")) << (8 * i);
    }
  } else {
    if (in.ReadLe<std::uint8_t>("version") != 1) return;
    in.Skip(7, "counts");
    size = in.ReadLe<std::uint32_t>("size");
    in.Skip(4, "padding");
  }
  if (!in.ok()) return;
  chunks_.push_back({at + in.position(), size});
  for (std::size_t i = 0; i < chunks_.size() && i < kMaxChunks; ++i) ReadChunk(Chunk(chunks_[i]));
}

void Attributes::ReadChunk(const Chunk& chunk) {
  if (chunk.at >= source_.size()) return;
  const std::uint64_t size = std::min({chunk.size, kMaxChunk, source_.size() - chunk.at});
  auto bytes = ReadExactly(source_, chunk.at, size);
  if (!bytes.ok()) return;
  ByteReader in(bytes.value());
  const std::size_t head = version_2_ ? (ordered_ ? 6U : 4U) : 8U;
  while (in.ok() && in.remaining() >= head && ++messages_ <= kMaxMessages) {
    const unsigned type =
        version_2_ ? in.ReadLe<std::uint8_t>("type") : in.ReadLe<std::uint16_t>("type");
    const auto length = in.ReadLe<std::uint16_t>("size");
    in.Skip(head - (version_2_ ? 3 : 4), "flags");
    const ByteSpan body = in.ReadBytes(length, "message");
    if (in.ok()) ReadMessage(type, body);
  }
}

void Attributes::ReadMessage(unsigned type, ByteSpan body) {
  constexpr unsigned kAttribute = 0x0C;
  constexpr unsigned kContinuation = 0x10;
  if (type == kAttribute) ReadAttribute(body);
  if (type != kContinuation) return;
  ByteReader in(body);
  const std::uint64_t address = Number(in, offset_bytes_);
  const std::uint64_t length = Number(in, length_bytes_);
  if (!in.ok() || address >= source_.size() || base_ >= source_.size() - address) return;
  const std::uint64_t skip = version_2_ ? 4 : 0;  // "OCHK"
  if (length <= skip || chunks_.size() >= kMaxChunks) return;
  chunks_.push_back({base_ + address + skip, length - skip});
}

// u8 version, u8, u16 sizes of name, datatype, dataspace[, u8 character set in v3]; the
// three parts, in v1 each padded to 8; the value.
void Attributes::ReadAttribute(ByteSpan body) {
  ByteReader in(body);
  const auto version = in.ReadLe<std::uint8_t>("version");
  in.Skip(1, "flags");
  std::array<std::size_t, 3> sizes{};
  for (std::size_t& size : sizes) size = in.ReadLe<std::uint16_t>("size");
  if (version == 3) in.Skip(1, "character set");
  if (!in.ok() || version < 1 || version > 3) return;
  std::array<ByteSpan, 3> parts;
  for (std::size_t i = 0; i < 3; ++i) {
    const ByteSpan part = in.ReadBytes(version == 1 ? Padded(sizes[i]) : sizes[i], "part");
    if (!in.ok()) return;
    parts[i] = part.first(sizes[i]);
  }
  const std::string_view name = AsText(parts[0]);
  Keep(name.substr(0, name.find('\0')), parts[1], in.ReadBytes(in.remaining(), "value"));
}

void Attributes::Keep(std::string_view name, ByteSpan datatype, ByteSpan data) {
  constexpr std::array kModel{"keras_version"sv, "backend"sv,      "model_config"sv,
                              "layer_names"sv,   "weight_names"sv, "training_config"sv};
  if (std::find(kModel.begin(), kModel.end(), name) == kModel.end()) return;
  model_ = model_ || name != "backend";
  if (name == "keras_version" || name == "backend") {
    const std::string text = Value(datatype, data);
    if (text.empty()) return;
    artifact_.claims.push_back({"keras:" + std::string(name), Printable(text.substr(0, 1024))});
  }
  if (name == "model_config") AddConfig(Value(datatype, data));
}

void Attributes::AddConfig(const std::string& text) {
  const auto json = ParseJson(text, Limits{});
  if (!json.ok()) return;
  const std::string class_name = StringOr(json.value(), "class_name");
  if (!class_name.empty()) {
    artifact_.claims.push_back({"keras:class_name", Printable(class_name.substr(0, 1024))});
  }
  const Json* inner = Find(json.value(), "config");
  const std::string name = inner == nullptr ? std::string() : StringOr(*inner, "name");
  if (!name.empty()) artifact_.claims.push_back({"keras:name", Printable(name.substr(0, 1024))});
}

// A scalar string: class 3 of fixed size, or class 9 (u32 length, heap address, u32 index).
std::string Attributes::Value(ByteSpan datatype, ByteSpan data) {
  if (datatype.size() < 8) return {};
  const unsigned type = datatype[0] & 0x0FU;
  if (type == 3) {
    const auto size = ByteReader(datatype.subspan(4)).ReadLe<std::uint32_t>("size");
    const std::string_view text = AsText(data.first(std::min<std::size_t>(size, data.size())));
    return std::string(text.substr(0, text.find('\0')));
  }
  if (type != 9 || (datatype[1] & 0x0FU) != 1) return {};
  ByteReader in(data);
  const auto length = in.ReadLe<std::uint32_t>("length");
  const std::uint64_t address = Number(in, offset_bytes_);
  const auto index = in.ReadLe<std::uint32_t>("index");
  return in.ok() ? HeapObject(address, index, length) : std::string();
}

// "GCOL", version 1, 3 reserved, size; objects of u16 index, u16 references, 4 reserved,
// size, data padded to 8.
std::string Attributes::HeapObject(std::uint64_t address, std::uint32_t index,
                                   std::uint64_t length) {
  if (address >= source_.size() || base_ >= source_.size() - address || length > kMaxValue) {
    return {};
  }
  const std::uint64_t at = base_ + address;
  auto head = ReadExactly(source_, at, std::min<std::uint64_t>(16, source_.size() - at));
  if (!head.ok() || AsText(head.value()).substr(0, 4) != "GCOL") return {};
  ByteReader first(head.value());
  first.Skip(8, "signature");
  const std::uint64_t size = Number(first, length_bytes_);
  if (!first.ok() || size > kMaxHeap || size > source_.size() - at) return {};
  auto bytes = ReadExactly(source_, at, size);
  if (!bytes.ok()) return {};
  ByteReader in(bytes.value());
  in.Skip(8ULL + length_bytes_, "head");
  while (in.ok() && in.remaining() >= 16) {
    const auto own = in.ReadLe<std::uint16_t>("index");
    in.Skip(6, "references");
    const std::uint64_t object = Number(in, length_bytes_);
    if (own == 0 || object > in.remaining()) return {};  // free space
    const ByteSpan data = in.ReadBytes(object, "object");
    in.Skip(std::min<std::size_t>(Padded(data.size()) - data.size(), in.remaining()), "padding");
    if (own != index) continue;
    const std::string_view text = AsText(data).substr(0, static_cast<std::size_t>(length));
    return std::string(text.substr(0, text.find('\0')));
  }
  return {};
}

bool Attributes::Read(std::uint64_t superblock) {
  const std::uint64_t root = RootHeader(superblock);
  if (root != 0 && base_ < source_.size() - root) ReadHeader(base_ + root);
  return model_;
}

// Keras and transformers write their attribute and group names in clear into HDF5.
bool HoldsModelNames(std::string_view head) {
  for (const std::string_view word : {"model_config"sv, "keras_version"sv, "layer_names"sv,
                                      "weight_names"sv, "model_weights"sv}) {
    if (head.find(word) != std::string_view::npos) return true;
  }
  return false;
}

}  // namespace

bool IsHdf5WithUserBlock(const ProbeWindow& window) {
  return window.head.size() >= 560 && FindSuperblock(AsText(window.head)) != std::string::npos;
}

void DescribeHdf5(const ProbeWindow& window, Artifact& artifact) {
  const std::string_view head = AsText(window.head);
  const std::size_t superblock = FindSuperblock(head);
  if (superblock == head.npos) return;
  if (HoldsModelNames(head)) artifact.kind = ArtifactKind::kWeights;
  if (window.source == nullptr || window.source->size() <= superblock) return;
  if (Attributes(*window.source, artifact).Read(superblock)) artifact.kind = ArtifactKind::kWeights;
}

}  // namespace weighbridge
