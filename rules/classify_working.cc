// The arithmetic of a classification, a line a step, for a person to follow by hand.
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "rules/classify.h"
#include "rules/classify_entries.h"

namespace weighbridge {
namespace {

const char* Word(Answer answer) {
  if (answer == Answer::kYes) return "yes";
  return answer == Answer::kNo ? "no" : "undecided";
}

const char* Met(Answer answer) {
  if (answer == Answer::kYes) return "met";
  return answer == Answer::kNo ? "not met" : "undecided";
}

Answer Both(Answer a, Answer b) {
  if (a == Answer::kNo || b == Answer::kNo) return Answer::kNo;
  return a == Answer::kYes && b == Answer::kYes ? Answer::kYes : Answer::kUndecided;
}

// A value that may be a lower bound, or not known at all.
struct Value {
  std::optional<double> number;
  bool at_least = false;
  bool quotient = false;
  std::string Text() const {
    if (!number) return "unknown";
    return (quotient ? DensityText(*number) : FigureText(*number)) + (at_least ? " or more" : "");
  }
  Answer From(double line) const {
    if (number && AtLeast(*number, line)) return Answer::kYes;
    return number && !at_least ? Answer::kNo : Answer::kUndecided;
  }
  Answer Below(double line) const {
    const Answer from = From(line);
    if (from == Answer::kUndecided) return from;
    return from == Answer::kYes ? Answer::kNo : Answer::kYes;
  }
};

// "2400 <= TPP 2644 < 4800: yes"
Answer Range(const char* name, const Value& value, double from, double below, std::string& text) {
  const Answer low = value.From(from);
  const Answer answer = below == 0 ? low : Both(low, value.Below(below));
  if (!text.empty()) text += "; ";
  if (below == 0) {
    text += std::string(name) + " " + value.Text() + " >= " + FigureText(from);
  } else {
    text += FigureText(from) + " <= " + name + " " + value.Text() + " < " + FigureText(below);
  }
  text += std::string(": ") + Word(answer);
  return answer;
}

struct LimbLine {
  Answer answer = Answer::kUndecided;
  std::string text;
};

LimbLine AskLimb(const Limb& limb, const Value& tpp, const Value& density, bool no_density) {
  LimbLine line;
  line.answer = Range("TPP", tpp, limb.tpp_from, limb.tpp_below, line.text);
  if (limb.density_from > 0 && no_density) {
    line.text += "; no die counts, so there is no density";
    line.answer = Answer::kNo;
  } else if (limb.density_from > 0) {
    line.answer = Both(line.answer,
                       Range("density", density, limb.density_from, limb.density_below, line.text));
  }
  line.text = std::string(limb.name) + ": " + line.text + "; " + Met(line.answer);
  return line;
}

std::vector<LimbLine> AskLimbs(const AcceleratorFigures& figures, double highest, bool lower) {
  const Value tpp{highest, lower};
  Value density;
  if (figures.die_area_mm2) density = {highest / *figures.die_area_mm2, lower, true};
  std::vector<LimbLine> lines;
  for (const Limb& limb : kLimbs) {
    lines.push_back(AskLimb(limb, tpp, density, figures.planar_only));
  }
  return lines;
}

void WriteTerms(const RateSummary& rates, Classification& out) {
  for (const auto& term : rates.terms) {
    out.working.push_back("TPP " + term.precision + " = " + FigureText(term.rate) + " x " +
                          std::to_string(term.bits) + " = " + FigureText(term.tpp));
  }
  if (rates.terms.empty()) {
    out.working.emplace_back("TPP: no dense rate of any precision is known");
    return;
  }
  const char* least = rates.open.empty() ? "" : " or more";
  out.working.push_back("Highest TPP = " + FigureText(rates.tpp_19) + least + " (" +
                        rates.tpp_19_from + ")");
  if (rates.tpp_32 > rates.tpp_19) {
    out.working.push_back("Highest TPP, TF32 at 32 bits = " + FigureText(rates.tpp_32) + least +
                          " (" + rates.tpp_32_from + ")");
  }
  if (!rates.open.empty()) {
    out.working.push_back("It is a lower bound, not known: " + RateNeed(rates));
  }
}

void WriteDensity(const AcceleratorFigures& figures, const RateSummary& rates,
                  Classification& out) {
  if (figures.planar_only) {
    out.working.emplace_back("Performance density: none, no die has non-planar transistors");
  } else if (!figures.die_area_mm2) {
    out.working.emplace_back("Performance density: unknown, the die area is not known");
  } else if (!rates.terms.empty()) {
    const auto line = [&](const char* name, double tpp) {
      out.working.push_back(name + FigureText(tpp) + " / " + FigureText(*figures.die_area_mm2) +
                            " = " + DensityText(tpp / *figures.die_area_mm2) +
                            (rates.open.empty() ? "" : " or more"));
    };
    line("Performance density = ", rates.tpp_19);
    if (rates.tpp_32 > rates.tpp_19) line("Performance density, TF32 at 32 bits = ", rates.tpp_32);
  }
}

void WriteLimbs(const AcceleratorFigures& figures, const RateSummary& rates, Classification& out) {
  const bool lower = !rates.open.empty();
  const auto at_19 = AskLimbs(figures, rates.tpp_19, lower);
  for (const LimbLine& line : at_19) out.working.push_back(line.text);
  if (rates.tpp_32 == rates.tpp_19) return;
  const auto at_32 = AskLimbs(figures, rates.tpp_32, lower);
  bool differ = false;
  for (std::size_t i = 0; i < at_19.size(); ++i) {
    if (at_19[i].answer == at_32[i].answer) continue;
    differ = true;
    out.working.push_back("TF32 at 32 bits, " + at_32[i].text);
  }
  if (!differ) out.working.emplace_back("TF32 at 32 bits: the same answers");
}

void WriteNote(const AcceleratorFigures& figures, const RateSummary& rates, Classification& out) {
  using Segment = AcceleratorFigures::Segment;
  const std::string head = "Note on datacentres: ";
  const Value tpp{rates.tpp_19, !rates.open.empty()};
  const bool high = AtLeast(std::min(rates.tpp_19, rates.tpp_32), kNoteTpp);
  if (figures.segment == Segment::kDatacenter) {
    out.working.push_back(head + "the part is for datacentres; it does not take it out");
  } else if (high) {
    out.working.push_back(head + "TPP " + tpp.Text() + " >= 4800; it does not take the part out");
  } else if (figures.segment == Segment::kUnknown) {
    out.working.push_back(head +
                          "not known whether the part is designed or marketed for them; "
                          "if not, a TPP below 4800 is outside 3A090.a and .b");
  } else {
    out.working.push_back(head + "the part is not for datacentres; TPP " + tpp.Text() +
                          " < 4800: " + Word(tpp.Below(kNoteTpp)) +
                          "; below 4800 it is outside 3A090.a and .b");
  }
}

void WriteBasic(const AcceleratorFigures& figures, const RateSummary& rates, Classification& out) {
  std::string text;
  Value tops{rates.tops, !rates.open.empty()};
  if (rates.terms.empty() && !rates.open.empty()) tops.number.reset();
  Answer answer = Range("TOPS", tops, kBasicTops, 0, text);
  if (!rates.tops_from.empty()) text += " (" + rates.tops_from + ")";
  if (answer != Answer::kYes) {
    Answer wide =
        Range("interconnect GB/s", {figures.interconnect_gbs, false}, kBasicInterconnect, 0, text);
    if (!figures.interconnect_gbs && figures.interconnect_is_low) {
      text += ", taken as no";
      wide = Answer::kNo;
    }
    // Either is enough: no only when both are.
    if (wide != Answer::kNo) answer = wide;
  }
  out.working.push_back("3A991.p: " + text + "; " + Met(answer));
}

void WriteFirst(const AcceleratorFigures& figures, const RateSummary& rates, Classification& out) {
  const auto line = [&](const char* lead, double tpp) {
    std::string text;
    const Answer wide =
        Range("interconnect GB/s", {figures.interconnect_gbs, false}, kFirstInterconnect, 0, text);
    const Answer fast = Range("bit length x TOPS", {tpp, !rates.open.empty()}, kFirstTpp, 0, text);
    out.working.push_back(lead + text + "; " + Met(Both(wide, fast)));
  };
  line("3A090.a of 2022: ", rates.tpp_19);
  if (rates.tpp_32 > rates.tpp_19) line("TF32 at 32 bits, 3A090.a of 2022: ", rates.tpp_32);
}

// 742.6(b)(10): asked of what may be 3A090.a or .b.
void WriteCaseByCase(const AcceleratorFigures& figures, const RateSummary& rates,
                     const std::string& as_of, Classification& out) {
  const bool concerned = out.eccn.starts_with("3A090") ||
                         (!out.candidates.empty() && out.candidates.front().starts_with("3A090"));
  if (as_of < kCaseByCaseFrom || !concerned) return;
  const bool open = !rates.open.empty();
  std::string text;
  const auto ask = [&](const char* name, const Value& value, double line) {
    const Answer answer = value.Below(line);
    text += (text.empty() ? "" : "; ") + std::string(name) + " " + value.Text() + " < " +
            FigureText(line) + ": " + Word(answer);
    return answer;
  };
  Answer speed = ask("TPP", {rates.tpp_19, open}, kCaseByCaseTpp);
  if (speed == Answer::kUndecided) out.case_by_case_needs.push_back(RateNeed(rates));
  if (rates.tpp_32 > rates.tpp_19) {
    const Answer other = ask("TPP, TF32 at 32 bits,", {rates.tpp_32, open}, kCaseByCaseTpp);
    if (other != speed) {
      if (other == Answer::kNo || speed == Answer::kNo)
        out.case_by_case_needs.emplace_back("bits that TF32 counts");
      speed = Answer::kUndecided;
    }
  }
  const Answer memory =
      ask("DRAM GB/s", {figures.memory_bandwidth_gbs, false}, kCaseByCaseBandwidth);
  if (memory == Answer::kUndecided) out.case_by_case_needs.emplace_back("memory bandwidth");
  const Answer answer = Both(speed, memory);
  if (answer != Answer::kUndecided) out.case_by_case_needs.clear();
  out.below_case_by_case = answer;
  out.working.push_back("Case-by-case limits of January 2026: " + text +
                        "; below both: " + Word(answer));
}

void WriteConsequences(const std::string& as_of, Classification& out) {
  if (!out.computer_eccn.empty() && out.computer_eccn != "none") {
    out.working.push_back("A computer or assembly that holds it: " + out.computer_eccn +
                          " (the worst circuit decides; nothing is added up over circuits)");
  }
  if (!out.z_paragraph.empty()) {
    out.working.push_back(
        "An item of 3A001, 4A003, 4A004, 4A005, 5A002, 5A004, 5A992, 5D002 or 5D992 that meets "
        "the same limits: its paragraph " +
        out.z_paragraph);
  }
  if (as_of >= kHbmEntryFrom) {
    out.working.emplace_back(
        "3A090.c: not asked; memory packaged with a circuit that mainly processes is outside it");
  }
}

}  // namespace

namespace {}  // namespace

void WriteWorking(const AcceleratorFigures& figures, const RateSummary& rates,
                  const std::string& as_of, Classification& out) {
  const Text text = TextOn(as_of);
  if (text == Text::kNone) {
    out.working.push_back("On " + as_of +
                          " none of 3A090, 4A090, 3A991.p and 4A994.l existed: "
                          "they start on 2022-10-07");
    return;
  }
  WriteTerms(rates, out);
  if (text == Text::kFirst) {
    WriteFirst(figures, rates, out);
  } else {
    WriteDensity(figures, rates, out);
    WriteLimbs(figures, rates, out);
    WriteNote(figures, rates, out);
  }
  WriteBasic(figures, rates, out);
  WriteCaseByCase(figures, rates, as_of, out);
  WriteConsequences(as_of, out);
}

}  // namespace weighbridge
