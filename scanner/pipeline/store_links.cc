#include "scanner/pipeline/store_links.h"

#include <algorithm>
#include <map>

#include "scanner/images/layer_summary.h"
#include "scanner/pipeline/settle.h"
#include "scanner/source/store_link.h"

namespace weighbridge {
namespace {

bool IsBlob(const Location& location) {
  return location.members.back().find("blobs/") != std::string::npos;
}

}  // namespace

std::string StoreLinkTarget(const std::string& name, const std::string& target, bool hard) {
  if (!hard) {
    const std::string resolved = ResolveInStore("/" + name, target);
    return resolved.empty() ? resolved : resolved.substr(1);
  }
  // Docker Model Runner makes hard links from bundles/ to blobs/.
  const std::string plain = PlainPath(target);
  const bool blob = plain.rfind("blobs/", 0) == 0 || plain.find("/blobs/") != std::string::npos;
  return blob ? plain : std::string();
}

void AddStoreLinks(const std::vector<StoreLink>& links, std::vector<InspectedFile>& files) {
  if (links.empty()) return;
  // By archive and plain member name: members may be named "./blobs/...".
  std::map<std::pair<std::string, std::string>, std::size_t> members;
  const auto key = [](Location archive, const std::string& member) {
    return std::pair(archive.ToString(), PlainPath(member));
  };
  for (std::size_t i = 0; i < files.size(); ++i) {
    Location archive = files[i].artifact.location;
    if (archive.members.empty()) continue;
    const std::string member = archive.members.back();
    archive.members.pop_back();
    members.emplace(key(std::move(archive), member), i);
  }
  std::vector<StoreLink> sorted = links;  // threads found them in any order
  std::sort(sorted.begin(), sorted.end());
  for (const StoreLink& link : sorted) {
    const auto found = members.find(key(link.archive, link.target));
    if (found == members.end()) continue;
    Location place = link.archive;
    place.members.push_back(link.name);
    Artifact& artifact = files[found->second].artifact;
    auto& others = artifact.other_locations;
    if (std::find(others.begin(), others.end(), place) != others.end()) continue;
    // As on disk: the readable name is the file's, the blob's is another.
    if (IsBlob(artifact.location) && !IsBlob(place)) std::swap(artifact.location, place);
    others.push_back(std::move(place));
  }
  for (InspectedFile& file : files) {
    std::sort(file.artifact.other_locations.begin(), file.artifact.other_locations.end());
  }
  SortFiles(files);
}

}  // namespace weighbridge
