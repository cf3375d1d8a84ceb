// A classification in a few words, the same in every report and command.
#pragma once

#include <string>
#include <vector>

#include "weighbridge/accelerator.h"

namespace weighbridge {

// "3A090.a", "none", "undecided (needs die area, market segment)"
std::string EccnWords(const Classification& result);

// "15832", "2896 or more", "3610 or 6080", "" when no rate is known.
std::string TppWords(const Classification& result);
std::string DensityWords(const Classification& result);

// Of products that share what was seen: what all of them have, or each by its name.
struct SharedClassification {
  std::string eccn;       // paragraph that all meet, "none"; "" when they differ
  std::string undecided;  // why there is no eccn: "needs ...", "3A090.a (X) or none (Y)"
  std::string tpp, density;
};
SharedClassification Share(const std::vector<const AcceleratorProduct*>& products);

}  // namespace weighbridge
