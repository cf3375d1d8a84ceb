// Every line of the entries from both sides and exactly on it, the worked examples, the
// days on which the text changed, and what missing figures leave open.
#include "rules/classify.h"

#include <algorithm>

#include <doctest/doctest.h>

#include "scanner/base/text.h"

namespace weighbridge {
namespace {

using Segment = AcceleratorFigures::Segment;
constexpr const char* kToday = "2026-11-24";

// A part for datacentres of which everything that is not given is known to be absent.
AcceleratorFigures Part(double int8, double area = 0) {
  AcceleratorFigures figures;
  figures.int8 = int8;
  if (area > 0) figures.die_area_mm2 = area;
  figures.interconnect_gbs = 0;
  figures.segment = Segment::kDatacenter;
  figures.other_precisions_unsupported = true;
  return figures;
}

std::string Words(const Classification& result) {
  if (!result.eccn.empty()) return result.eccn;
  return "undecided (" + Join(result.candidates, "|") + " needs " + Join(result.needs, ", ") + ")";
}

bool Holds(const std::vector<std::string>& lines, const std::string& line) {
  return std::find(lines.begin(), lines.end(), line) != lines.end();
}

TEST_CASE("classify: every line of 3A090 from below, on it and above") {
  struct Row {
    double tops8, area;
    bool datacenter;
    const char* expected;
  };
  const Row rows[] = {
      // .a.1: TPP 4800, whatever the density and the segment.
      {599.9, 100000, true, "3A991.p"},
      {600, 100000, true, "3A090.a"},
      {600.1, 100000, true, "3A090.a"},
      {599.9, 100000, false, "3A991.p"},
      {600, 100000, false, "3A090.a"},
      {600.1, 100000, false, "3A090.a"},
      // .a.2: TPP 1600 with a density of 5.92 or more.
      {199.9, 200, true, "3A991.p"},
      {200, 200, true, "3A090.a"},
      {200.1, 200, true, "3A090.a"},
      // The line 5.92 at TPP 2960, which is .b below it: 2960 / 500 is 5.92.
      {370, 500.1, true, "3A090.b"},
      {370, 500, true, "3A090.a"},
      {370, 499.9, true, "3A090.a"},
      // A decimal that binary cannot hold: 88.8 x 32 / 480 is 5.92.
      {355.2, 480, true, "3A090.a"},
      {355.2, 480.001, true, "3A090.b"},
      // .b.1: 2400 with a density of 1.6.
      {299.9, 1500, true, "3A991.p"},  // density 1.5995
      {299.9, 1000, true, "3A991.p"},  // TPP 2399.2, density 2.3992
      {300, 1000, true, "3A090.b"},
      {300.1, 1000, true, "3A090.b"},
      {300, 1500, true, "3A090.b"},  // density 1.6
      {300, 1500.1, true, "3A991.p"},
      {300, 1499.9, true, "3A090.b"},
      // .b.2: 1600 with a density of 3.2.
      {200, 500, true, "3A090.b"},
      {200, 500.1, true, "3A991.p"},
      {200, 499.9, true, "3A090.b"},
      {199.9, 499, true, "3A991.p"},
      // The note takes all of them out below 4800 when the part is not for datacentres.
      {370, 500, false, "3A991.p"},
      {300, 1000, false, "3A991.p"},
      {200, 500, false, "3A991.p"},
      // 3A991.p: 8 TOPS.
      {7.99, 100, true, "none"},
      {8, 100, true, "3A991.p"},
      {8.01, 100, true, "3A991.p"},
      {8, 100, false, "3A991.p"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.tops8);
    CAPTURE(row.area);
    CAPTURE(row.datacenter);
    AcceleratorFigures figures = Part(row.tops8, row.area);
    if (!row.datacenter) figures.segment = Segment::kNotDatacenter;
    CHECK(Words(Classify(figures, kToday)) == row.expected);
  }
}

TEST_CASE("classify: the interconnect of 3A991.p") {
  struct Row {
    double gbs;
    const char* expected;
  };
  for (const Row& row : {Row{149.9, "none"}, {150, "3A991.p"}, {150.1, "3A991.p"}}) {
    CAPTURE(row.gbs);
    AcceleratorFigures figures = Part(7);
    figures.planar_only = true;
    figures.interconnect_gbs = row.gbs;
    CHECK(Words(Classify(figures, kToday)) == row.expected);
  }
  AcceleratorFigures figures = Part(7);
  figures.interconnect_gbs.reset();
  CHECK(Words(Classify(figures, kToday)) == "undecided (3A991.p|none needs interconnect)");
  figures.interconnect_is_low = true;
  CHECK(Words(Classify(figures, kToday)) == "none");
}

TEST_CASE("classify: the case-by-case limits of January 2026 from both sides") {
  struct Row {
    double tops8, bandwidth;
    const char* day;
    int expected;  // -1 not asked
  };
  const Row rows[] = {
      {2624.9, 6499, kToday, 1},       {2625, 6499, kToday, 0},
      {2625.1, 6499, kToday, 0},       {2624.9, 6500, kToday, 0},
      {2624.9, 6500.1, kToday, 0},     {2624.9, 6499, "2026-01-14", -1},
      {2624.9, 6499, "2026-01-15", 1}, {100, 1, kToday, -1},
  };
  for (const Row& row : rows) {
    CAPTURE(row.tops8);
    CAPTURE(row.bandwidth);
    CAPTURE(row.day);
    AcceleratorFigures figures = Part(row.tops8, 800);
    figures.memory_bandwidth_gbs = row.bandwidth;
    const Classification result = Classify(figures, row.day);
    REQUIRE(result.below_case_by_case.has_value() == (row.expected >= 0));
    if (row.expected >= 0)
      CHECK(*result.below_case_by_case == (row.expected == 1 ? Answer::kYes : Answer::kNo));
  }
  AcceleratorFigures figures = Part(1000, 800);
  Classification result = Classify(figures, kToday);
  CHECK(*result.below_case_by_case == Answer::kUndecided);
  CHECK(result.case_by_case_needs == std::vector<std::string>{"memory bandwidth"});
  // One limit that is exceeded settles it, whatever the other is.
  figures = Part(4500, 1628);
  CHECK(*Classify(figures, kToday).below_case_by_case == Answer::kNo);
}

TEST_CASE("classify: the same part under the texts of 2022, 2023 and 2026") {
  AcceleratorFigures a100 = Part(624, 826);
  a100.interconnect_gbs = 600;
  AcceleratorFigures a800 = a100;
  a800.interconnect_gbs = 400;
  AcceleratorFigures unknown = a100;
  unknown.interconnect_gbs.reset();
  AcceleratorFigures typed = unknown;
  typed.interconnect_is_low = true;
  AcceleratorFigures slow = a100;
  slow.int8 = 599.9;
  AcceleratorFigures narrow = a100;
  narrow.interconnect_gbs = 599.9;
  AcceleratorFigures consumer = a100;
  consumer.segment = Segment::kNotDatacenter;
  struct Row {
    const char* what;
    const AcceleratorFigures* figures;
    const char* before;    // 2022-10-06
    const char* first;     // 2022-10-07 and 2023-11-16
    const char* present;   // from 2023-11-17
    const char* computer;  // 2023-11-16
  };
  const Row rows[] = {
      {"A100", &a100, "none", "3A090.a", "3A090.a", "4A090.a"},
      {"A800", &a800, "none", "3A991.p", "3A090.a", "4A994.l"},
      {"I/O unknown", &unknown, "none", "undecided (3A090.a|3A991.p needs interconnect)", "3A090.a",
       ""},
      {"I/O not given", &typed, "none", "undecided (3A090.a|3A991.p needs interconnect)", "3A090.a",
       ""},
      {"below 4800", &slow, "none", "3A991.p", "3A090.b", "4A994.l"},
      {"below 600 GB/s", &narrow, "none", "3A991.p", "3A090.a", "4A994.l"},
      {"consumer", &consumer, "none", "3A090.a", "3A090.a", "4A090.a"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.what);
    CHECK(Words(Classify(*row.figures, "2022-10-06")) == row.before);
    CHECK(Words(Classify(*row.figures, "2022-10-07")) == row.first);
    CHECK(Words(Classify(*row.figures, "2023-11-16")) == row.first);
    CHECK(Words(Classify(*row.figures, "2023-11-17")) == row.present);
    CHECK(Words(Classify(*row.figures, kToday)) == row.present);
    CHECK(Classify(*row.figures, "2023-11-16").computer_eccn == row.computer);
  }
  const Classification before = Classify(a100, "2022-10-06");
  CHECK(before.working ==
        std::vector<std::string>{"On 2022-10-06 none of 3A090, 4A090, 3A991.p and 4A994.l existed: "
                                 "they start on 2022-10-07"});
  CHECK(Holds(Classify(a100, kToday).assumptions,
              "the text was read as of 2026-07-23; a later change is not known here"));
  CHECK(Holds(Classify(a100, "2026-07-23").assumptions,
              "the text was read as of 2026-07-23; a later change is not known here") == false);
}

AcceleratorFigures Figures(double fp64, double fp32, double tf32, double fp16, double fp8,
                           double int8, double int4, double area) {
  AcceleratorFigures figures;
  const auto set = [](std::optional<double>& figure, double value) {
    if (value > 0) figure = value;
  };
  set(figures.fp64, fp64);
  set(figures.fp32, fp32);
  set(figures.tf32, tf32);
  set(figures.fp16, fp16);
  set(figures.fp8, fp8);
  set(figures.int8, int8);
  set(figures.int4, int4);
  set(figures.die_area_mm2, area);
  figures.segment = Segment::kDatacenter;
  figures.other_precisions_unsupported = true;
  return figures;
}

TEST_CASE("classify: the worked examples") {
  struct Row {
    const char* part;
    AcceleratorFigures figures;
    double bandwidth;
    bool datacenter;
    double tpp, tpp_32, density;
    const char* expected;
    int case_by_case;  // 1 below, 0 not, 2 undecided, -1 not asked
  };
  const Row rows[] = {
      {"H20", Figures(1, 44, 74, 148, 296, 296, 0, 814), 4000, true, 2368, 2368, 2.909, "3A991.p",
       -1},
      {"A100", Figures(19.5, 19.5, 156, 312, 0, 624, 1248, 826), 2039, true, 4992, 4992, 6.044,
       "3A090.a", 1},
      {"RTX 4090", Figures(1.29, 82.6, 82.6, 330.3, 660.6, 660.6, 1321.2, 608.5), 1008, false,
       5284.8, 5284.8, 8.685, "3A090.a", 1},
      {"L40S", Figures(0, 91.6, 183, 366, 733, 733, 733, 608.5), 864, true, 5864, 5864, 9.637,
       "3A090.a", 1},
      {"Gaudi 3", Figures(0, 229, 459, 1835, 1835, 0, 0, 0), 3670, true, 29360, 29360, 0, "3A090.a",
       0},
      {"Trainium2", Figures(0, 181, 667, 667, 1299, 0, 0, 0), 2900, true, 12673, 21344, 0,
       "3A090.a", 2},
  };
  for (const Row& row : rows) {
    CAPTURE(row.part);
    AcceleratorFigures figures = row.figures;
    figures.memory_bandwidth_gbs = row.bandwidth;
    if (!row.datacenter) figures.segment = Segment::kNotDatacenter;
    const Classification result = Classify(figures, kToday);
    CHECK(Words(result) == row.expected);
    CHECK(result.tpp == doctest::Approx(row.tpp));
    CHECK(result.tpp_tf32_at_32 == doctest::Approx(row.tpp_32));
    CHECK(result.performance_density.has_value() == (row.density > 0));
    if (row.density > 0)
      CHECK(*result.performance_density == doctest::Approx(row.density).epsilon(1e-3));
    REQUIRE(result.below_case_by_case.has_value() == (row.case_by_case >= 0));
    if (row.case_by_case == 0) CHECK(*result.below_case_by_case == Answer::kNo);
    if (row.case_by_case == 1) CHECK(*result.below_case_by_case == Answer::kYes);
    if (row.case_by_case == 2) {
      CHECK(*result.below_case_by_case == Answer::kUndecided);
      CHECK(result.case_by_case_needs == std::vector<std::string>{"bits that TF32 counts"});
    }
  }
}

TEST_CASE("classify: the working can be followed by hand") {
  AcceleratorFigures h20 = Figures(1, 44, 74, 148, 296, 296, 0, 814);
  h20.memory_bandwidth_gbs = 4000;
  const Classification result = Classify(h20, kToday);
  const std::vector<std::string> expected{
      "TPP fp64 = 1 x 64 = 64",
      "TPP fp32 = 44 x 32 = 1408",
      "TPP tf32 = 74 x 19 = 1406",
      "TPP tf32 = 74 x 32 = 2368",
      "TPP fp16 = 148 x 16 = 2368",
      "TPP fp8 = 296 x 8 = 2368",
      "TPP int8 = 296 x 8 = 2368",
      "Highest TPP = 2368 (fp16 148 x 16)",
      "Performance density = 2368 / 814 = 2.9090909",
      "3A090.a.1: TPP 2368 >= 4800: no; not met",
      "3A090.a.2: TPP 2368 >= 1600: yes; density 2.9090909 >= 5.92: no; not met",
      "3A090.b.1: 2400 <= TPP 2368 < 4800: no; 1.6 <= density 2.9090909 < 5.92: yes; not met",
      "3A090.b.2: TPP 2368 >= 1600: yes; 3.2 <= density 2.9090909 < 5.92: no; not met",
      "Note on datacentres: the part is for datacentres; it does not take it out",
      "3A991.p: TOPS 296 >= 8: yes (fp8); met",
      "A computer or assembly that holds it: 4A994.l (the worst circuit decides; nothing is added "
      "up over circuits)",
      "3A090.c: not asked; memory packaged with a circuit that mainly processes is outside it",
  };
  CHECK(result.working == expected);
  CHECK(Holds(result.assumptions,
              "rates of unlike units are not added up; were the fp32 units separate and added, TPP "
              "would be 2368 + 1408 = 3776, above 2400"));
  CHECK(result.near_lines.empty());
  CHECK(result.citation ==
        "15 CFR Part 774 Supp. No. 1, ECCNs 3A090 and 3A991.p, 88 FR 73458; 15 CFR 742.6(b)(10), "
        "91 FR 1684");
}

TEST_CASE("classify: what is not known names what decides") {
  struct Row {
    const char* what;
    AcceleratorFigures figures;
    const char* expected;
  };
  AcceleratorFigures nothing;
  AcceleratorFigures no_area = Part(400);
  AcceleratorFigures no_area_high = Part(600);
  AcceleratorFigures no_area_low = Part(199);
  AcceleratorFigures no_segment = Part(400, 400);
  no_segment.segment = Segment::kUnknown;
  AcceleratorFigures no_segment_high = Part(600, 400);
  no_segment_high.segment = Segment::kUnknown;
  AcceleratorFigures lower = Part(300, 814);
  lower.other_precisions_unsupported = false;
  AcceleratorFigures lower_high = Part(600, 814);
  lower_high.other_precisions_unsupported = false;
  AcceleratorFigures unsettled = Part(362, 608.5);
  unsettled.fp16 = 181;
  unsettled.unsettled_rates = {"fp16"};
  AcceleratorFigures planar = Part(400);
  planar.planar_only = true;
  AcceleratorFigures trainium = Figures(0, 47.5, 190, 190, 190, 380, 0, 0);
  AcceleratorFigures tf32_only = Figures(0, 47.5, 190, 190, 190, 380, 0, 3000);
  AcceleratorFigures zero = Part(0);
  zero.fp16 = -1;
  zero.interconnect_gbs.reset();
  const Row rows[] = {
      {"nothing", nothing,
       "undecided (3A090.a|3A090.b|3A991.p|none needs dense rates, die area, market segment, "
       "interconnect)"},
      {"no area", no_area, "undecided (3A090.a|3A090.b|3A991.p needs die area)"},
      {"no area, above all lines", no_area_high, "3A090.a"},
      {"no area, below all lines", no_area_low, "3A991.p"},
      {"no segment", no_segment, "undecided (3A090.a|3A991.p needs market segment)"},
      {"no segment, 4800", no_segment_high, "3A090.a"},
      {"lower bound", lower,
       "undecided (3A090.a|3A090.b needs rates of fp64/fp32/tf32/fp16/fp8/fp4/int4)"},
      {"lower bound meets", lower_high, "3A090.a"},
      {"sources disagree", unsettled, "undecided (3A090.a|3A090.b needs fp16 rate)"},
      {"planar", planar, "3A991.p"},
      {"TF32 decides with the area", trainium,
       "undecided (3A090.a|3A090.b|3A991.p needs bits that TF32 counts, die area)"},
      {"TF32 alone decides", tf32_only, "undecided (3A090.a|3A991.p needs bits that TF32 counts)"},
      {"no figure is one", zero, "undecided (3A991.p|none needs interconnect)"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.what);
    const Classification result = Classify(row.figures, kToday);
    CHECK(Words(result) == row.expected);
    CHECK(result.computer_eccn.empty() == result.eccn.empty());
  }
  CHECK(Holds(Classify(unsettled, kToday).working, "It is a lower bound, not known: fp16 rate"));
  CHECK(Classify(lower, kToday).tpp_is_lower_bound);
}

TEST_CASE("classify: a value within 1% of a line is marked, with what it rests on") {
  AcceleratorFigures a30 = Figures(10.3, 10.3, 82.6, 165, 0, 330, 661, 826);
  CHECK(Classify(a30, kToday).near_lines ==
        std::vector<std::string>{"performance density 3.2009685 is within 1% of 3.2; it rests on "
                                 "int4 661 x 4 and a die area of 826 mm2: check the maker's own "
                                 "classification"});
  AcceleratorFigures a40 = Part(299.3, 628.4);
  a40.fp16 = 149.7;
  CHECK(Classify(a40, kToday).near_lines ==
        std::vector<std::string>{"TPP 2395.2 is within 1% of 2400; it rests on fp16 149.7 x 16: "
                                 "check the maker's own classification"});
  struct Row {
    double tops8;
    bool near;
  };
  for (const Row& row :
       {Row{593.9, false}, {594, true}, {600, true}, {606, true}, {606.1, false}}) {
    CAPTURE(row.tops8);
    CHECK(Classify(Part(row.tops8, 5000), kToday).near_lines.empty() != row.near);
  }
}

TEST_CASE("classify: paragraphs of computers and of other items") {
  struct Row {
    double tops8, area;
    const char* computer;
    const char* z;
  };
  for (const Row& row : {Row{600, 800, "4A090.a", ".z.1"},
                         {300, 1000, "4A090.b", ".z.2"},
                         {100, 800, "4A994.l", ""},
                         {1, 800, "none", ""}}) {
    CAPTURE(row.tops8);
    const Classification result = Classify(Part(row.tops8, row.area), kToday);
    CHECK(result.computer_eccn == row.computer);
    CHECK(result.z_paragraph == row.z);
  }
}

}  // namespace
}  // namespace weighbridge
