// Properties over random figures: what is decided stays true whatever the missing figures
// turn out to be.
#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

#include <doctest/doctest.h>

#include "rules/classify.h"

namespace weighbridge {
namespace {

using Segment = AcceleratorFigures::Segment;
constexpr std::optional<double> AcceleratorFigures::*kRates[] = {
    &AcceleratorFigures::fp64, &AcceleratorFigures::fp32, &AcceleratorFigures::tf32,
    &AcceleratorFigures::fp16, &AcceleratorFigures::fp8,  &AcceleratorFigures::int8,
    &AcceleratorFigures::fp4,  &AcceleratorFigures::int4};
const char* const kDays[] = {"2022-12-01", "2023-11-17", "2026-11-24"};

class Draw {
 public:
  explicit Draw(unsigned seed) : random_(seed) {}
  bool Yes(double part) { return std::uniform_real_distribution<>(0, 1)(random_) < part; }
  double Log(double low, double high) {
    return std::exp(std::uniform_real_distribution<>(std::log(low), std::log(high))(random_));
  }
  AcceleratorFigures Part() {
    AcceleratorFigures figures;
    for (const auto rate : kRates) {
      if (Yes(0.4)) figures.*rate = Log(0.5, 900);
    }
    if (Yes(0.6)) figures.die_area_mm2 = Log(50, 3000);
    if (Yes(0.5)) figures.interconnect_gbs = Log(10, 2000);
    if (Yes(0.5)) figures.memory_bandwidth_gbs = Log(100, 9000);
    if (Yes(0.6)) figures.segment = Yes(0.5) ? Segment::kDatacenter : Segment::kNotDatacenter;
    figures.other_precisions_unsupported = Yes(0.5);
    return figures;
  }
  // The same part with everything that was open filled in at random.
  AcceleratorFigures Filled(AcceleratorFigures figures) {
    if (!figures.other_precisions_unsupported) {
      for (const auto rate : kRates) {
        if (!(figures.*rate) && Yes(0.5)) figures.*rate = Log(0.5, 1500);
      }
    }
    figures.other_precisions_unsupported = true;
    if (!figures.die_area_mm2) figures.die_area_mm2 = Log(20, 5000);
    if (!figures.interconnect_gbs) figures.interconnect_gbs = Log(10, 2000);
    if (!figures.memory_bandwidth_gbs) figures.memory_bandwidth_gbs = Log(100, 9000);
    if (figures.segment == Segment::kUnknown)
      figures.segment = Yes(0.5) ? Segment::kDatacenter : Segment::kNotDatacenter;
    return figures;
  }

 private:
  std::mt19937 random_;
};

std::vector<std::string> Possible(const Classification& result) {
  return result.eccn.empty() ? result.candidates : std::vector<std::string>{result.eccn};
}

bool Within(const std::vector<std::string>& entries, const std::vector<std::string>& of) {
  return std::all_of(entries.begin(), entries.end(), [&](const std::string& entry) {
    return std::find(of.begin(), of.end(), entry) != of.end();
  });
}

TEST_CASE("classify: filled in, a part is in one of the entries that were possible") {
  Draw draw(20261124);
  for (int round = 0; round < 1500; ++round) {
    CAPTURE(round);
    const AcceleratorFigures part = draw.Part();
    const char* day = kDays[round % 3];
    const Classification open = Classify(part, day);
    REQUIRE(open.eccn.empty() == (open.candidates.size() > 1));
    REQUIRE(open.eccn.empty() == !open.needs.empty());
    for (int i = 0; i < 4; ++i) {
      const Classification full = Classify(draw.Filled(part), day);
      REQUIRE(Within(Possible(full), Possible(open)));
      // With all known, only the bits of TF32 can be left.
      if (full.eccn.empty())
        REQUIRE(full.needs == std::vector<std::string>{"bits that TF32 counts"});
      if (open.below_case_by_case && full.below_case_by_case &&
          *open.below_case_by_case != Answer::kUndecided)
        REQUIRE(*open.below_case_by_case == *full.below_case_by_case);
    }
  }
}

TEST_CASE("classify: what is no figure is as good as none") {
  const double odd[] = {0,
                        -1,
                        -1e300,
                        1e300,
                        std::numeric_limits<double>::infinity(),
                        -std::numeric_limits<double>::infinity(),
                        std::numeric_limits<double>::quiet_NaN()};
  for (const double value : odd) {
    CAPTURE(value);
    AcceleratorFigures figures;
    for (const auto rate : kRates) figures.*rate = value;
    figures.die_area_mm2 = value;
    figures.memory_bandwidth_gbs = value;
    if (value != 0) figures.interconnect_gbs = value;
    for (const char* day : kDays) {
      const Classification result = Classify(figures, day);
      CHECK(result.eccn == "");
      CHECK(Possible(result).front() == "3A090.a");
      for (const std::string& line : result.working) {
        CHECK(line.find("nan") == std::string::npos);
        CHECK(line.find("inf") == std::string::npos);
      }
    }
  }
}

TEST_CASE("classify: a further rate never takes a part out of 3A090.a") {
  Draw draw(7);
  int met = 0;
  for (int round = 0; round < 1500; ++round) {
    CAPTURE(round);
    AcceleratorFigures part = draw.Part();
    const char* day = kDays[round % 3];
    const Classification before = Classify(part, day);
    if (before.eccn != "3A090.a") continue;
    ++met;
    for (const auto rate : kRates) {
      AcceleratorFigures more = part;
      if (more.*rate) continue;
      more.*rate = draw.Log(0.5, 1500);
      REQUIRE(Classify(more, day).eccn == "3A090.a");
    }
  }
  CHECK(met > 100);
}

}  // namespace
}  // namespace weighbridge
