// The limits of the entries as printed, and which entry a part meets when all is known.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "weighbridge/classification.h"

namespace weighbridge {

// Which text stood on a day.
enum class Text { kNone, kFirst, kPresent };
Text TextOn(const std::string& as_of);

inline constexpr std::string_view kCaseByCaseFrom = "2026-01-15";  // 91 FR 1684
inline constexpr std::string_view kHbmEntryFrom = "2024-12-02";    // 89 FR 96790
inline constexpr double kCaseByCaseTpp = 21000;                    // TPP is below it
inline constexpr double kCaseByCaseBandwidth = 6500;               // GB/s, likewise
inline constexpr double kBasicTops = 8;                            // 3A991.p
inline constexpr double kBasicInterconnect = 150;                  // GB/s, 3A991.p
inline constexpr double kFirstTpp = 4800;                          // first version
inline constexpr double kFirstInterconnect = 600;                  // GB/s, first version
inline constexpr double kNoteTpp = 4800;                           // datacentre note

// One numbered limb of 3A090: lower bounds are met from, upper bounds below; 0 is none.
struct Limb {
  const char* name;
  double tpp_from, tpp_below, density_from, density_below;
};
inline constexpr Limb kLimbs[] = {
    {"3A090.a.1", 4800, 0, 0, 0},
    {"3A090.a.2", 1600, 0, 5.92, 0},
    {"3A090.b.1", 2400, 4800, 1.6, 5.92},
    {"3A090.b.2", 1600, 0, 3.2, 5.92},
};

// No figure of a circuit comes near; what is above counts as not given.
inline constexpr double kMostFigure = 1e12;

// Unrounded comparison. Decimal figures are not exact in binary; a value that differs from
// the line by less than that (4e-15 of it) is on the line.
bool AtLeast(double value, double line);

// A part of which everything is known.
struct KnownPart {
  double tpp = 0;
  double tops = 0;
  double area = 0;  // 0: no die counts, there is no density
  bool datacenter = true;
  bool interconnect_150 = false;
  bool interconnect_600 = false;
};
std::string EntryOf(const KnownPart& part, Text text);  // "3A090.a" ... "none"

// What every possible value of the figures that are not known leads to.
struct Outcomes {
  std::vector<std::string> entries;  // highest first
  std::vector<std::string> needs;    // inputs that make a difference
};

// The rates of a part, reduced to what the entries ask.
struct RateSummary {
  std::vector<Classification::Term> terms;
  double tpp_19 = 0, tpp_32 = 0;         // highest, by the bits that TF32 counts
  std::string tpp_19_from, tpp_32_from;  // "fp16 149.7 x 16"
  double tops = 0;
  std::string tops_from;
  std::vector<std::string> missing;  // not given
  std::vector<std::string> open;     // may be higher than all that are given
};
RateSummary Summarise(const AcceleratorFigures& figures);

// "fp16 rate", "rates of fp8/int4", "dense rates" when none at all is known.
std::string RateNeed(const RateSummary& rates);

Outcomes PossibleEntries(const AcceleratorFigures& figures, const RateSummary& rates, Text text);

// The working, for a person to follow.
void WriteWorking(const AcceleratorFigures& figures, const RateSummary& rates,
                  const std::string& as_of, Classification& out);
void WriteNearLines(const AcceleratorFigures& figures, const RateSummary& rates,
                    const std::string& as_of, Classification& out);
void WriteAssumptions(const AcceleratorFigures& figures, const RateSummary& rates,
                      const std::string& as_of, Classification& out);

}  // namespace weighbridge
