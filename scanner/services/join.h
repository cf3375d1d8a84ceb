// Hits of all files to uses: one for each service and endpoint of a project. What is
// weak goes to the use that explains it, and stands alone, without a provider, only
// where nothing does:
//
//   an OpenAI-compatible client, a model's id    to an endpoint of its file, or of its
//                                                project when that has only one
//   a vendor's client whose base URL is set      to the endpoint that the setting names
//   an item of several services                  to the one that other evidence shows
//   a shared item, a mention, a hub id           to a use of its service, or nowhere
#pragma once

#include <vector>

#include "scanner/services/project_roots.h"
#include "scanner/services/service_hit.h"
#include "scanner/services/service_table.h"

namespace weighbridge {

inline constexpr std::size_t kMaxServiceEvidence = 16;  // kept of one use
inline constexpr std::size_t kMaxServiceModels = 64;    // of one use

// Sorted by project, service and endpoint; the same for any order of hits.
std::vector<ServiceUse> JoinServiceHits(std::vector<ServiceHit> hits, const ServiceTable& table,
                                        const ProjectRoots& roots = ProjectRoots());

}  // namespace weighbridge
