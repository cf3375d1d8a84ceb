#include "scanner/services/hit_collector.h"

#include <algorithm>

#include "scanner/services/text_context.h"

namespace weighbridge {
namespace {

using Technique = ServiceTechnique;
using Strength = ServiceStrength;

// Distinct things kept of one file for one service and technique.
constexpr std::size_t kMaxKeptPerService = 16;

}  // namespace

void HitCollector::Add(ServiceHit hit, std::size_t at) {
  const Key key{hit.technique, hit.services, hit.matched};
  const auto found = kept_.find(key);
  if (found != kept_.end()) {
    ++found->second.hit.repeats;
    // The strongest place stands for all; a comment above the code must not hide it.
    if (hit.strength > found->second.hit.strength) {
      found->second.hit.strength = hit.strength;
      found->second.at = at;
    }
    found->second.hit.named_as_model |= hit.named_as_model;
    return;
  }
  const auto room =
      std::make_pair(hit.technique, hit.services.empty() ? std::string(hit.model.publisher)
                                                         : std::to_string(hit.services.front()));
  if (++counts_[room] > kMaxKeptPerService) {
    ++dropped_;
    return;
  }
  kept_.emplace(key, Kept{std::move(hit), at});
}

bool HitCollector::HasClient() const {
  return std::any_of(kept_.begin(), kept_.end(), [](const auto& entry) {
    const Technique technique = entry.second.hit.technique;
    return entry.second.hit.strength > Strength::kMention &&
           (technique == Technique::kPackage || technique == Technique::kVariable);
  });
}

std::uint64_t HitCollector::Finish(std::vector<ServiceHit>& hits) {
  std::vector<Kept*> ordered;
  for (auto& [key, kept] : kept_) ordered.push_back(&kept);
  std::stable_sort(ordered.begin(), ordered.end(),
                   [](const Kept* a, const Kept* b) { return a->at < b->at; });
  LineCounter lines(text_);
  for (Kept* kept : ordered) {
    kept->hit.location = location_;
    kept->hit.line = lines.LineOf(kept->at);
    hits.push_back(std::move(kept->hit));
  }
  return dropped_;
}

}  // namespace weighbridge
