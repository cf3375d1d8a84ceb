#include "scanner/base/figure_text.h"

#include <array>
#include <cstdio>

namespace weighbridge {
namespace {

std::string Decimal(double value, int digits) {
  char text[400];
  std::snprintf(text, sizeof text, "%.*g", digits, value);
  const std::string plain = text;
  if (plain.find('e') == std::string::npos) return plain;
  std::snprintf(text, sizeof text, "%.6f", value);
  return text;
}

}  // namespace

std::string FigureText(double value) { return Decimal(value, 12); }
std::string DensityText(double value) { return Decimal(value, 8); }

}  // namespace weighbridge
