#include "scanner/services/service_hits.h"

#include <algorithm>
#include <iterator>
#include <tuple>

namespace weighbridge {
namespace {

bool Before(const ServiceHit& a, const ServiceHit& b) {
  if (a.strength != b.strength) return a.strength > b.strength;
  return std::tie(a.location, a.line, a.technique, a.matched, a.services) <
         std::tie(b.location, b.line, b.technique, b.matched, b.services);
}

}  // namespace

void ServiceHits::Add(std::vector<ServiceHit> hits) {
  seen_ += hits.size();
  std::move(hits.begin(), hits.end(), std::back_inserter(kept_));
  // Now and then: each cut costs in proportion to what came since the last.
  if (kept_.size() >= 2 * max_) Cut();
}

void ServiceHits::Cut() {
  if (kept_.size() <= max_) return;
  const auto end = kept_.begin() + static_cast<std::ptrdiff_t>(max_);
  std::nth_element(kept_.begin(), end, kept_.end(), Before);
  kept_.erase(end, kept_.end());
}

std::uint64_t ServiceHits::dropped() const { return seen_ > max_ ? seen_ - max_ : 0; }

std::vector<ServiceHit> ServiceHits::Take() {
  Cut();
  std::sort(kept_.begin(), kept_.end(), Before);
  return std::move(kept_);
}

}  // namespace weighbridge
