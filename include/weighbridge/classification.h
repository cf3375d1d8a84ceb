// Classification of an accelerator under the Commerce Control List, from its physical
// figures, with the arithmetic shown. Terms are those of 15 CFR part 774, Supplement
// No. 1, ECCN 3A090 and its Technical Notes. Not legal advice: the maker's own
// classification decides.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace weighbridge {

// Of one integrated circuit. A figure that was not seen is empty, never zero.
struct AcceleratorFigures {
  // Dense peak rates in 10^12 operations per second; a multiply-accumulate is two.
  std::optional<double> fp64, fp32, tf32, fp16, fp8, int8, fp4, int4;
  std::optional<double> die_area_mm2;          // logic dies with non-planar transistors
  bool planar_only = false;                    // it is known that no die is such a die
  std::optional<double> memory_bandwidth_gbs;  // 10^9 bytes per second
  std::optional<double> interconnect_gbs;      // aggregate bidirectional, to other than memory
  enum class Segment { kUnknown, kDatacenter, kNotDatacenter };
  Segment segment = Segment::kUnknown;
  // A rate that is empty: not supported by the part (its maker's figures are all given),
  // or merely not known.
  bool other_precisions_unsupported = false;
  // Precisions ("fp16") whose rate is given but may be higher: sources disagree.
  std::vector<std::string> unsettled_rates;
  // An interconnect that is empty is taken as below the 150 GB/s of 3A991.p. It is never
  // taken as below the 600 GB/s of the first version of 3A090.
  bool interconnect_is_low = false;
};

enum class Answer { kNo, kYes, kUndecided };

struct Classification {
  struct Term {
    std::string precision;  // "fp16"
    double rate = 0;        // 10^12 per second
    unsigned bits = 0;      // widest input of the multiply
    double tpp = 0;
  };
  std::vector<Term> terms;                    // TF32 twice, at 19 and at 32 bits
  double tpp = 0;                             // highest; TF32 at 19 bits; 0 when no rate is known
  double tpp_tf32_at_32 = 0;                  // highest; TF32 at 32 bits
  bool tpp_is_lower_bound = false;            // a precision that could be higher is not known
  std::optional<double> performance_density;  // TPP over die area; a lower bound as TPP is
  std::optional<double> performance_density_tf32_at_32;
  // The highest paragraph that is met: "3A090.a", "3A090.b", "3A991.p"; "none" when it is
  // known that none is; "" when undecided, and then `needs` says what decides.
  std::string eccn;
  std::vector<std::string> candidates;  // when undecided: what it may still be
  std::vector<std::string> needs;       // "die area", "fp16 rate", "market segment"
  // Of a computer or assembly that holds it, when decided: "4A090.a", "4A090.b", "4A994.l",
  // "none".
  std::string computer_eccn;
  // Of an item of another ECCN that meets the same limits (5A992.z and so on): ".z.1", ".z.2".
  std::string z_paragraph;
  // 15 CFR 742.6(b)(10), from 2026-01-15, of what may be 3A090.a or .b: TPP and DRAM
  // bandwidth are both below its limits. Empty: not asked.
  std::optional<Answer> below_case_by_case;
  std::vector<std::string> case_by_case_needs;  // when that is undecided
  std::vector<std::string> working;             // the arithmetic, a line a step
  std::vector<std::string> near_lines;          // values within 1% of a threshold
  std::vector<std::string> assumptions;
  std::string citation;  // of the text in force on the day
};

}  // namespace weighbridge
