// Runs the digest stage over all inspected files, in parallel, and links ONNX
// models to the external data files that hold their tensors.
#pragma once

#include <stop_token>
#include <vector>

#include "scanner/pipeline/inspect.h"
#include "scanner/source/walk.h"
#include "weighbridge/scan.h"

namespace weighbridge {

// Appends a kExternalData file for every external file that exists beside its
// model, and moves it from "unrecognised" to "recognised" in the coverage.
void AttachExternalData(const Walk& walk, Coverage& coverage, std::vector<InspectedFile>& files);

// Fills sha256, git_sha1, tensor_digests, tensors_without_digest and
// changed_while_read. Files that cannot be read again get a Diagnostic.
// True when every file was read; false after a stop request.
bool DigestFiles(const Walk& walk, const ScanOptions& options, unsigned jobs,
                 std::vector<InspectedFile>& files, std::uint64_t* bytes_read);

}  // namespace weighbridge
