// Services in text: the first line is the file's path, the rest its text. Hits lie within
// the text, are bounded, and join to the same uses in any order.
#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "scanner/services/join.h"
#include "scanner/services/service_finder.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace weighbridge;
  const std::string_view input = AsText({data, size});
  const std::size_t end = std::min(input.find('\n'), input.size());
  const std::string path(input.substr(0, end));
  const std::string_view text = input.substr(std::min(end + 1, input.size()));
  const ServiceFinder& finder = ServiceFinder::Instance();
  std::vector<ServiceHit> hits;
  finder.FindInText(text, path, Location::Parse(path), hits);
  const auto lines = static_cast<std::uint64_t>(std::count(text.begin(), text.end(), '\n')) + 1;
  for (const ServiceHit& hit : hits) {
    if (hit.line == 0 || hit.line > lines || hit.matched.empty()) std::abort();
    if (hit.matched.size() > 512 || hit.endpoint.size() > 300) std::abort();
    for (const std::size_t row : hit.services) {
      if (row >= finder.table().rows.size()) std::abort();
    }
  }
  const auto uses = JoinServiceHits(hits, finder.table());
  std::reverse(hits.begin(), hits.end());
  const auto again = JoinServiceHits(hits, finder.table());
  if (uses.size() != again.size()) std::abort();
  for (std::size_t i = 0; i < uses.size(); ++i) {
    if (uses[i].evidence != again[i].evidence || uses[i].endpoint != again[i].endpoint) {
      std::abort();
    }
  }
  return 0;
}
