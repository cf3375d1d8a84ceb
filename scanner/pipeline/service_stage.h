// Hosted services: text files and claims that show that something talks to a model as a
// service. Collected while files are inspected, joined once all are known.
#pragma once

#include <cstdint>
#include <mutex>
#include <vector>

#include "scanner/services/join.h"
#include "scanner/services/project_roots.h"
#include "scanner/services/service_finder.h"
#include "scanner/services/service_hits.h"
#include "weighbridge/artifact.h"
#include "weighbridge/diagnostic.h"

namespace weighbridge {

// Thread-safe.
class ServiceCollector {
 public:
  // A file or member that is no weight file and no side-car of one, with its first bytes.
  void Read(const ByteSource& source, ByteSpan head, const Location& location);

  // Requires: all files were read. `artifacts` as JoinStores() left them. Diagnostics say
  // what was searched in part.
  std::vector<ServiceUse> Join(const std::vector<Artifact>& artifacts,
                               const std::vector<std::string>& targets,
                               std::vector<Diagnostic>& diagnostics);

 private:
  void Note(const Location& location, const std::string& message);

  std::mutex mutex_;
  ServiceHits hits_;
  std::vector<Location> marks_;  // manifests and the like, which make a folder a project
  std::uint64_t marks_seen_ = 0;
  std::vector<Diagnostic> notes_;
};

}  // namespace weighbridge
