#include "scanner/formats/ggml_legacy.h"

#include <algorithm>
#include <array>
#include <string>

#include "scanner/base/byte_reader.h"
#include "scanner/base/text.h"
#include "scanner/formats/ggml_walk.h"
#include "scanner/formats/header_notes.h"

namespace weighbridge {
namespace {

constexpr std::uint32_t kMaxVocabulary = 1U << 20;
constexpr std::uint32_t kMaxHyperParameter = 1U << 20;
constexpr std::size_t kHyperParameters = 7;  // LLaMA's; the other models have as many or more
constexpr std::size_t kWanted = 8 + 4 * kHyperParameters;

struct Kind {
  std::string_view magic;  // as on disk
  const char* id;
  std::uint32_t last_version;  // 0: has none
};
constexpr std::array kKinds{Kind{"lmgg", "ggml", 0}, Kind{"fmgg", "ggmf", 1},
                            Kind{"tjgg", "ggjt", 3}, Kind{"algg", "ggla", 1}};

const Kind* FindKind(ByteSpan head) {
  if (head.size() < 4) return nullptr;
  const auto* found = std::find_if(kKinds.begin(), kKinds.end(), [&](const Kind& kind) {
    return AsText(head.first(4)) == kind.magic;
  });
  return found == kKinds.end() ? nullptr : found;
}

// The vocabulary size comes first and is positive; all are small numbers. LoRA files
// start with rank and alpha instead.
bool HyperParametersPlausible(ByteReader& reader, bool is_lora) {
  const std::size_t wanted = is_lora ? 2 : kHyperParameters;
  for (std::size_t i = 0; i < wanted; ++i) {
    const auto value = reader.ReadLe<std::uint32_t>("hyper-parameter");
    if (!reader.ok() || value > kMaxHyperParameter) return false;
    if (i == 0 && (value == 0 || value > kMaxVocabulary)) return false;
  }
  return true;
}

}  // namespace

bool ProbeGgmlLegacy(const ProbeWindow& window) {
  const Kind* kind = FindKind(window.head);
  if (kind == nullptr) return false;
  ByteReader reader(window.head.subspan(4));
  if (kind->last_version != 0) {
    const auto version = reader.ReadLe<std::uint32_t>("version");
    if (!reader.ok() || version == 0 || version > kind->last_version) return false;
  }
  return HyperParametersPlausible(reader, kind->magic == "algg");
}

void ParseGgmlLegacy(const ByteSource& source, const ProbeWindow&, const Limits& limits,
                     Artifact& artifact) {
  artifact.format = "ggml";
  artifact.kind = ArtifactKind::kWeights;
  HeaderNotes notes(artifact, limits, "legacy GGML");
  auto bytes = ReadExactly(source, 0, std::min<std::uint64_t>(source.size(), kWanted));
  if (!bytes.ok()) return notes.Partial(bytes.error().code, bytes.error().message);
  const Kind* kind = FindKind(bytes.value());
  if (kind == nullptr)
    return notes.Partial(ErrorCode::kMalformed, "the magic is not one of the four");
  artifact.format = kind->id;
  if (kind->magic == "algg") artifact.kind = ArtifactKind::kAdapter;
  ByteReader reader(ByteSpan(bytes.value()).subspan(4));
  if (kind->last_version != 0) {
    artifact.format_version = std::to_string(reader.ReadLe<std::uint32_t>("version"));
  }
  GgmlLayout layout;
  layout.versioned = kind->last_version != 0;
  layout.scores = layout.versioned;
  layout.aligned = kind->magic == "tjgg";
  layout.adapter = kind->magic == "algg";
  layout.version = static_cast<std::uint32_t>(ParseUint(artifact.format_version).value_or(0));
  const GgmlWalk walk = WalkGgmlTensors(source, layout, limits, artifact);
  if (walk == GgmlWalk::kCut) {
    return notes.Partial(ErrorCode::kTruncated, "the tensors end early, after " +
                                                    CountOf(artifact.tensors.size(), "tensor"));
  }
  if (walk == GgmlWalk::kOtherLayout) {
    return notes.Partial(
        ErrorCode::kUnsupported,
        "the file records no architecture, licence or publisher; tensors are not read");
  }
  CheckDuplicateNames(artifact, notes);
}

}  // namespace weighbridge
