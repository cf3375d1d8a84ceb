// Services in what artifacts claim: configurations of images, entries of model stores.
#include "scanner/services/service_finder.h"
#include "weighbridge/artifact.h"

namespace weighbridge {

void FindInClaims(const ServiceFinder& finder, const Artifact& artifact,
                  std::vector<ServiceHit>& hits) {
  for (const Claim& claim : artifact.claims) {
    if (claim.key == "oci:env") {
      finder.FindInVariable(claim.value, artifact.location, hits);
    } else if (claim.key == "oci:env.host") {
      const std::size_t tab = claim.value.find('\t');
      if (tab == std::string::npos) continue;
      finder.FindInSetting(claim.value.substr(0, tab), claim.value.substr(tab + 1),
                           artifact.location, hits);
    } else if (claim.key == "store:remote") {
      const std::size_t at = claim.value.rfind(" at ");
      if (at == std::string::npos) continue;
      std::string host = claim.value.substr(at + 4);
      const std::size_t scheme = host.find("://");
      if (scheme != std::string::npos) host.erase(0, scheme + 3);
      host = host.substr(0, host.find('/'));
      finder.FindInRemote(claim.value.substr(0, at), host, artifact.location, hits);
    }
  }
}

}  // namespace weighbridge
