#include "scanner/source/store_link.h"

#include <algorithm>
#include <vector>

#include "scanner/base/text.h"

namespace weighbridge {
namespace {

// The components of an absolute path with "." and ".." worked out; empty when it
// climbs above the root.
std::vector<std::string> Normalise(std::string_view path) {
  std::vector<std::string> clean;
  for (std::string& part : Split(path, '/')) {
    if (part.empty() || part == ".") continue;
    if (part == "..") {
      if (clean.empty()) return {};
      clean.pop_back();
    } else {
      clean.push_back(std::move(part));
    }
  }
  return clean;
}

bool IsRepositoryFolder(const std::string& name) {
  return name.rfind("models--", 0) == 0 || name.rfind("datasets--", 0) == 0 ||
         name.rfind("spaces--", 0) == 0;
}

}  // namespace

std::string ResolveInStore(std::string_view link_path, std::string_view link_text) {
  if (link_text.empty() || link_text.front() == '/') return {};
  const std::vector<std::string> link = Normalise(link_path);
  const auto store = std::find_if(link.begin(), link.end(), IsRepositoryFolder);
  if (store == link.end() || std::next(store) == link.end() || *std::next(store) != "snapshots") {
    return {};
  }
  const std::string folder(link_path.substr(0, link_path.rfind('/')));
  const std::vector<std::string> target = Normalise(folder + "/" + std::string(link_text));
  const std::size_t depth = static_cast<std::size_t>(store - link.begin()) + 1;
  if (target.size() != depth + 2 || target[depth] != "blobs") return {};
  if (!std::equal(link.begin(), link.begin() + static_cast<std::ptrdiff_t>(depth),
                  target.begin())) {
    return {};
  }
  return "/" + Join(target, "/");
}

}  // namespace weighbridge
