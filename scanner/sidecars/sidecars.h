// Side-cars: the text and JSON files that lie beside weights and say what they
// are (config.json, tokenizer.json, model cards, licence texts, ...). All that
// they say is a claim by whoever wrote the folder.
//
//   if (InspectSideCar(source, window, limits, artifact)) { ... artifact.claims ... }
//
// Called for every file that is not weights, so "no" must be cheap: file name and
// the bytes of the window decide; only a file that they speak for is read whole.
// A name is a hint and never enough: the content must fit. Pure, thread-safe,
// throws nothing.
#pragma once

#include "scanner/formats/format.h"
#include "scanner/source/byte_source.h"
#include "weighbridge/artifact.h"
#include "weighbridge/limits.h"

namespace weighbridge {

// True when the file is a side-car: kind, format, inspection and claims are then
// set. False leaves the artifact as it was. Requires: artifact.location and
// artifact.size_bytes are filled, window.head holds the head of `source`.
bool InspectSideCar(const ByteSource& source, const ProbeWindow& window, const Limits& limits,
                    Artifact& artifact);

// The same for the databases of container engines, by their place (live_documents.h).
// Asked before InspectWeights(), to which any bbolt database is a closed container.
bool InspectEngineDatabase(const ByteSource& source, const ProbeWindow& window,
                           const Limits& limits, Artifact& artifact);

}  // namespace weighbridge
