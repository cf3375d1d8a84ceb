// Links within archives that a model store made to its own blobs: on disk the walk
// follows them, in an archive they are joined to the blob once all members are known.
#pragma once

#include <string>
#include <vector>

#include "scanner/pipeline/inspect.h"

namespace weighbridge {

// The member that the link leads to when both lie in one store, else "".
std::string StoreLinkTarget(const std::string& name, const std::string& target, bool hard);

// Gives each blob the places of the links to it. Requires: files sorted by Location.
void AddStoreLinks(const std::vector<StoreLink>& links, std::vector<InspectedFile>& files);

}  // namespace weighbridge
