// explain: how each conclusion was reached, for a reader who must sign for it: the
// conclusion, every piece of evidence behind it, the lineage, and each rule with its
// source.
#include <algorithm>
#include <cstdio>
#include <filesystem>

#include <unistd.h>

#include "rules/classify.h"
#include "sbom/document.h"
#include "sbom/text_layout.h"
#include "scanner/base/text.h"
#include "scanner/cli/classification_text.h"
#include "scanner/cli/commands.h"
#include "scanner/cli/database_cli.h"
#include "scanner/cli/output.h"
#include "scanner/platform/terminal.h"

namespace weighbridge {
namespace {

// "Qwen (Alibaba Qwen), CN"
std::string Party(const std::string& hub, const std::string& name, const std::string& country) {
  if (hub.empty() && name.empty()) return "unknown";
  std::string text = hub.empty() ? name : hub;
  if (!hub.empty() && !name.empty() && name != hub) text += " (" + name + ")";
  return Printable(text + (country.empty() ? "" : ", " + country));
}

std::string WhyGrade(const Identity& identity) {
  if (HasCandidates(identity)) {
    return "unknown: the tensors fit models of several publishers, and nothing settles which";
  }
  switch (OriginGrade(identity)) {
    case Grade::kVerified: return "verified: a digest computed now is a published one";
    case Grade::kClaimed: return "claimed: a file, card, pointer or store says so";
    case Grade::kInferred: return "inferred: tensor names and shapes suggest so";
    case Grade::kUnknown: break;
  }
  return "unknown: nothing that was found names or suggests an origin";
}

void PrintConclusion(TextPage& page, const Report& report, const Model& model) {
  const Identity& identity = model.identity;
  page.Heading(ModelName(model));
  page.Field(2, "location", Escaped(model.location.ToString()));
  page.Field(2, "format",
             Printable(model.format) +
                 (model.pointer_only ? ", git-lfs pointer: the weights are not here" : "") +
                 (model.is_adapter ? ", adapter" : ""));
  page.Field(2, "origin",
             HasCandidates(identity)
                 ? "one of " + Printable(Join(identity.candidates, ", "))
                 : Party(identity.origin_publisher, identity.origin_name, identity.origin_country));
  page.Field(2, "grade", WhyGrade(identity));
  page.Field(2, "developer", Party(identity.developer, identity.developer_name, ""));
  page.Field(2, "uploader", Printable(identity.uploader));
  page.Field(2, "hub id", Printable(identity.hub_id));
  page.Field(2, "family", Printable(identity.family));
  page.Field(2, "tensors are", Printable(identity.architecture));
  page.Field(2, "fits", Printable(Join(identity.candidate_models, ", ")));
  page.Field(2, "quantised", Printable(identity.quantisation));
  for (const LicenceClaim& licence : identity.licences) {
    page.Field(2, "licence",
               Printable(licence.id) + " (" + Printable(licence.source) + ", " +
                   GradeName(licence.grade) + ") " + Escaped(licence.location.ToString()));
  }
  if (identity.licences.empty()) page.Field(2, "licence", "none stated");
  for (const std::size_t index : model.weights) {
    const Artifact& file = report.artifacts[index];
    page.Field(2, "file",
               Escaped(file.location.ToString()) + ", " + ByteCount(file.size_bytes) +
                   (file.sha256.empty() ? ", not hashed" : ", sha256 " + file.sha256) +
                   (model.pointer_only ? " (of the pointer)" : ""));
    for (const ImagePlace& place : file.images) page.Field(2, "image", ImageText(place));
    for (const ProcessUse& use : file.processes) page.Field(2, "served by", ProcessText(use));
  }
  page.Field(2, "missing", Printable(Join(model.missing_files, ", ")));
}

void PrintFingerprints(TextPage& page, const Model& model) {
  std::vector<std::string> dimensions;
  for (const auto& [name, value] : model.dimensions)
    dimensions.push_back(name + "=" + std::to_string(value));
  page.Field(2, "dimensions", Join(dimensions, " "));
  for (const auto& [what, digest] :
       {std::pair{"layout (names, types, shapes)", &model.layout_digest},
        {"tensor content", &model.tensor_digest},
        {"tokenizer", &model.tokenizer_digest}}) {
    if (!digest->empty()) page.Field(2, "digest", std::string(what) + ": " + *digest);
  }
}

void PrintEvidence(TextPage& page, const Identity& identity) {
  page.Blank();
  page.Paragraph(2, "Evidence, by grade and then confidence (0 to 1)");
  if (identity.evidence.empty()) page.Paragraph(4, "none");
  for (const Evidence& evidence : identity.evidence) {
    char confidence[16];
    std::snprintf(confidence, sizeof confidence, "%.2f", evidence.confidence);
    page.Paragraph(6,
                   std::string(GradeName(evidence.grade)) + " " + confidence + ": " +
                       evidence.field + " is " + Printable(evidence.value) + ", by " +
                       evidence.technique + " of " + Escaped(evidence.location.ToString()),
                   "    -");
    if (!evidence.note.empty()) page.Paragraph(6, Printable(evidence.note));
  }
}

void PrintLineage(TextPage& page, const Identity& identity) {
  if (identity.ancestors.empty()) return;
  page.Blank();
  page.Paragraph(2, "Lineage, nearest parent first");
  for (const Ancestor& ancestor : identity.ancestors) {
    page.Paragraph(6,
                   ancestor.relation + " of " + Printable(ancestor.name) +
                       (ancestor.publisher.empty() ? "" : " by " + Printable(ancestor.publisher)) +
                       " [" + GradeName(ancestor.grade) + "]",
                   "    -");
  }
}

std::string Citation(const Finding& finding) {
  std::vector<std::string> parts;
  for (const std::string* part :
       {&finding.jurisdiction, &finding.authority, &finding.citation, &finding.source_url}) {
    if (!part->empty()) parts.push_back(Printable(*part));
  }
  if (!finding.source_date.empty()) parts.push_back("of " + Printable(finding.source_date));
  if (!parts.empty() && !finding.confidence.empty())
    parts.push_back("confidence " + Printable(finding.confidence));
  return Join(parts, "; ");
}

void PrintFindings(TextPage& page, const Report& report, const Model& model) {
  page.Blank();
  page.Paragraph(2, "Findings, rules as of " + report.as_of);
  bool none = true;
  for (const Finding& finding : report.findings) {
    if (finding.model_id != model.id) continue;
    none = false;
    page.Paragraph(
        6,
        Printable(finding.rule_id) + ": " + (finding.settled ? "" : "perhaps ") +
            OutcomeName(finding.outcome) +
            (finding.settled ? std::string()
                             : ", depends on " + Printable(Join(finding.depends_on, ", "))) +
            (finding.waiver ? ", waived until " + finding.waiver->expires : ""),
        "    -");
    page.Paragraph(6, Printable(finding.message));
    page.Paragraph(6, Citation(finding));
  }
  if (none) page.Paragraph(4, "none");
}

void PrintModel(TextPage& page, const Report& report, const Model& model) {
  PrintConclusion(page, report, model);
  PrintFingerprints(page, model);
  PrintEvidence(page, model.identity);
  PrintLineage(page, model.identity);
  PrintFindings(page, report, model);
}

// What no conclusion rests on: files that were not understood, and faults.
void PrintGaps(TextPage& page, const Report& report) {
  bool heading = false;
  for (const Artifact& artifact : report.artifacts) {
    if (artifact.inspection == Inspection::kFull) continue;
    if (!heading) page.Heading("Not fully inspected");
    heading = true;
    page.Paragraph(4,
                   Escaped(artifact.location.ToString()) + " (" + Printable(artifact.format) +
                       "): " + Printable(artifact.not_inspected_reason),
                   "  -");
  }
  if (report.diagnostics.empty()) return;
  page.Heading("Could not be read or believed");
  for (const Diagnostic& diagnostic : report.diagnostics) {
    page.Paragraph(
        4, Escaped(diagnostic.location.ToString()) + ": " + Printable(diagnostic.message), "  -");
  }
}

// The products that the target names, when it is no file that is there.
Result<std::vector<AcceleratorRow>> ProductsNamed(const CommandLine& line) {
  std::error_code ignored;
  if (line.scan.targets.size() != 1 || line.scan.targets[0].empty() ||
      std::filesystem::exists(line.scan.targets[0], ignored)) {
    return std::vector<AcceleratorRow>();
  }
  auto catalog = CatalogOf(line);
  if (!catalog.ok()) return std::move(catalog).error();
  return FindProducts(*catalog.value(), line.scan.targets[0]);
}

int ExplainProducts(const CommandLine& line, const std::vector<AcceleratorRow>& rows) {
  auto as_of = DayAsked(line);
  if (!as_of.ok()) {
    Complain(as_of.error().message);
    return kExitError;
  }
  std::string text;
  for (const AcceleratorRow& row : rows) {
    const Classification result = Classify(FiguresOf(row), as_of.value());
    text += (text.empty() ? "" : "\n") + ClassificationPage(result, &row, as_of.value(), true);
  }
  Status wrote = WriteDocument("", text);
  if (!wrote.ok()) Complain(wrote.error().message);
  return wrote.ok() ? kExitClean : kExitError;
}

}  // namespace

int RunExplain(CommandLine& line) {
  auto products = ProductsNamed(line);
  if (products.ok() && !products.value().empty()) return ExplainProducts(line, products.value());
  line.output_texts = {"table"};
  if (Status status = FinishCommandLine(line); !status.ok()) {
    Complain(status.error().message);
    return kExitError;
  }
  auto report = Scan(line.scan);
  if (!report.ok()) {
    Complain(report.error().message);
    return kExitError;
  }
  const bool terminal = IsTerminal(STDOUT_FILENO);
  const int columns = terminal ? std::min(TerminalColumns(STDOUT_FILENO), 160) : 80;
  TextPage page(static_cast<std::size_t>(columns), terminal && std::getenv("NO_COLOR") == nullptr);
  for (const Model& model : report.value().models) PrintModel(page, report.value(), model);
  if (report.value().models.empty()) page.Paragraph(0, "no model found");
  PrintGaps(page, report.value());
  Status wrote = WriteDocument("", page.text());
  if (!wrote.ok()) Complain(wrote.error().message);
  return wrote.ok() ? kExitClean : kExitError;
}

}  // namespace weighbridge
