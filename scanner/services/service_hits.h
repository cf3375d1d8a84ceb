// The hits of a whole scan, bounded: beyond the limit the strongest are kept, among equals
// those of the first places, whatever order they come in. Not thread-safe.
#pragma once

#include <cstdint>
#include <vector>

#include "scanner/services/service_hit.h"

namespace weighbridge {

class ServiceHits {
 public:
  static constexpr std::size_t kMax = 200'000;  // some hundred bytes each
  explicit ServiceHits(std::size_t max = kMax) : max_(max) {}

  void Add(std::vector<ServiceHit> hits);
  // How many were given up for the limit.
  std::uint64_t dropped() const;
  std::vector<ServiceHit> Take();

 private:
  void Cut();

  std::size_t max_;
  std::uint64_t seen_ = 0;
  std::vector<ServiceHit> kept_;
};

}  // namespace weighbridge
