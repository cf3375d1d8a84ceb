// Which entries a part with missing figures may still be in. Each missing figure takes one
// value from every interval between the lines that it could cross, and on each line; the
// entries of all combinations are all that are possible. An input is needed when changing
// it alone changes the entry.
#include <algorithm>
#include <array>
#include <functional>
#include <set>

#include "rules/classify_entries.h"

namespace weighbridge {
namespace {

constexpr std::array<double, 3> kDensityLines{1.6, 3.2, 5.92};

// One value on each line above `from`, one in each gap, and one beyond.
std::vector<double> AcrossLines(double from, std::vector<double> lines) {
  std::sort(lines.begin(), lines.end());
  std::vector<double> values{from};
  double last = from;
  for (const double line : lines) {
    if (line <= last) continue;
    values.push_back(last + (line - last) / 2);
    values.push_back(line);
    last = line;
  }
  values.push_back(last * 2 + 1);
  return values;
}

// What the rates that are not known may add: the highest TPP among them, and their TOPS.
struct Open {
  double tpp = 0;
  double tops = 0;
};

std::vector<Open> OpenRates(const AcceleratorFigures& figures, const RateSummary& rates) {
  std::vector<Open> values{{0, 0}};
  if (rates.open.empty()) return values;
  std::vector<double> lines{1600, 2400, 4800};
  if (figures.die_area_mm2) {
    for (const double line : kDensityLines) lines.push_back(line * *figures.die_area_mm2);
  }
  // No operation has more than 64 bits, so a TPP that counts comes with TOPS that count.
  for (const double tpp : AcrossLines(std::min(rates.tpp_19, rates.tpp_32), lines)) {
    values.push_back({tpp, kBasicTops});
  }
  return values;
}

std::vector<double> Areas(const AcceleratorFigures& figures, const std::vector<double>& tpps) {
  if (figures.planar_only) return {0};
  if (figures.die_area_mm2) return {*figures.die_area_mm2};
  std::set<double> areas;
  const std::vector<double> lines(kDensityLines.begin(), kDensityLines.end());
  for (const double tpp : tpps) {
    for (const double density : AcrossLines(0.5, lines)) {
      if (tpp > 0) areas.insert(tpp / density);
    }
  }
  if (areas.empty()) areas.insert(1);
  return {areas.begin(), areas.end()};
}

std::vector<bool> Datacenter(const AcceleratorFigures& figures) {
  using Segment = AcceleratorFigures::Segment;
  if (figures.segment == Segment::kUnknown) return {true, false};
  return {figures.segment == Segment::kDatacenter};
}

struct Interconnect {
  bool above_150 = false;
  bool above_600 = false;
};

std::vector<Interconnect> Interconnects(const AcceleratorFigures& figures) {
  if (figures.interconnect_gbs) {
    return {{AtLeast(*figures.interconnect_gbs, kBasicInterconnect),
             AtLeast(*figures.interconnect_gbs, kFirstInterconnect)}};
  }
  if (figures.interconnect_is_low) return {{false, false}, {false, true}};
  return {{false, false}, {true, false}, {true, true}};
}

// Every input with its possible values; a choice is one index for each.
class Grid {
 public:
  Grid(const AcceleratorFigures& figures, const RateSummary& rates, Text text)
      : text_(text), tops_(rates.tops), highest_{rates.tpp_19, rates.tpp_32} {
    if (highest_[1] == highest_[0]) highest_.pop_back();
    open_ = OpenRates(figures, rates);
    std::vector<double> tpps = highest_;
    for (const Open& open : open_) tpps.push_back(open.tpp);
    areas_ = Areas(figures, tpps);
    datacenter_ = Datacenter(figures);
    interconnect_ = Interconnects(figures);
  }

  using Choice = std::array<std::size_t, 5>;
  static constexpr std::array<std::size_t, 5> kOrder{0, 1, 2, 3, 4};

  std::size_t Size(std::size_t input) const {
    return std::array{open_.size(), highest_.size(), areas_.size(), datacenter_.size(),
                      interconnect_.size()}[input];
  }
  std::string Entry(const Choice& at) const {
    const Open& open = open_[at[0]];
    return EntryOf(
        {std::max(highest_[at[1]], open.tpp), std::max(tops_, open.tops), areas_[at[2]],
         datacenter_[at[3]], interconnect_[at[4]].above_150, interconnect_[at[4]].above_600},
        text_);
  }

 private:
  Text text_;
  double tops_;
  std::vector<double> highest_;
  std::vector<Open> open_;
  std::vector<double> areas_;
  std::vector<bool> datacenter_;
  std::vector<Interconnect> interconnect_;
};

void ForEach(const Grid& grid, const std::function<void(const Grid::Choice&)>& visit) {
  Grid::Choice at{};
  for (;;) {
    visit(at);
    std::size_t input = 0;
    while (input < at.size() && ++at[input] == grid.Size(input)) at[input++] = 0;
    if (input == at.size()) return;
  }
}

// Whether there is a choice of the others under which this input makes a difference.
bool Matters(const Grid& grid, std::size_t input) {
  if (grid.Size(input) < 2) return false;
  bool matters = false;
  ForEach(grid, [&](const Grid::Choice& at) {
    if (matters || at[input] != 0) return;
    Grid::Choice other = at;
    const std::string first = grid.Entry(at);
    for (std::size_t i = 1; i < grid.Size(input) && !matters; ++i) {
      other[input] = i;
      matters = grid.Entry(other) != first;
    }
  });
  return matters;
}

}  // namespace

Outcomes PossibleEntries(const AcceleratorFigures& figures, const RateSummary& rates, Text text) {
  const Grid grid(figures, rates, text);
  std::set<std::string> found;
  ForEach(grid, [&](const Grid::Choice& at) { found.insert(grid.Entry(at)); });
  Outcomes out;
  for (const char* entry : {"3A090.a", "3A090.b", "3A991.p", "none"}) {
    if (found.contains(entry)) out.entries.emplace_back(entry);
  }
  if (out.entries.size() < 2) return out;
  const std::array<std::string, 5> names{RateNeed(rates), "bits that TF32 counts", "die area",
                                         "market segment", "interconnect"};
  for (const std::size_t input : Grid::kOrder) {
    if (Matters(grid, input)) out.needs.push_back(names[input]);
  }
  return out;
}

}  // namespace weighbridge
