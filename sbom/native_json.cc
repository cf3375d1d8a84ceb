// The native JSON report: everything that the Report holds, tensors summed up. Its
// schema is schema/weighbridge-report.schema.json; `format_version` rises when a key
// changes its meaning or goes away, never when one is added.
#include "sbom/native_json.h"

#include "sbom/documents.h"
#include "sbom/json_text.h"
#include "sbom/native_json_device.h"
#include "sbom/native_json_services.h"
#include "scanner/base/text.h"

namespace weighbridge {
namespace {

constexpr int kFormatVersion = 1;

const char* SeverityName(Severity severity) {
  switch (severity) {
    case Severity::kNote: return "note";
    case Severity::kWarning: return "warning";
    case Severity::kError: return "error";
  }
  return "warning";
}

OrderedJson DatabaseJson(const DatabaseInfo& database) {
  OrderedJson out = OrderedJson::object();
  out["version"] = Printable(database.version);
  out["date"] = Printable(database.date);
  out["digest"] = Printable(database.digest);
  out["age_days"] = database.age_days;
  out["stale"] = database.stale;
  return out;
}

OrderedJson CoverageJson(const Coverage& coverage) {
  OrderedJson out = OrderedJson::object();
  out["files_seen"] = coverage.files_seen;
  out["recognised"] = coverage.recognised;
  out["unrecognised"] = coverage.unrecognised;
  out["skipped"] = OrderedJson::object();
  for (const auto& [reason, count] : coverage.skipped) out["skipped"][Printable(reason)] = count;
  out["failed"] = coverage.failed;
  out["not_inspected"] = coverage.not_inspected;
  out["directories"] = coverage.directories;
  out["bytes_read"] = coverage.bytes_read;
  const MemberCoverage& members = coverage.members;
  if (members.seen != 0) {
    OrderedJson& inner = out["members"];
    inner["seen"] = members.seen;
    inner["recognised"] = members.recognised;
    inner["unrecognised"] = members.unrecognised;
    inner["skipped"] = OrderedJson::object();
    for (const auto& [reason, count] : members.skipped) inner["skipped"][Printable(reason)] = count;
    inner["failed"] = members.failed;
  }
  return out;
}

OrderedJson FindingJson(const Finding& finding) {
  OrderedJson out = OrderedJson::object();
  out["rule_id"] = Printable(finding.rule_id);
  out["outcome"] = OutcomeName(finding.outcome);
  out["settled"] = finding.settled;
  out["gates"] = finding.gates;
  out["kind"] = FindingKind(finding);
  out["level"] = FindingLevel(finding);
  PutText(out, "title", finding.title);
  out["message"] = Printable(finding.message);
  PutPlace(out, "model_id", finding.model_id);
  PutPlace(out, "accelerator_id", finding.accelerator_id);
  PutPlace(out, "service_id", finding.service_id);
  PutPlace(out, "location", finding.location.ToString());
  PutArray(out, "images", ImageList(finding.images));
  PutText(out, "jurisdiction", finding.jurisdiction);
  PutText(out, "authority", finding.authority);
  PutText(out, "citation", finding.citation);
  PutText(out, "source_url", finding.source_url);
  PutText(out, "source_date", finding.source_date);
  PutText(out, "confidence", finding.confidence);
  PutText(out, "status", finding.status);
  PutText(out, "effective_from", finding.effective_from);
  PutText(out, "effective_to", finding.effective_to);
  PutArray(out, "depends_on", TextArray(finding.depends_on));
  if (finding.waiver) {
    out["waiver"] = {{"reason", Printable(finding.waiver->reason)},
                     {"owner", Printable(finding.waiver->owner)},
                     {"expires", Printable(finding.waiver->expires)}};
  }
  return out;
}

OrderedJson RuleJson(const WriterRule& rule) {
  OrderedJson out = OrderedJson::object();
  out["id"] = Printable(rule.id);
  PutText(out, "title", rule.title);
  PutText(out, "sentence", rule.sentence);
  PutText(out, "outcome", rule.outcome);
  PutText(out, "jurisdiction", rule.jurisdiction);
  PutText(out, "authority", rule.authority);
  PutText(out, "citation", rule.citation);
  PutText(out, "source_url", rule.source_url);
  PutText(out, "source_date", rule.source_date);
  PutText(out, "confidence", rule.confidence);
  PutText(out, "status", rule.status);
  PutText(out, "effective_from", rule.effective_from);
  PutText(out, "effective_to", rule.effective_to);
  return out;
}

OrderedJson DiagnosticJson(const Diagnostic& diagnostic) {
  OrderedJson out = OrderedJson::object();
  out["severity"] = SeverityName(diagnostic.severity);
  out["code"] = ErrorCodeName(diagnostic.code);
  PutPlace(out, "location", diagnostic.location.ToString());
  out["message"] = Printable(diagnostic.message);
  return out;
}

void AddHead(OrderedJson& out, const Report& report) {
  out["format"] = "weighbridge-report";
  out["format_version"] = kFormatVersion;
  out["tool_version"] = Printable(report.tool_version);
  PutText(out, "timestamp", report.timestamp);
  PutText(out, "as_of", report.as_of);
  out["complete"] = report.complete;
  PutText(out, "incomplete_reason", report.incomplete_reason);
  out["database"] = DatabaseJson(report.database);
  out["targets"] = TextArray(report.targets);
  PutText(out, "policy", report.policy_name);
  PutText(out, "gate", report.gate);
  out["context"] = TextArray(report.context_lines);
  PutText(out, "hash_mode", report.hash_mode);
  out["coverage"] = CoverageJson(report.coverage);
}

template <typename T, typename F>
void PutEach(JsonText& out, const char* key, const std::vector<T>& values, F make) {
  out.OpenArray(key);
  for (const T& value : values) out.Push(make(value));
  out.Close();
}

}  // namespace

std::string WriteNativeJson(const Report& report, const WriterOptions& options) {
  OrderedJson head = OrderedJson::object();
  AddHead(head, report);
  JsonText out;
  out.OpenObject();
  out.PutAll(head);
  PutEach(out, "findings", report.findings, FindingJson);
  PutEach(out, "rules", RulesWithFindings(report, options), RuleJson);
  PutEach(out, "models", report.models,
          [&](const Model& model) { return NativeModel(report, model); });
  PutEach(out, "artifacts", report.artifacts, NativeArtifact);
  if (!report.services.empty()) PutEach(out, "services", report.services, NativeService);
  if (!report.accelerators.empty() || !report.host_software.empty()) {
    PutEach(out, "accelerators", report.accelerators,
            [&](const Accelerator& each) { return NativeAccelerator(report, each); });
    PutEach(out, "accelerator_products", report.accelerator_products, NativeProduct);
    PutEach(out, "accelerator_hosts", report.accelerator_hosts, NativeAcceleratorHost);
    PutEach(out, "host_software", report.host_software, NativeSoftware);
  }
  PutEach(out, "diagnostics", report.diagnostics, DiagnosticJson);
  out.Close();
  return out.Finish();
}

}  // namespace weighbridge
