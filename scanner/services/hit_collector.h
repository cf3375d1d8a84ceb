// The hits of one file: one for each thing, counted, and a bounded number of things.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "scanner/services/service_hit.h"

namespace weighbridge {

// Keeps one hit for each thing, and for each service and technique no more than some, so
// that a flood of names of one service hides no other.
class HitCollector {
 public:
  HitCollector(std::string_view text, const Location& location)
      : text_(text), location_(location) {}

  // `at`: where in the text.
  void Add(ServiceHit hit, std::size_t at);
  // True when a client or an SDK was seen, mentions left out.
  bool HasClient() const;
  // Appends them in the order of their places, with lines. Returns how many were dropped.
  std::uint64_t Finish(std::vector<ServiceHit>& hits);

 private:
  using Key = std::tuple<ServiceTechnique, std::vector<std::size_t>, std::string>;
  struct Kept {
    ServiceHit hit;
    std::size_t at;
  };
  std::string_view text_;
  const Location& location_;
  std::map<Key, Kept> kept_;
  std::map<std::pair<ServiceTechnique, std::string>, std::size_t> counts_;
  std::uint64_t dropped_ = 0;
};

}  // namespace weighbridge
