// The table of weight formats and the front door to it.
#pragma once

#include <string_view>
#include <vector>

#include "scanner/formats/format.h"

namespace weighbridge {

// In the order in which they are tried: strong fixed signatures, then structures
// that check their own lengths, then grammars.
const std::vector<Format>& Formats();

// Recognises and parses one file. True when it is of a known format; the artifact
// then also says whether a second signature is valid (a polyglot) and whether the
// extension contradicts the content. Cheap for files of no known format.
bool InspectWeights(const ByteSource& source, const ProbeWindow& window, const Limits& limits,
                    Artifact& artifact);

// Whether some format of the table claims these first bytes.
bool ProbeWeights(const ProbeWindow& window);

struct FormatInfo {
  std::string_view id;
  std::string_view name;
  int tier = 3;
  std::string_view support;  // "parsed" or "recognised"
};
// Every format id that a report may carry, for `list formats`.
std::vector<FormatInfo> KnownFormats();

}  // namespace weighbridge
