#include "scanner/images/image.h"

#include <algorithm>

#include "scanner/base/text.h"
#include "scanner/base/vocabulary_digest.h"
#include "scanner/images/layer_summary.h"

namespace weighbridge {

std::optional<StorePlace> StorePlace::Of(const Location& document, std::size_t count) {
  StorePlace place;
  place.root = document;
  std::string& name = place.root.members.empty() ? place.root.path : place.root.members.back();
  if (!place.root.members.empty()) name = PlainPath(name);
  while (place.parts.size() < count) {
    const std::size_t slash = name.rfind('/');
    const std::size_t from = slash == name.npos ? 0 : slash + 1;
    if (from == name.size()) return std::nullopt;
    place.parts.insert(place.parts.begin(), name.substr(from));
    name.resize(from);
    if (place.parts.size() == count) break;
    if (name.empty()) return std::nullopt;
    name.pop_back();
  }
  return place;
}

Location StorePlace::At(std::string_view name) const {
  Location location = root;
  (location.members.empty() ? location.path : location.members.back()) += name;
  return location;
}

std::string PlainText(const Location& location) {
  Location plain = location;
  if (!plain.members.empty()) plain.members.back() = PlainPath(plain.members.back());
  return plain.ToString();
}

std::vector<std::string> ChainIds(const std::vector<std::string>& diff_ids) {
  std::vector<std::string> chain;
  for (const std::string& id : diff_ids) {
    chain.push_back(chain.empty() ? id : "sha256:" + Sha256OfText(chain.back() + " " + id));
  }
  return chain;
}

std::string_view HexOfDigest(std::string_view digest) {
  if (digest.substr(0, 7) == "sha256:") digest.remove_prefix(7);
  return digest;
}

std::string JoinNames(const std::vector<std::string>& names) {
  const auto repeats_digest = [](const std::string& name) {
    return name.rfind("sha256:", 0) == 0 || name.find("@sha256:") != name.npos;
  };
  std::vector<std::string> kept;
  for (const std::string& name : names) {
    if (!name.empty() && !repeats_digest(name)) kept.push_back(name);
  }
  if (kept.empty()) kept = names;
  std::sort(kept.begin(), kept.end());
  kept.erase(std::unique(kept.begin(), kept.end()), kept.end());
  return Join(kept, ", ");
}

}  // namespace weighbridge
