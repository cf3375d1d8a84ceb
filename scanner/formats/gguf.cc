#include "scanner/formats/gguf.h"

#include <optional>
#include <string>

#include "scanner/base/byte_reader.h"
#include "scanner/base/text.h"
#include "scanner/formats/gguf_metadata.h"
#include "scanner/formats/gguf_stream.h"
#include "scanner/formats/gguf_tensors.h"
#include "scanner/formats/gguf_vocabulary.h"
#include "scanner/formats/header_notes.h"
#include "scanner/formats/tensor_hints.h"

namespace weighbridge {
namespace {

constexpr std::string_view kMagic = "GGUF";
constexpr std::string_view kReversedMagic = "FUGG";
constexpr std::uint64_t kMagicBytes = 4;

struct Version {
  std::uint32_t number = 0;
  bool big_endian = false;
};

// gguf.cpp: a version whose low 16 bits are zero is one of the other byte order.
Version ReadVersion(ByteSpan four) {
  const auto little = ByteReader(four).ReadLe<std::uint32_t>("version");
  if (little != 0 && (little & 0xFFFFU) == 0) {
    return {ByteReader(four).ReadBe<std::uint32_t>("version"), true};
  }
  return {little, false};
}

class GgufReader {
 public:
  GgufReader(const ByteSource& source, const Limits& limits, Artifact& artifact)
      : source_(source), limits_(limits), artifact_(artifact), notes_(artifact, limits, "GGUF") {}

  void Read();

 private:
  std::optional<Version> ReadStart();
  void ReadBody(const Version& version);
  void SetKind(const GgufFacts& facts, std::uint64_t tensor_count);

  const ByteSource& source_;
  const Limits& limits_;
  Artifact& artifact_;
  HeaderNotes notes_;
};

std::optional<Version> GgufReader::ReadStart() {
  auto bytes = ReadExactly(source_, 0, kMagicBytes);
  if (bytes.ok() && AsText(bytes.value()) == kReversedMagic) {
    artifact_.format = "gguf_fugg";
    notes_.Partial(ErrorCode::kMalformed, "the magic is \"FUGG\", no GGUF writer makes it");
  }
  if (bytes.ok()) bytes = ReadExactly(source_, kMagicBytes, 4);
  if (!bytes.ok()) {
    notes_.Partial(bytes.error().code, bytes.error().message);
    return std::nullopt;
  }
  const Version version = ReadVersion(bytes.value());
  artifact_.format_version = std::to_string(version.number);
  artifact_.big_endian = version.big_endian;
  if (version.big_endian && artifact_.format == "gguf") artifact_.format = "gguf_be";
  if (version.number >= 1 && version.number <= 3) return version;
  notes_.Partial(ErrorCode::kUnsupported,
                 "version " + std::to_string(version.number) + " is not one of 1, 2 and 3");
  return std::nullopt;
}

void GgufReader::ReadBody(const Version& version) {
  const bool version_1 = version.number == 1;
  GgufStream stream(source_, limits_, version.big_endian, version_1);
  stream.Skip(kMagicBytes + 4, "magic and version");
  const std::uint64_t tensor_count = stream.ReadCount("tensor count");
  const std::uint64_t kv_count = stream.ReadCount("key-value count");
  // Key length, type and one byte of value: what the smallest key-value takes.
  const std::uint64_t smallest = stream.length_bytes() + 4 + 1;
  if (stream.ok() && kv_count > stream.remaining() / smallest) {
    stream.Fail(ErrorCode::kTruncated, "key-value count " + std::to_string(kv_count) +
                                           " does not fit in the " +
                                           std::to_string(stream.remaining()) + " bytes left");
  } else if (stream.ok() && kv_count > limits_.max_gguf_key_values) {
    stream.Fail(ErrorCode::kLimitExceeded, "key-value count " + std::to_string(kv_count) +
                                               " is more than the limit " +
                                               std::to_string(limits_.max_gguf_key_values));
  }
  GgufMetadata metadata(stream, limits_, notes_);
  metadata.Read(kv_count);
  GgufTensors tensors(stream, version_1, limits_, notes_, artifact_);
  const bool complete = stream.ok() && tensors.ReadInfos(tensor_count);
  const GgufFacts& facts = metadata.facts();
  if (!complete) {
    notes_.Partial(stream.error().code, stream.error().message);
    for (Tensor& tensor : artifact_.tensors) tensor.offset = 0;
  } else if (!facts.alignment_valid) {
    for (Tensor& tensor : artifact_.tensors) tensor.offset = 0;
  } else {
    tensors.PlaceData(stream.position(), facts.alignment, source_.size());
  }
  CheckDuplicateNames(artifact_, notes_);
  SetKind(facts, tensor_count);
  // A second stream: the first one may have failed behind the vocabulary.
  GgufStream again(source_, limits_, version.big_endian, version_1);
  ReadGgufVocabulary(again, facts, notes_, artifact_);
}

void GgufReader::SetKind(const GgufFacts& facts, std::uint64_t tensor_count) {
  if (facts.type == "adapter" || facts.adapter_keys) {
    artifact_.kind = ArtifactKind::kAdapter;
    if (artifact_.format != "gguf_fugg") artifact_.format = "gguf_lora";
  } else if (facts.type == "mmproj" || facts.architecture == "clip") {
    artifact_.kind = ArtifactKind::kProjector;
  } else if (facts.type == "imatrix") {
    artifact_.kind = ArtifactKind::kOther;
  } else if (tensor_count == 0 && facts.tokens.present) {
    artifact_.kind = ArtifactKind::kTokenizer;
  }
}

void GgufReader::Read() {
  if (const auto version = ReadStart()) ReadBody(*version);
}

}  // namespace

bool ProbeGguf(const ProbeWindow& window) {
  if (window.head.size() < kMagicBytes) return false;
  const std::string_view magic = AsText(window.head.first(kMagicBytes));
  if (magic != kMagic && magic != kReversedMagic) return false;
  if (window.head.size() < 8) return magic == kMagic && window.size == window.head.size();
  // A text that begins with these letters goes on with text; a version is small.
  return ReadVersion(window.head.subspan(kMagicBytes, 4)).number <= 0xFFFF;
}

void ParseGguf(const ByteSource& source, const ProbeWindow&, const Limits& limits,
               Artifact& artifact) {
  artifact.format = "gguf";
  artifact.kind = ArtifactKind::kWeights;
  GgufReader(source, limits, artifact).Read();
}

}  // namespace weighbridge
