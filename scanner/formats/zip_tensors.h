// Tensors that are members of a zip: arrays of an npz, weights of a PT2 archive.
#pragma once

#include "scanner/source/byte_source.h"
#include "scanner/source/zip_directory.h"
#include "weighbridge/artifact.h"
#include "weighbridge/limits.h"

namespace weighbridge {

// Fills artifact.tensors for the formats npz, marian and pt2 and sets the inspection; does
// nothing for others.
void AddZipTensors(const ByteSource& source, const ZipDirectory& zip, const Limits& limits,
                   Artifact& artifact);

}  // namespace weighbridge
