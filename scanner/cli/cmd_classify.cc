// classify: the ECCN of an accelerator, from figures that are given or from the catalogue,
// with the working.
#include <charconv>
#include <cmath>

#include "rules/classify.h"
#include "scanner/base/text.h"
#include "scanner/cli/classification_text.h"
#include "scanner/cli/commands.h"
#include "scanner/cli/database_cli.h"
#include "scanner/cli/output.h"
#include "scanner/platform/terminal.h"

namespace weighbridge {

Result<std::string> DayAsked(const CommandLine& line) {
  if (line.scan.as_of.empty()) return IsoDate(ReportTime());
  if (IsIsoDate(line.scan.as_of)) return line.scan.as_of;
  return Error{ErrorCode::kInvalidArgument,
               "--as-of " + Quote(line.scan.as_of) + " is not a date (YYYY-MM-DD)"};
}

namespace {

// No circuit that exists or is announced comes near these.
constexpr double kMostRate = 1e9;
constexpr double kLeastArea = 0.01;
constexpr double kMostArea = 1e6;

Error Usage(const std::string& message) { return {ErrorCode::kInvalidArgument, message}; }

// "" leaves the figure empty. from_chars: a locale has no say in what a number is.
Status ReadFigure(const char* option, const std::string& text, double least, double most,
                  std::optional<double>& figure) {
  if (text.empty()) return {};
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = error == std::errc() && end == text.data() + text.size();
  if (!whole || !std::isfinite(value) || value < least || value > most) {
    return Usage(std::string(option) + " " + Quote(text) + " is not a number from " +
                 FigureText(least) + " to " + FigureText(most));
  }
  figure = value;
  return {};
}

struct RateOption {
  const char* option;
  std::string ClassifyLine::*text;
  std::optional<double> AcceleratorFigures::*figure;
};
constexpr RateOption kRates[] = {
    {"--tops4", &ClassifyLine::tops4, &AcceleratorFigures::int4},
    {"--tops8", &ClassifyLine::tops8, &AcceleratorFigures::int8},
    {"--tflops4", &ClassifyLine::tflops4, &AcceleratorFigures::fp4},
    {"--tflops8", &ClassifyLine::tflops8, &AcceleratorFigures::fp8},
    {"--tflops16", &ClassifyLine::tflops16, &AcceleratorFigures::fp16},
    {"--tflops-tf32", &ClassifyLine::tflops_tf32, &AcceleratorFigures::tf32},
    {"--tflops32", &ClassifyLine::tflops32, &AcceleratorFigures::fp32},
    {"--tflops64", &ClassifyLine::tflops64, &AcceleratorFigures::fp64},
};

Result<AcceleratorFigures> FiguresGiven(const ClassifyLine& given) {
  AcceleratorFigures figures;
  bool any = false;
  for (const RateOption& rate : kRates) {
    Status read = ReadFigure(rate.option, given.*rate.text, 0, kMostRate, figures.*rate.figure);
    if (!read.ok()) return std::move(read).error();
    any = any || (figures.*rate.figure).value_or(0) > 0;
  }
  Status read =
      ReadFigure("--die-area", given.die_area, kLeastArea, kMostArea, figures.die_area_mm2);
  if (read.ok()) {
    read = ReadFigure("--memory-bandwidth", given.memory_bandwidth, 0, kMostRate,
                      figures.memory_bandwidth_gbs);
  }
  if (read.ok()) {
    read = ReadFigure("--interconnect", given.interconnect, 0, kMostRate, figures.interconnect_gbs);
  }
  if (!read.ok()) return std::move(read).error();
  if (!any) {
    return Usage(
        "nothing to classify: give a rate above 0, as --tops8 600 or --tflops16 300, or the "
        "name of a product");
  }
  figures.planar_only = given.planar;
  figures.segment = given.not_datacenter ? AcceleratorFigures::Segment::kNotDatacenter
                                         : AcceleratorFigures::Segment::kDatacenter;
  // What is not given is taken as not there, and the assumptions say so.
  figures.other_precisions_unsupported = true;
  figures.interconnect_is_low = true;
  return figures;
}

bool HasFigures(const ClassifyLine& given) {
  for (const RateOption& rate : kRates) {
    if (!(given.*rate.text).empty()) return true;
  }
  return given.planar || !given.die_area.empty() || !given.memory_bandwidth.empty() ||
         !given.interconnect.empty();
}

Result<AcceleratorRow> OneProduct(const Catalog& catalog, const std::string& text) {
  std::vector<AcceleratorRow> rows = FindProducts(catalog, text);
  if (rows.size() == 1) return std::move(rows.front());
  if (rows.empty()) {
    std::vector<std::string> known;
    for (const AcceleratorRow& row : catalog.AllAccelerators()) {
      known.push_back(row.id);
      known.push_back(row.product);
    }
    const std::string near = Nearest(text, known);
    return Usage("no product " + Quote(text) + " in the catalogue" +
                 (near.empty() ? ", see: weighbridge list accelerators"
                               : " (did you mean \"" + near + "\"?)"));
  }
  std::vector<std::string> ids;
  for (const AcceleratorRow& row : rows) ids.push_back(row.id);
  return Usage(Quote(text) + " is several products, name one: " + Join(ids, ", "));
}

struct Subject {
  AcceleratorFigures figures;
  std::optional<AcceleratorRow> product;
};

Result<Subject> FindSubject(const CommandLine& line) {
  const ClassifyLine& given = line.classify;
  if (given.datacenter && given.not_datacenter)
    return Usage("--datacenter and --not-datacenter: a part is one of them");
  if (given.product.empty()) {
    auto figures = FiguresGiven(given);
    if (!figures.ok()) return std::move(figures).error();
    return Subject{std::move(figures).value(), std::nullopt};
  }
  if (HasFigures(given)) return Usage("a product of the catalogue or figures, not both");
  auto catalog = CatalogOf(line);
  if (!catalog.ok()) return std::move(catalog).error();
  auto row = OneProduct(*catalog.value(), given.product);
  if (!row.ok()) return std::move(row).error();
  Subject subject{FiguresOf(row.value()), std::move(row).value()};
  if (given.datacenter) subject.figures.segment = AcceleratorFigures::Segment::kDatacenter;
  if (given.not_datacenter) subject.figures.segment = AcceleratorFigures::Segment::kNotDatacenter;
  return subject;
}

}  // namespace

int RunClassify(const CommandLine& line) {
  auto as_of = DayAsked(line);
  if (!as_of.ok()) {
    Complain(as_of.error().message);
    return kExitError;
  }
  auto subject = FindSubject(line);
  if (!subject.ok()) {
    Complain(subject.error().message);
    return kExitError;
  }
  const Classification result = Classify(subject.value().figures, as_of.value());
  const AcceleratorRow* product = subject.value().product ? &*subject.value().product : nullptr;
  const bool json = !line.output_texts.empty() && line.output_texts.back() == "json";
  Status wrote =
      WriteDocument("", json ? ClassificationJson(result, product, as_of.value())
                             : ClassificationPage(result, product, as_of.value(), false));
  if (!wrote.ok()) Complain(wrote.error().message);
  return wrote.ok() ? kExitClean : kExitError;
}

}  // namespace weighbridge
