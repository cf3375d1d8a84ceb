// PyTorch's zip checkpoint and TorchScript archive: called by the zip family once
// the central directory is read.
#pragma once

#include <string>

#include "scanner/formats/torch_tensors.h"
#include "scanner/source/byte_source.h"
#include "scanner/source/zip_directory.h"
#include "weighbridge/artifact.h"
#include "weighbridge/limits.h"

namespace weighbridge {

// The folder P of P/data.pkl, "" when the zip holds none at depth one.
std::string FindTorchFolder(const ZipDirectory& zip);

// Fills format, kind, tensors and claims. `salvaged`: the directory came from local
// headers of a damaged file, so member sizes are not to be trusted.
void ParsePytorchZip(const ByteSource& source, const ZipDirectory& zip, const std::string& folder,
                     bool salvaged, const Limits& limits, Artifact& artifact);

// What is common to both PyTorch stream formats: kind, wrapper and trainer claims.
void AddTorchClaims(const PickleWalk& walk, const TorchTensors& found, Artifact& artifact);

}  // namespace weighbridge
