// Physical figures as text: no noise of binary fractions.
#pragma once

#include <string>

namespace weighbridge {

// A figure as it is printed: the shortest decimal that is it, to twelve digits.
std::string FigureText(double value);
// A quotient, to eight digits.
std::string DensityText(double value);

}  // namespace weighbridge
