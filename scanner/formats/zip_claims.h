// What small text members of a zip say about the model in it.
#pragma once

#include "scanner/source/byte_source.h"
#include "scanner/source/zip_directory.h"
#include "weighbridge/artifact.h"
#include "weighbridge/limits.h"

namespace weighbridge {

// By artifact.format: keras_zip, dduf, torchserve_mar, wheel; nothing for others.
void AddZipClaims(const ByteSource& source, const ZipDirectory& zip, const Limits& limits,
                  Artifact& artifact);

}  // namespace weighbridge
