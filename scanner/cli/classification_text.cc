#include "scanner/cli/classification_text.h"

#include "rules/classify.h"
#include "sbom/text_layout.h"
#include "scanner/base/text.h"

namespace weighbridge {
namespace {

constexpr std::size_t kColumns = 80;

const char* AnswerWord(Answer answer) {
  if (answer == Answer::kYes) return "yes";
  return answer == Answer::kNo ? "no" : "undecided";
}

struct NamedFigure {
  const char* name;
  double value;
  const char* unit;
};

std::vector<NamedFigure> FiguresOfRow(const AcceleratorRow& row) {
  return {{"fp64", row.fp64, "TFLOPS"},
          {"fp32", row.fp32, "TFLOPS"},
          {"tf32", row.tf32, "TFLOPS"},
          {"fp16", row.fp16, "TFLOPS"},
          {"fp8", row.fp8, "TFLOPS"},
          {"int8", row.int8, "TOPS"},
          {"fp4", row.fp4, "TFLOPS"},
          {"int4", row.int4, "TOPS"},
          {"die_area", row.die_area_mm2, "mm2"},
          {"process", row.process_nm, "nm"},
          {"memory", row.memory_gb, "GB"},
          {"memory_bandwidth", row.memory_bandwidth_gbs, "GB/s"},
          {"interconnect", row.interconnect_gbs, "GB/s"}};
}

std::string PciWords(const AcceleratorRow& row) {
  if (row.pci_devices.empty()) return {};
  std::string text = row.pci_vendor + ":" + Join(row.pci_devices, ", " + row.pci_vendor + ":");
  if (!row.pci_subsystems.empty()) text += ", subsystem " + Join(row.pci_subsystems, ", ");
  return text;
}

void PrintFigures(TextPage& page, const AcceleratorRow& row) {
  page.Blank();
  page.Paragraph(0, "Figures, dense; what is not listed was not found");
  for (const NamedFigure& figure : FiguresOfRow(row)) {
    if (figure.value == 0) continue;
    const std::string name = figure.name;
    const std::string label = name == "memory_bandwidth" ? "bandwidth"
                              : name == "interconnect"   ? "link"
                                                         : name;
    page.Field(2, label, FigureText(figure.value) + " " + figure.unit);
  }
  page.Field(2, "unsettled", Join(row.unsettled_rates, ", "));
  std::vector<std::string> published;
  for (const std::uint64_t tpp : row.published_tpp) published.push_back(std::to_string(tpp));
  page.Field(2, "printed TPP", Join(published, " or "));
  page.Field(2, "source", Printable(row.source));
  page.Field(2, "PCI ids", Printable(PciWords(row)));
  page.Field(2, "ids from", Printable(row.pci_source));
  page.Field(2, "note", Printable(row.note));
}

void PrintProduct(TextPage& page, const AcceleratorRow& row, bool whole) {
  page.Field(0, "product", Printable(row.vendor + " " + row.product + " (" + row.id + ")"));
  if (!whole) page.Field(0, "note", Printable(row.note));
  page.Field(0, "confidence", Printable(row.confidence) + " in its figures");
  page.Field(0, "segment", Printable(row.segment));
  if (row.ics > 1) {
    page.Field(
        0, "circuits",
        "the figures are of a board with " + std::to_string(row.ics) + "; one is classified");
  }
  if (!whole) return;
  page.Field(0, "also", Printable(Join(row.aliases, ", ")));
  page.Field(0, "designed in", Printable(row.designer_country));
  page.Field(0, "code target", Printable(row.code_target));
  page.Field(0, "memory", Printable(row.memory_type));
  page.Field(0, "released", Printable(row.released));
  PrintFigures(page, row);
}

void PrintList(TextPage& page, const char* title, const std::vector<std::string>& lines) {
  if (lines.empty()) return;
  page.Blank();
  page.Paragraph(0, title);
  for (const std::string& line : lines) page.Paragraph(4, Printable(line), "  -");
}

nlohmann::ordered_json ProductJson(const AcceleratorRow& row) {
  nlohmann::ordered_json out{{"id", row.id},
                             {"vendor", row.vendor},
                             {"product", row.product},
                             {"segment", row.segment},
                             {"designer_country", row.designer_country},
                             {"confidence", row.confidence},
                             {"source", row.source},
                             {"note", row.note}};
  nlohmann::ordered_json figures = nlohmann::ordered_json::object();
  for (const NamedFigure& figure : FiguresOfRow(row)) {
    if (figure.value != 0) figures[figure.name] = figure.value;
  }
  out["figures"] = std::move(figures);
  out["circuits"] = row.ics > 1 ? row.ics : 1;
  return out;
}

}  // namespace

std::string ClassificationPage(const Classification& result, const AcceleratorRow* product,
                               const std::string& as_of, bool whole) {
  TextPage page(kColumns, false);
  if (!result.candidates.empty()) page.Field(0, "may be", Join(result.candidates, ", "));
  page.Field(0, "computer", result.computer_eccn);
  page.Field(0, "TPP", TppWords(result));
  page.Field(0, "density", DensityWords(result));
  if (result.below_case_by_case) {
    page.Field(0, "2026 limits",
               std::string("below both, 742.6(b)(10): ") + AnswerWord(*result.below_case_by_case) +
                   (result.case_by_case_needs.empty()
                        ? ""
                        : ", needs " + Join(result.case_by_case_needs, ", ")));
  }
  page.Field(0, "as of", as_of);
  page.Field(0, "text", result.citation);
  if (product != nullptr) PrintProduct(page, *product, whole);
  PrintList(page, "Working", result.working);
  PrintList(page, "Near a line", result.near_lines);
  PrintList(page, "Assumptions", result.assumptions);
  // The line that other programs read is never wrapped.
  return "ECCN: " + EccnWords(result) + "\n" + page.text();
}

std::string ClassificationJson(const Classification& result, const AcceleratorRow* product,
                               const std::string& as_of) {
  nlohmann::ordered_json out;
  out["eccn"] = result.eccn.empty() ? "undecided" : result.eccn;
  out["candidates"] = result.candidates;
  out["needs"] = result.needs;
  out["computer_eccn"] = result.computer_eccn;
  out["z_paragraph"] = result.z_paragraph;
  out["as_of"] = as_of;
  out["citation"] = result.citation;
  out["product"] = product == nullptr ? nlohmann::ordered_json() : ProductJson(*product);
  auto& terms = out["terms"] = nlohmann::ordered_json::array();
  for (const auto& term : result.terms) {
    terms.push_back({{"precision", term.precision},
                     {"rate", term.rate},
                     {"bits", term.bits},
                     {"tpp", term.tpp}});
  }
  out["tpp"] = result.tpp;
  out["tpp_tf32_at_32"] = result.tpp_tf32_at_32;
  out["tpp_is_lower_bound"] = result.tpp_is_lower_bound;
  const auto density = [](const std::optional<double>& value) {
    return value ? nlohmann::ordered_json(*value) : nlohmann::ordered_json();
  };
  out["performance_density"] = density(result.performance_density);
  out["performance_density_tf32_at_32"] = density(result.performance_density_tf32_at_32);
  out["below_case_by_case"] = result.below_case_by_case
                                  ? nlohmann::ordered_json(AnswerWord(*result.below_case_by_case))
                                  : nlohmann::ordered_json();
  out["case_by_case_needs"] = result.case_by_case_needs;
  out["working"] = result.working;
  out["near_lines"] = result.near_lines;
  out["assumptions"] = result.assumptions;
  return out.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

std::vector<AcceleratorRow> FindProducts(const Catalog& catalog, const std::string& text) {
  if (auto row = catalog.AcceleratorById(text)) return {std::move(*row)};
  return catalog.AcceleratorsByName(text);
}

}  // namespace weighbridge
