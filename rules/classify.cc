#include "rules/classify.h"

#include <algorithm>
#include <cmath>

#include "rules/classify_entries.h"

namespace weighbridge {
namespace {

bool IsFigure(const std::optional<double>& value) {
  return value && std::isfinite(*value) && *value > 0 && *value <= kMostFigure;
}

// What is no figure counts as not given.
AcceleratorFigures Clean(AcceleratorFigures figures) {
  for (std::optional<double>* value :
       {&figures.die_area_mm2, &figures.memory_bandwidth_gbs, &figures.interconnect_gbs}) {
    // A bandwidth of zero is one that is known to be none; no area is.
    const bool none = value != &figures.die_area_mm2 && *value && **value == 0;
    if (!none && !IsFigure(*value)) value->reset();
  }
  return figures;
}

std::string Citation(const std::string& as_of) {
  switch (TextOn(as_of)) {
    case Text::kNone: return "87 FR 62186 (2022-10-13) introduced the entries from 2022-10-07";
    case Text::kFirst:
      return "15 CFR Part 774 Supp. No. 1, ECCN 3A090 in its first version, 87 FR 62186";
    case Text::kPresent: break;
  }
  return "15 CFR Part 774 Supp. No. 1, ECCNs 3A090 and 3A991.p, 88 FR 73458" +
         std::string(as_of < kCaseByCaseFrom ? "" : "; 15 CFR 742.6(b)(10), 91 FR 1684");
}

std::string ZParagraph(const std::string& eccn, const std::string& as_of) {
  if (TextOn(as_of) != Text::kPresent) return {};
  if (eccn == "3A090.a") return ".z.1";
  return eccn == "3A090.b" ? ".z.2" : "";
}

}  // namespace

std::string ComputerEntry(const std::string& eccn) {
  if (eccn == "3A090.a") return "4A090.a";
  if (eccn == "3A090.b") return "4A090.b";
  return eccn == "3A991.p" ? "4A994.l" : eccn;
}

Classification Classify(const AcceleratorFigures& given, const std::string& as_of) {
  const AcceleratorFigures figures = Clean(given);
  const RateSummary rates = Summarise(figures);
  Classification out;
  out.terms = rates.terms;
  out.tpp = rates.tpp_19;
  out.tpp_tf32_at_32 = rates.tpp_32;
  out.tpp_is_lower_bound = !rates.open.empty();
  if (figures.die_area_mm2 && !figures.planar_only && !rates.terms.empty()) {
    out.performance_density = rates.tpp_19 / *figures.die_area_mm2;
    out.performance_density_tf32_at_32 = rates.tpp_32 / *figures.die_area_mm2;
  }
  Outcomes outcomes = PossibleEntries(figures, rates, TextOn(as_of));
  if (outcomes.entries.size() == 1) {
    out.eccn = outcomes.entries.front();
    out.computer_eccn = ComputerEntry(out.eccn);
    out.z_paragraph = ZParagraph(out.eccn, as_of);
  } else {
    out.candidates = std::move(outcomes.entries);
    out.needs = std::move(outcomes.needs);
  }
  out.citation = Citation(as_of);
  WriteWorking(figures, rates, as_of, out);
  WriteNearLines(figures, rates, as_of, out);
  WriteAssumptions(figures, rates, as_of, out);
  return out;
}

}  // namespace weighbridge
