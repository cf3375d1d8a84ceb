// Classify: the Commerce Control List entries that one integrated circuit meets on a day,
// from its physical figures. Source: 15 CFR part 774, Supplement No. 1, ECCNs 3A090,
// 4A090, 3A991.p, 4A994.l (88 FR 73458, in force 2023-11-17); first version 87 FR 62186
// (2022-10-07 to 2023-11-16); licence review limits 15 CFR 742.6(b)(10) (91 FR 1684).
//
// What is not known stays open: an answer is given when every value that a missing figure
// could have leads to it, else the figures that decide are named. Pure; thread-safe.
#pragma once

#include <string>
#include <string_view>

#include "scanner/base/figure_text.h"
#include "weighbridge/classification.h"

namespace weighbridge {

// The day of the text that the limits were read from; later changes are not known.
inline constexpr std::string_view kControlListRead = "2026-07-23";

// `as_of` is an ISO date. Figures that are not finite, negative or absurd
// (above 10^12) count as not given, and so does a rate or an area of zero.
Classification Classify(const AcceleratorFigures& figures, const std::string& as_of);

// The entry of a computer or assembly that holds a circuit of this one.
std::string ComputerEntry(const std::string& eccn);

}  // namespace weighbridge
