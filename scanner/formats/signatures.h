// Formats told by a fixed signature that are recognised and not parsed: runtimes,
// older frameworks, archives and images.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "scanner/formats/format.h"

namespace weighbridge {

struct Signature {
  std::string_view id;
  std::string_view name;
  int tier;
  ArtifactKind kind;
  std::uint64_t offset;
  std::string_view bytes;
  std::uint64_t smallest;  // bytes that a real file has at least
};
const std::vector<Signature>& Signatures();

bool ProbeSignature(const ProbeWindow& window);
void ParseSignature(const ByteSource& source, const ProbeWindow& window, const Limits& limits,
                    Artifact& artifact);

}  // namespace weighbridge
