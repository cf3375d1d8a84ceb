#include "scanner/images/layer_summary.h"

#include <algorithm>
#include <functional>
#include <string>

#include "scanner/base/text.h"

namespace weighbridge {
namespace {

constexpr std::string_view kWhiteout = ".wh.";
constexpr std::string_view kOpaque = ".wh..wh..opq";
constexpr std::string_view kOther = ".wh..wh.";  // aufs' own bookkeeping

std::uint64_t HashOf(std::string_view path) { return std::hash<std::string_view>{}(path); }

bool Contains(const std::vector<std::uint64_t>& sorted, std::string_view path) {
  return std::binary_search(sorted.begin(), sorted.end(), HashOf(path));
}

// Calls `test` with the path's folders, outermost first, "" for the root.
template <typename Test>
bool AnyFolder(std::string_view path, Test test) {
  if (test(std::string_view())) return true;
  for (std::size_t at = path.find('/'); at != path.npos; at = path.find('/', at + 1)) {
    if (test(path.substr(0, at))) return true;
  }
  return false;
}

void SortUnique(std::vector<std::uint64_t>& hashes) {
  std::sort(hashes.begin(), hashes.end());
  hashes.erase(std::unique(hashes.begin(), hashes.end()), hashes.end());
  hashes.shrink_to_fit();
}

}  // namespace

std::string PlainPath(std::string_view name) {
  std::string path;
  for (const std::string& part : Split(name, '/')) {
    if (part.empty() || part == ".") continue;
    if (part == "..") {
      const std::size_t slash = path.rfind('/');
      path.resize(slash == std::string::npos ? 0 : slash);
      continue;
    }
    if (!path.empty()) path += '/';
    path += part;
  }
  return path;
}

void LayerSummary::AddFile(std::string_view name) {
  const std::string path = PlainPath(name);
  const std::size_t slash = path.rfind('/');
  const std::string folder = slash == path.npos ? "" : path.substr(0, slash);
  const std::string_view last =
      slash == path.npos ? std::string_view(path) : std::string_view(path).substr(slash + 1);
  if (last == kOpaque) {
    opaque_.push_back(HashOf(folder));
  } else if (last.starts_with(kWhiteout) && !last.starts_with(kOther) && last.size() > 4) {
    const std::string hidden = std::string(last.substr(kWhiteout.size()));
    whiteouts_.push_back(HashOf(folder.empty() ? hidden : folder + "/" + hidden));
  } else {
    files_.push_back(HashOf(path));
  }
}

void LayerSummary::Finish() {
  SortUnique(files_);
  SortUnique(whiteouts_);
  SortUnique(opaque_);
}

bool LayerSummary::Holds(std::string_view path) const {
  return Contains(files_, path) || AnyFolder(path, [&](std::string_view folder) {
           return !folder.empty() && Contains(files_, folder);
         });
}

bool LayerSummary::Deletes(std::string_view path) const {
  return Contains(whiteouts_, path) || AnyFolder(path, [&](std::string_view folder) {
           return (!folder.empty() && Contains(whiteouts_, folder)) || Contains(opaque_, folder);
         });
}

}  // namespace weighbridge
