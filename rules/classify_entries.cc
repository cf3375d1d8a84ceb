// The entries, two-valued, and the rates of a part.
#include "rules/classify_entries.h"

#include <algorithm>
#include <cmath>

#include "rules/classify.h"

namespace weighbridge {
namespace {

bool Meets(const Limb& limb, double tpp, double density) {
  return AtLeast(tpp, limb.tpp_from) && (limb.tpp_below == 0 || !AtLeast(tpp, limb.tpp_below)) &&
         (limb.density_from == 0 || AtLeast(density, limb.density_from)) &&
         (limb.density_below == 0 || !AtLeast(density, limb.density_below));
}

std::string PresentEntry(const KnownPart& part) {
  const double density = part.area > 0 ? part.tpp / part.area : 0;
  if (part.datacenter || AtLeast(part.tpp, kNoteTpp)) {
    // In the order of the paragraphs: .a before .b.
    for (const Limb& limb : kLimbs) {
      if (Meets(limb, part.tpp, density)) return std::string(limb.name).substr(0, 7);
    }
  }
  return part.interconnect_150 || AtLeast(part.tops, kBasicTops) ? "3A991.p" : "none";
}

std::string FirstEntry(const KnownPart& part) {
  if (part.interconnect_600 && AtLeast(part.tpp, kFirstTpp)) return "3A090.a";
  return part.interconnect_150 || AtLeast(part.tops, kBasicTops) ? "3A991.p" : "none";
}

struct Precision {
  const char* name;
  unsigned bits;
  std::optional<double> AcceleratorFigures::*rate;
};
// Bits are those of the widest input to the multiply (Technical Note 1.c).
constexpr Precision kPrecisions[] = {
    {"fp64", 64, &AcceleratorFigures::fp64}, {"fp32", 32, &AcceleratorFigures::fp32},
    {"tf32", 19, &AcceleratorFigures::tf32}, {"fp16", 16, &AcceleratorFigures::fp16},
    {"fp8", 8, &AcceleratorFigures::fp8},    {"int8", 8, &AcceleratorFigures::int8},
    {"fp4", 4, &AcceleratorFigures::fp4},    {"int4", 4, &AcceleratorFigures::int4},
};

std::string TermText(const Classification::Term& term) {
  return term.precision + " " + FigureText(term.rate) + " x " + std::to_string(term.bits);
}

void Raise(double& highest, std::string& from, const Classification::Term& term) {
  if (term.tpp <= highest) return;
  highest = term.tpp;
  from = TermText(term);
}

void AddTerm(RateSummary& out, const char* name, double rate, unsigned bits) {
  const bool tf32 = std::string_view(name) == "tf32";
  out.terms.push_back({name, rate, bits, rate * bits});
  if (!tf32 || bits == 19) Raise(out.tpp_19, out.tpp_19_from, out.terms.back());
  if (!tf32 || bits == 32) Raise(out.tpp_32, out.tpp_32_from, out.terms.back());
}

bool IsRate(const std::optional<double>& rate) {
  return rate && std::isfinite(*rate) && *rate > 0 && *rate <= kMostFigure;
}

}  // namespace

Text TextOn(const std::string& as_of) {
  if (as_of < "2022-10-07") return Text::kNone;
  return as_of < "2023-11-17" ? Text::kFirst : Text::kPresent;
}

bool AtLeast(double value, double line) { return value >= line * (1 - 4e-15); }

std::string EntryOf(const KnownPart& part, Text text) {
  if (text == Text::kNone) return "none";
  return text == Text::kFirst ? FirstEntry(part) : PresentEntry(part);
}

RateSummary Summarise(const AcceleratorFigures& figures) {
  RateSummary out;
  for (const Precision& precision : kPrecisions) {
    const std::optional<double>& rate = figures.*precision.rate;
    const bool unsettled = std::find(figures.unsettled_rates.begin(), figures.unsettled_rates.end(),
                                     precision.name) != figures.unsettled_rates.end();
    if (!IsRate(rate)) out.missing.emplace_back(precision.name);
    if (unsettled || (!IsRate(rate) && !figures.other_precisions_unsupported)) {
      out.open.emplace_back(precision.name);
    }
    if (!IsRate(rate)) continue;
    AddTerm(out, precision.name, *rate, precision.bits);
    if (precision.bits == 19) AddTerm(out, precision.name, *rate, 32);
    if (*rate > out.tops) {
      out.tops = *rate;
      out.tops_from = precision.name;
    }
  }
  return out;
}

std::string RateNeed(const RateSummary& rates) {
  if (rates.terms.empty()) return "dense rates";
  if (rates.open.size() == 1) return rates.open.front() + " rate";
  std::string text = "rates of ";
  for (const std::string& name : rates.open) text += (name == rates.open.front() ? "" : "/") + name;
  return text;
}

}  // namespace weighbridge
