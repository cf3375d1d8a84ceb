#include "scanner/source/store_link.h"

#include <algorithm>
#include <array>
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

bool StartsWith(const std::string& name, std::string_view begin) {
  return name.rfind(begin, 0) == 0;
}

bool IsRepositoryFolder(const std::string& name) {
  return StartsWith(name, "models--") || StartsWith(name, "datasets--") ||
         StartsWith(name, "spaces--");
}

// A blob's name: an etag (hub caches, ModelScope) or sha256-<hex> (Ollama, ramalama).
bool IsBlobName(std::string_view name) {
  if (name.substr(0, 7) == "sha256-" || name.substr(0, 7) == "sha256:") name.remove_prefix(7);
  return IsLowerHex(name) && (name.size() == 40 || name.size() == 64);
}

using Parts = std::vector<std::string>;

// The number of components of the store's root that `link` lies in, 0 when it lies in
// none; `target` must lie in blobs/ right below that root.
//
//   models--ORG--NAME/snapshots/<commit>/...      Hugging Face
//   models/OWNER--NAME/snapshots/<revision>/...   ModelScope
//   <transport>/ORG/NAME/snapshots/<hash>/...     ramalama
std::size_t SnapshotRoot(const Parts& link) {
  for (std::size_t i = 1; i + 2 < link.size(); ++i) {
    if (link[i] != "snapshots") continue;
    if (IsRepositoryFolder(link[i - 1])) return i;
    if (i >= 2 && link[i - 2] == "models" && link[i - 1].find("--") != std::string::npos) return i;
    constexpr auto kTransports = std::to_array<std::string_view>(
        {"huggingface", "ollama", "modelscope", "oci", "rlcr", "url", "http", "https", "file"});
    if (i >= 3 &&
        std::find(kTransports.begin(), kTransports.end(), link[i - 3]) != kTransports.end()) {
      return i;
    }
  }
  return 0;
}

// Ollama: manifests/<host>/<namespace>/<model>/<tag> may link to its blob.
std::size_t ManifestRoot(const Parts& link) {
  if (link.size() < 6) return 0;
  const std::size_t at = link.size() - 5;
  return link[at] == "manifests" || link[at] == "manifests-v2" ? at : 0;
}

bool SameRoot(const Parts& link, const Parts& target, std::size_t depth) {
  return target.size() > depth &&
         std::equal(link.begin(), link.begin() + static_cast<std::ptrdiff_t>(depth),
                    target.begin());
}

// Hub caches name blobs by any etag; elsewhere only a digest is a blob.
bool IsBlob(const Parts& target, std::size_t depth, bool etag_may_be_any) {
  if (target.size() != depth + 2 || target[depth] != "blobs") return false;
  return etag_may_be_any || IsBlobName(target.back());
}

}  // namespace

std::string ResolveInStore(std::string_view link_path, std::string_view link_text) {
  if (link_text.empty() || link_text.front() == '/') return {};
  const Parts link = Normalise(link_path);
  const std::string folder(link_path.substr(0, link_path.rfind('/')));
  const Parts target = Normalise(folder + "/" + std::string(link_text));
  if (const std::size_t root = SnapshotRoot(link); root != 0) {
    const bool hub = IsRepositoryFolder(link[root - 1]);
    if (!SameRoot(link, target, root) || !IsBlob(target, root, hub)) return {};
    return "/" + Join(target, "/");
  }
  if (const std::size_t root = ManifestRoot(link); root != 0) {
    if (!SameRoot(link, target, root) || !IsBlob(target, root, false)) return {};
    return "/" + Join(target, "/");
  }
  return {};
}

}  // namespace weighbridge
