// ServiceFinder: one pass of one set of patterns over a text says which names of the
// table occur at all; only for those are places, boundaries and lines looked at.
// Immutable after construction; safe for threads.
//
// Documentation and comments give mentions, never uses. Program text counts hosts in
// quotes or URLs only. Of libraries only the package's name counts (file_kinds.h).
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "scanner/services/service_hit.h"
#include "scanner/services/service_table.h"
#include "scanner/source/byte_source.h"
#include "weighbridge/artifact.h"
#include "weighbridge/location.h"

namespace weighbridge {

// Of one file, what is searched; long enough for any settings or source file.
inline constexpr std::uint64_t kMaxServiceTextBytes = 1 << 20;

struct ServicePatterns;

struct ServiceReading {
  bool read = false;          // the kind of file is one that is read
  bool binary = false;        // a NUL at its start: not searched
  bool truncated = false;     // only the first kMaxServiceTextBytes were searched
  std::uint64_t dropped = 0;  // distinct hits beyond those kept for one service
};

class ServiceFinder {
 public:
  explicit ServiceFinder(const ServiceTable& table);
  ~ServiceFinder();
  // Of the embedded table, made at the first call.
  static const ServiceFinder& Instance();

  // Appends the hits of a file of that path. The path decides its kind.
  ServiceReading FindInText(std::string_view text, const std::string& path,
                            const Location& location, std::vector<ServiceHit>& hits) const;
  // The same, reading no more than is searched; a binary file costs one small read.
  Result<ServiceReading> FindInSource(const ByteSource& source, const std::string& path,
                                      const Location& location,
                                      std::vector<ServiceHit>& hits) const;
  // A variable that a container image or a unit sets.
  void FindInVariable(const std::string& name, const Location& location,
                      std::vector<ServiceHit>& hits) const;
  // The host of a URL that such a variable is set to.
  void FindInSetting(const std::string& name, const std::string& host, const Location& location,
                     std::vector<ServiceHit>& hits) const;
  // A model that another host runs, as a model store states it.
  void FindInRemote(const std::string& model, const std::string& host, const Location& location,
                    std::vector<ServiceHit>& hits) const;

  const ServiceTable& table() const;

 private:
  std::unique_ptr<const ServicePatterns> patterns_;
};

// Names of variables, hosts and remote models that an artifact's claims state:
// oci:env, oci:env.host, store:remote.
void FindInClaims(const ServiceFinder& finder, const Artifact& artifact,
                  std::vector<ServiceHit>& hits);

}  // namespace weighbridge
