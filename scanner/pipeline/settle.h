// The small steps around the barrier: sorting, merging, choosing and closing.
#pragma once

#include <vector>

#include "scanner/pipeline/inspect.h"
#include "weighbridge/report.h"

namespace weighbridge {

void SortFiles(std::vector<InspectedFile>& files);
// Files with the same device and inode become one, with all their Locations. The
// name in a store's snapshot is preferred to the blob's.
void MergeSameFiles(std::vector<InspectedFile>& files);

// Moves the artifacts out, in order, and back.
std::vector<Artifact> TakeArtifacts(std::vector<InspectedFile>& files);
void ReturnArtifacts(std::vector<Artifact>& artifacts, std::vector<InspectedFile>& files);

// True for every artifact that belongs to a model or stands in a report by itself.
std::vector<bool> ReportedArtifacts(const std::vector<Artifact>& artifacts,
                                    const std::vector<Model>& models);
std::vector<InspectedFile> KeepReported(std::vector<InspectedFile>& files,
                                        const std::vector<bool>& reported);

// All diagnostics of the walk, the inspection and the artifacts, sorted.
void CollectDiagnostics(std::vector<Diagnostic>& walk, std::vector<Diagnostic> inspection,
                        Report& report);
// Last counts; decides whether the report is complete.
void Settle(bool finished, Report& report);

}  // namespace weighbridge
