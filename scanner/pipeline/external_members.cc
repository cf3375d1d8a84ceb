#include "scanner/pipeline/external_members.h"

#include <algorithm>
#include <functional>

#include "scanner/images/layer_summary.h"

namespace weighbridge {
namespace {

constexpr std::size_t kMaxSeen = 200'000;  // 40 bytes each
constexpr std::size_t kMaxWanted = 10'000;

std::size_t HashOf(const std::string& plain) { return std::hash<std::string>{}(plain); }

}  // namespace

void ExternalMembers::Saw(const std::string& name, std::uint64_t size,
                          std::optional<std::uint64_t> offset) {
  if (seen_.size() < kMaxSeen) seen_.emplace(HashOf(PlainPath(name)), Seen{size, offset});
}

void ExternalMembers::Wanted(const std::string& member, const std::vector<std::string>& files) {
  const std::string folder = member.substr(0, member.rfind('/') + 1);
  for (const std::string& file : files) {
    if (wanted_.size() < kMaxWanted) wanted_.push_back(folder + file);
  }
}

std::vector<ExternalMember> ExternalMembers::Found() const {
  std::vector<std::string> names = wanted_;
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  std::vector<ExternalMember> found;
  for (const std::string& name : names) {
    const auto seen = seen_.find(HashOf(PlainPath(name)));
    if (seen != seen_.end()) found.push_back({name, seen->second.size, seen->second.offset});
  }
  return found;
}

}  // namespace weighbridge
