// What every side-car reader shares: a bounded read of the whole text, bounded
// claims and diagnostics, and JSON scalars as claim text.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "scanner/base/json.h"
#include "scanner/formats/format.h"
#include "scanner/source/byte_source.h"
#include "weighbridge/artifact.h"
#include "weighbridge/limits.h"
#include "weighbridge/result.h"

namespace weighbridge {

// One file as a side-car reader sees it; a view, valid during one call.
struct SideCarInput {
  const ByteSource& source;
  const ProbeWindow& window;
  const Limits& limits;
};

// A reader says "not mine" with false and then leaves the artifact alone.
using SideCarReader = bool (*)(const SideCarInput& input, Artifact& artifact);

// The first `max_bytes` of the source as text; shorter only at its end.
Result<std::string> ReadText(const ByteSource& source, std::uint64_t max_bytes);

// Adds a claim unless the value is empty; cut at limits.max_claim_bytes on a UTF-8
// boundary, and refused (once, with a diagnostic) beyond limits.max_claims_per_file.
void AddClaim(Artifact& artifact, const Limits& limits, std::string_view key,
              std::string_view value);

// Adds a diagnostic; "name: " is put before the message, control characters are escaped.
void AddDiagnostic(Artifact& artifact, ErrorCode code, std::string_view name,
                   std::string_view message);

// As AddDiagnostic, and the artifact is only partly inspected for this reason.
void MarkPartial(Artifact& artifact, ErrorCode code, std::string_view name,
                 std::string_view message);

// Text of a JSON string, number or boolean; "" for null, lists and objects.
std::string ScalarText(const Json& value);

// Adds the scalar at `field` as a claim `key`; a list adds one claim per scalar element.
void AddJsonClaim(Artifact& artifact, const Limits& limits, std::string_view key,
                  const Json& object, const char* field);

// The first byte that is not white space or a byte-order mark; 0 when there is none.
char FirstByte(std::string_view text);

// True when the bytes hold no NUL or other control character that text files lack.
bool LooksLikeText(ByteSpan head);

}  // namespace weighbridge
