// explain: every piece of evidence behind a conclusion, strongest first.
#include <cstdio>
#include <sstream>

#include "scanner/base/text.h"
#include "scanner/cli/commands.h"
#include "scanner/cli/output.h"

namespace weighbridge {
namespace {

void Line(std::ostringstream& out, const char* label, const std::string& value) {
  if (!value.empty()) out << "  " << label << ": " << Printable(value) << "\n";
}

void ExplainEvidence(std::ostringstream& out, const Identity& identity) {
  out << "\n  Evidence, strongest first\n";
  if (identity.evidence.empty()) out << "    none\n";
  for (const Evidence& evidence : identity.evidence) {
    char confidence[8];
    std::snprintf(confidence, sizeof confidence, "%.2f", evidence.confidence);
    out << "    [" << GradeName(evidence.grade) << " " << confidence << "] " << evidence.field
        << " = " << Printable(evidence.value) << "  (" << evidence.technique << ", "
        << Printable(evidence.location.ToString()) << ")\n";
    if (!evidence.note.empty()) out << "        " << Printable(evidence.note) << "\n";
  }
}

void ExplainLineage(std::ostringstream& out, const Identity& identity) {
  if (identity.ancestors.empty()) return;
  out << "\n  Lineage, nearest parent first\n";
  for (const Ancestor& ancestor : identity.ancestors) {
    out << "    " << ancestor.relation << " of " << Printable(ancestor.name)
        << (ancestor.publisher.empty() ? "" : " by " + Printable(ancestor.publisher)) << " ["
        << GradeName(ancestor.grade) << "]\n";
  }
}

void ExplainModel(std::ostringstream& out, const Report& report, const Model& model) {
  const Identity& identity = model.identity;
  out << Printable(identity.name.empty() ? model.id : identity.name) << "\n";
  Line(out, "location", model.location.ToString());
  Line(out, "format", model.format);
  Line(out, "developer", identity.developer);
  Line(out, "origin",
       identity.origin_publisher +
           (identity.origin_country.empty() ? "" : " (" + identity.origin_country + ")"));
  Line(out, "grade", GradeName(identity.grade));
  Line(out, "candidates", Join(identity.candidates, ", "));
  Line(out, "rows of the model table that fit", Join(identity.candidate_models, ", "));
  Line(out, "family", identity.family);
  Line(out, "architecture", identity.architecture);
  Line(out, "uploader", identity.uploader);
  Line(out, "quantisation", identity.quantisation);
  std::vector<std::string> dimensions;
  for (const auto& [name, value] : model.dimensions)
    dimensions.push_back(name + "=" + std::to_string(value));
  Line(out, "recovered from tensors", Join(dimensions, " "));
  Line(out, "layout digest", model.layout_digest);
  Line(out, "tensor digest", model.tensor_digest);
  Line(out, "tokenizer digest", model.tokenizer_digest);
  ExplainEvidence(out, identity);
  ExplainLineage(out, identity);
  if (!model.conflicts.empty()) out << "\n  Conflicts\n";
  for (const Conflict& conflict : model.conflicts) {
    out << "    " << conflict.rule_id << ": " << Printable(conflict.message) << "\n";
  }
  bool heading = false;
  for (const Finding& finding : report.findings) {
    if (finding.model_id != model.id) continue;
    if (!heading) out << "\n  Findings as of " << report.as_of << "\n";
    heading = true;
    out << "    " << finding.rule_id << " " << OutcomeName(finding.outcome)
        << (finding.settled ? "" : ", depends on " + Join(finding.depends_on, ", ")) << "\n        "
        << Printable(finding.message) << "\n";
    if (!finding.citation.empty()) out << "        " << Printable(finding.citation) << "\n";
  }
  out << "\n";
}

}  // namespace

int RunExplain(CommandLine& line) {
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
  std::ostringstream out;
  for (const Model& model : report.value().models) ExplainModel(out, report.value(), model);
  if (report.value().models.empty()) out << "no model found\n";
  for (const Artifact& artifact : report.value().artifacts) {
    if (artifact.inspection == Inspection::kFull) continue;
    out << "not fully inspected: " << Printable(artifact.location.ToString()) << " ("
        << artifact.format << "): " << Printable(artifact.not_inspected_reason) << "\n";
  }
  for (const Diagnostic& diagnostic : report.value().diagnostics) {
    out << Printable(diagnostic.location.ToString()) << ": " << Printable(diagnostic.message)
        << "\n";
  }
  Status wrote = WriteDocument("", out.str());
  if (!wrote.ok()) Complain(wrote.error().message);
  return wrote.ok() ? kExitClean : kExitError;
}

}  // namespace weighbridge
