// From a row of the accelerator table to the figures that Classify takes.
#include <algorithm>

#include "scanner/identity/catalog.h"

namespace weighbridge {
namespace {

// The table's figures may be for a board with several packages; each is one integrated
// circuit of its own (15 CFR part 774, Supplement No. 1, note on multichip packages).
std::optional<double> Each(double figure, std::uint64_t ics) {
  if (figure <= 0) return std::nullopt;
  return ics > 1 ? figure / static_cast<double>(ics) : figure;
}

AcceleratorFigures::Segment SegmentOf(const std::string& segment) {
  using Segment = AcceleratorFigures::Segment;
  if (segment == "datacenter" || segment == "cloud-only") return Segment::kDatacenter;
  if (segment == "consumer" || segment == "embedded") return Segment::kNotDatacenter;
  return Segment::kUnknown;
}

}  // namespace

const std::vector<std::string>& GroupsOn(const CountryGroupRow& row, std::string_view as_of) {
  return !row.changed_on.empty() && as_of < row.changed_on ? row.groups_before : row.groups;
}

AcceleratorFigures FiguresOf(const AcceleratorRow& row) {
  AcceleratorFigures figures;
  figures.fp64 = Each(row.fp64, row.ics);
  figures.fp32 = Each(row.fp32, row.ics);
  figures.tf32 = Each(row.tf32, row.ics);
  figures.fp16 = Each(row.fp16, row.ics);
  figures.fp8 = Each(row.fp8, row.ics);
  figures.int8 = Each(row.int8, row.ics);
  figures.fp4 = Each(row.fp4, row.ics);
  figures.int4 = Each(row.int4, row.ics);
  figures.die_area_mm2 = Each(row.die_area_mm2, row.ics);
  figures.memory_bandwidth_gbs = Each(row.memory_bandwidth_gbs, row.ics);
  figures.interconnect_gbs = Each(row.interconnect_gbs, 1);
  figures.segment = SegmentOf(row.segment);
  figures.other_precisions_unsupported = row.rates_complete == "true";
  figures.unsettled_rates = row.unsettled_rates;
  return figures;
}

}  // namespace weighbridge
