// What a pickle walk leaves in an Artifact; shared by every format that holds pickles.
#pragma once

#include <string>
#include <string_view>

#include "scanner/formats/pickle_walk.h"
#include "weighbridge/artifact.h"

namespace weighbridge {

// At the artifact's own location.
void AddDiagnostic(Artifact& artifact, Severity severity, ErrorCode code, std::string message);
// Lowers the inspection to kPartial; the first reason stays.
void MarkPartial(Artifact& artifact, std::string reason);

// Merges the walk's imports (distinct per member, at most 1024, code execution first
// to stay) and reports a walk that did not reach its end. `member` is "" for the file.
void ReportWalk(Artifact& artifact, const PickleWalk& walk, const std::string& member);

// True when the bytes can begin a pickle of protocol 2 or later.
bool HasPickleMarker(ByteSpan head);
// True when the bytes at `offset` are a pickle of any protocol: it reaches STOP, or
// imports something that runs code, or carries the marker and makes sense.
bool LooksLikePickle(const ByteSource& source, std::uint64_t offset, std::uint64_t size);

}  // namespace weighbridge
