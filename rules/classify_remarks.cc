// What qualifies a classification: values near a line, and what was assumed.
#include <algorithm>
#include <cmath>

#include "rules/classify.h"
#include "rules/classify_entries.h"
#include "scanner/base/text.h"

namespace weighbridge {
namespace {

// 1 % of the line; figures of datasheets are rounded by up to 0.3 %.
constexpr double kNear = 0.01;

bool IsNear(double value, double line) {
  return std::abs(value - line) <= line * kNear * (1 + 4e-15);
}

class NearLines {
 public:
  explicit NearLines(std::vector<std::string>& out) : out_(out) {}
  void Ask(const std::string& name, double value, std::initializer_list<double> lines,
           const std::string& rests_on) {
    for (const double line : lines) {
      if (!IsNear(value, line)) continue;
      std::string text = name + " " + DensityText(value) + " is within 1% of " + FigureText(line) +
                         "; it rests on " + rests_on + ": check the maker's own classification";
      if (std::find(out_.begin(), out_.end(), text) == out_.end()) out_.push_back(std::move(text));
    }
  }

 private:
  std::vector<std::string>& out_;
};

// Density counts between the TPP lines; elsewhere it decides nothing.
bool DensityCounts(const AcceleratorFigures& figures, double tpp) {
  return figures.die_area_mm2 && !figures.planar_only && AtLeast(tpp * (1 + kNear), 1600) &&
         !AtLeast(tpp * (1 - kNear), 4800);
}

void NearPresent(const AcceleratorFigures& figures, double tpp, const std::string& from,
                 NearLines& near) {
  near.Ask("TPP", tpp, {1600, 2400, 4800}, from);
  if (!DensityCounts(figures, tpp)) return;
  near.Ask("performance density", tpp / *figures.die_area_mm2, {1.6, 3.2, 5.92},
           from + " and a die area of " + FigureText(*figures.die_area_mm2) + " mm2");
}

// Unlike units are not added, as the trade reads Technical Note 1.d.
void UnlikeUnits(const AcceleratorFigures& figures, const RateSummary& rates,
                 const std::string& as_of, Classification& out) {
  if (!figures.fp32 || rates.terms.empty() || TextOn(as_of) != Text::kPresent) return;
  if (rates.tpp_19_from.starts_with("fp32") || rates.tpp_19_from.starts_with("fp64")) return;
  const double vector = *figures.fp32 * 32;
  const bool note = figures.segment == AcceleratorFigures::Segment::kNotDatacenter;
  for (const double line : {4800.0, 2400.0, 1600.0}) {
    if (note && line < kNoteTpp) return;
    if (AtLeast(rates.tpp_19, line) || !AtLeast(rates.tpp_19 + vector, line)) continue;
    out.assumptions.push_back(
        "rates of unlike units are not added up; were the fp32 units separate and added, TPP "
        "would be " +
        FigureText(rates.tpp_19) + " + " + FigureText(vector) + " = " +
        FigureText(rates.tpp_19 + vector) + ", above " + FigureText(line));
    return;
  }
}

bool HasTerm(const RateSummary& rates, std::initializer_list<const char*> names) {
  return std::any_of(rates.terms.begin(), rates.terms.end(), [&](const auto& term) {
    return std::any_of(names.begin(), names.end(),
                       [&](const char* name) { return term.precision == name; });
  });
}

void SegmentTaken(const AcceleratorFigures& figures, const RateSummary& rates,
                  Classification& out) {
  using Segment = AcceleratorFigures::Segment;
  if (figures.segment == Segment::kUnknown) return;
  if (AtLeast(std::min(rates.tpp_19, rates.tpp_32), kNoteTpp)) return;
  out.assumptions.push_back(std::string("the part is taken as ") +
                            (figures.segment == Segment::kDatacenter ? "" : "not ") +
                            "designed or marketed for datacentres; what its maker says decides");
}

}  // namespace

void WriteNearLines(const AcceleratorFigures& figures, const RateSummary& rates,
                    const std::string& as_of, Classification& out) {
  const Text text = TextOn(as_of);
  if (text == Text::kNone) return;
  NearLines near(out.near_lines);
  const std::string interconnect = "the interconnect given";
  for (const bool at_32 : {false, true}) {
    const double tpp = at_32 ? rates.tpp_32 : rates.tpp_19;
    const std::string& from = at_32 ? rates.tpp_32_from : rates.tpp_19_from;
    if (at_32 && rates.tpp_32 == rates.tpp_19) break;
    if (text == Text::kFirst) {
      near.Ask("bit length x TOPS", tpp, {kFirstTpp}, from);
    } else {
      NearPresent(figures, tpp, from, near);
    }
    if (out.below_case_by_case) near.Ask("TPP", tpp, {kCaseByCaseTpp}, from);
  }
  near.Ask("TOPS", rates.tops, {kBasicTops}, "the " + rates.tops_from + " rate");
  if (figures.interconnect_gbs) {
    const double speed = *figures.interconnect_gbs;
    if (text == Text::kFirst) near.Ask("interconnect GB/s", speed, {600}, interconnect);
    if (!AtLeast(rates.tops, kBasicTops * (1 + kNear)))
      near.Ask("interconnect GB/s", speed, {150}, interconnect);
  }
  if (out.below_case_by_case && figures.memory_bandwidth_gbs) {
    near.Ask("DRAM GB/s", *figures.memory_bandwidth_gbs, {kCaseByCaseBandwidth},
             "the memory bandwidth given");
  }
}

void WriteAssumptions(const AcceleratorFigures& figures, const RateSummary& rates,
                      const std::string& as_of, Classification& out) {
  if (TextOn(as_of) == Text::kNone) {
    out.assumptions.emplace_back("entries that are older than these are not computed");
    return;
  }
  if (HasTerm(rates, {"tf32"})) {
    out.assumptions.emplace_back(
        "the text does not say how many bits TF32 counts: 19 (what the multiplier takes) and 32 "
        "(the operand) are both computed");
  }
  if (HasTerm(rates, {"fp4", "fp8"})) {
    out.assumptions.emplace_back(
        "block-scaled formats count the bits of an element; the shared scale is not an input of "
        "each multiply");
  }
  if (figures.other_precisions_unsupported && !rates.missing.empty()) {
    out.assumptions.push_back("rates that are not given (" + Join(rates.missing, ", ") +
                              ") are taken as not supported, or not higher");
  }
  if (!figures.interconnect_gbs && figures.interconnect_is_low) {
    out.assumptions.emplace_back(
        "the interconnect is not given and is taken as below the 150 GB/s of 3A991.p");
  }
  if (TextOn(as_of) == Text::kPresent) SegmentTaken(figures, rates, out);
  UnlikeUnits(figures, rates, as_of, out);
  if (out.below_case_by_case) {
    out.assumptions.emplace_back(
        "total DRAM bandwidth is taken as the memory bandwidth of the package; its definition in "
        "Supp. No. 2 to Part 748 was not read");
  }
  if (as_of > kControlListRead) {
    out.assumptions.push_back("the text was read as of " + std::string(kControlListRead) +
                              "; a later change is not known here");
  }
}

}  // namespace weighbridge
