// What a pickle walk leaves in an Artifact; shared by every format that holds pickles.
#pragma once

#include <string>
#include <string_view>

#include "scanner/formats/pickle_walk.h"
#include "weighbridge/artifact.h"

namespace weighbridge {

// At the artifact's own location.
void AddDiagnostic(Artifact& artifact, Severity severity, ErrorCode code, std::string message,
                   DiagnosticKind kind = DiagnosticKind::kNone);
// Lowers the inspection to kPartial; the first reason stays.
void MarkPartial(Artifact& artifact, std::string reason);

// Merges the walk's imports (distinct per member, at most 1024, code execution first
// to stay) and reports a walk that did not reach its end. `member` is "" for the file.
void ReportWalk(Artifact& artifact, const PickleWalk& walk, const std::string& member);

// What walking the pickles of one file may cost together: the caps of one walk.
class PickleBudget {
 public:
  explicit PickleBudget(const Limits& limits = {}) : left_(limits) {}
  // A walk of at most `max_opcodes` within what is left, which it then lowers.
  PickleWalk Walk(const ByteSource& source, std::uint64_t offset,
                  std::uint64_t max_opcodes = ~0ULL);
  bool spent() const { return left_.max_pickle_opcodes == 0 || left_.max_pickle_bytes == 0; }

 private:
  Limits left_;
};

// True when the bytes can begin a pickle of protocol 2 or later.
bool HasPickleMarker(ByteSpan head);
// True when a pickle of some protocol can begin with this byte.
bool MayBeginPickle(std::uint8_t first);
// True when the bytes at `offset` are a pickle of any protocol: it reaches STOP, or
// imports something that runs code, or carries the marker and makes sense, or is longer
// than can be walked. A pickle that some loader would execute up to an import must not
// be called none; text and other files must not be called one.
bool LooksLikePickle(const ByteSource& source, std::uint64_t offset, std::uint64_t size,
                     PickleBudget& budget);
bool LooksLikePickle(const ByteSource& source, std::uint64_t offset, std::uint64_t size);

}  // namespace weighbridge
