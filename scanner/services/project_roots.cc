#include "scanner/services/project_roots.h"

#include "scanner/services/file_kinds.h"

namespace weighbridge {
namespace {

constexpr int kMaxFolders = 256;

const std::string& InnermostName(const Location& location) {
  return location.members.empty() ? location.path : location.members.back();
}

// The folder above, "" when there is none within the same container.
std::string Above(const std::string& place, std::size_t floor) {
  const std::size_t slash = place.rfind('/');
  if (slash == std::string::npos || slash < floor) return {};
  return place.substr(0, slash);
}

}  // namespace

void ProjectRoots::See(const Location& file) {
  const std::string& name = InnermostName(file);
  if (!IsProjectMark(name) || roots_.size() >= kMaxRoots) return;
  std::string folder = file.Folder();
  if (folder == ".git" || folder == ".hg") folder.clear();
  for (const char* vcs : {"/.git", "/.hg"}) {
    if (folder.ends_with(vcs)) folder.resize(folder.size() - std::string(vcs).size());
  }
  roots_.insert(folder);
}

std::string ProjectRoots::RootOf(const Location& file) const {
  const std::string place = file.ToString();
  std::size_t floor = 0;  // where the innermost container's own names begin
  if (!file.members.empty()) floor = place.size() - file.members.back().size();
  std::string folder = Above(place, floor);
  for (int i = 0; i < kMaxFolders && !folder.empty(); ++i) {
    if (roots_.contains(folder)) return folder;
    folder = Above(folder, floor);
  }
  if (file.members.empty() && roots_.contains("")) return {};
  if (!file.members.empty()) return place.substr(0, place.rfind("!/"));
  std::string best;
  for (const std::string& target : targets_) {
    const bool inside = file.path == target || target == "." || target == "/" ||
                        file.path.starts_with(target + (target.ends_with("/") ? "" : "/"));
    if (inside && target.size() >= best.size()) best = target;
  }
  return best;
}

}  // namespace weighbridge
