// SARIF 2.1.0 (OASIS standard, 2020): one run, every rule as a reporting descriptor,
// every finding as a result, every diagnostic as a tool execution notification.
#include <set>

#include "sbom/document.h"
#include "sbom/documents.h"
#include "sbom/json_text.h"
#include "sbom/purl.h"
#include "scanner/base/text.h"

namespace weighbridge {
namespace {

constexpr const char* kSchema =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

OrderedJson Message(std::string_view text) {
  return {{"text", text.empty() ? std::string("(no text)") : Printable(text)}};
}

const char* OutcomeLevel(const std::string& outcome) {
  const auto parsed = ParseOutcome(outcome);
  return LevelOf(parsed.value_or(Outcome::kNone));
}

OrderedJson RuleDescriptor(const WriterRule& rule) {
  OrderedJson out = OrderedJson::object();
  out["id"] = Printable(rule.id);
  out["shortDescription"] = Message(rule.title.empty() ? rule.id : rule.title);
  out["fullDescription"] = Message(rule.sentence.empty() ? rule.title : rule.sentence);
  if (IsWebAddress(rule.source_url)) out["helpUri"] = rule.source_url;
  out["defaultConfiguration"] = {{"level", OutcomeLevel(rule.outcome)}};
  OrderedJson properties = OrderedJson::object();
  PutText(properties, "outcome", rule.outcome);
  PutText(properties, "jurisdiction", rule.jurisdiction);
  PutText(properties, "authority", rule.authority);
  PutText(properties, "citation", rule.citation);
  PutText(properties, "source", rule.source_url);
  PutText(properties, "sourceDate", rule.source_date);
  PutText(properties, "confidence", rule.confidence);
  PutText(properties, "status", rule.status);
  PutText(properties, "effectiveFrom", rule.effective_from);
  PutText(properties, "effectiveTo", rule.effective_to);
  PutArray(out, "properties", std::move(properties));
  return out;
}

OrderedJson LogicalLocation(const std::string& name, const std::string& full, const char* kind) {
  return {{"name", Printable(name)}, {"fullyQualifiedName", Printable(full)}, {"kind", kind}};
}

// The file on disk; members inside it and the model or device it is about are logical.
OrderedJson LocationJson(const Location& location, const std::string& name, const char* kind) {
  OrderedJson out = OrderedJson::object();
  if (!location.path.empty()) {
    out["physicalLocation"] = {{"artifactLocation", {{"uri", LocationUri(location)}}}};
  }
  OrderedJson logical = OrderedJson::array();
  if (!location.members.empty()) {
    logical.push_back(
        LogicalLocation(Escaped(location.members.back()), Escaped(location.ToString()), "member"));
  }
  if (!name.empty()) logical.push_back(LogicalLocation(name, name, kind));
  PutArray(out, "logicalLocations", std::move(logical));
  return out;
}

OrderedJson FindingProperties(const Finding& finding) {
  OrderedJson out = OrderedJson::object();
  out["outcome"] = OutcomeName(finding.outcome);
  PutText(out, "jurisdiction", finding.jurisdiction);
  PutText(out, "authority", finding.authority);
  PutText(out, "citation", finding.citation);
  PutText(out, "confidence", finding.confidence);
  out["dependsOn"] = TextArray(finding.depends_on);
  PutText(out, "source", finding.source_url);
  PutText(out, "sourceDate", finding.source_date);
  PutText(out, "effectiveFrom", finding.effective_from);
  PutText(out, "effectiveTo", finding.effective_to);
  PutText(out, "status", finding.status);
  PutPlace(out, "modelId", finding.model_id);
  PutPlace(out, "acceleratorId", finding.accelerator_id);
  PutPlace(out, "serviceId", finding.service_id);
  PutArray(out, "images", ImageList(finding.images));
  out["gates"] = finding.gates;
  return out;
}

OrderedJson Suppression(const Waiver& waiver) {
  std::string why = waiver.reason;
  if (!waiver.owner.empty()) why += " (owner: " + waiver.owner + ")";
  if (!waiver.expires.empty()) why += " (until " + waiver.expires + ")";
  return {{"kind", "external"}, {"status", "accepted"}, {"justification", Printable(why)}};
}

class ResultList {
 public:
  ResultList(const Report& report, const std::vector<WriterRule>& rules) {
    for (std::size_t i = 0; i < rules.size(); ++i) rule_index_.emplace(rules[i].id, i);
    for (const Model& model : report.models) models_.emplace(model.id, &model);
  }

  OrderedJson Make(const Finding& finding) {
    OrderedJson out = OrderedJson::object();
    out["ruleId"] = Printable(finding.rule_id);
    out["ruleIndex"] = rule_index_.at(finding.rule_id);
    out["kind"] = FindingKind(finding);
    out["level"] = FindingLevel(finding);
    out["message"] = Message(finding.message.empty() ? finding.title : finding.message);
    const auto model = models_.find(finding.model_id);
    const std::string name = model == models_.end() ? std::string() : ModelName(*model->second);
    const Location& location = finding.location.path.empty() && model != models_.end()
                                   ? model->second->location
                                   : finding.location;
    const bool device = !finding.accelerator_id.empty();
    OrderedJson where =
        LocationJson(location, device ? finding.accelerator_id : name, device ? "device" : "model");
    if (!where.empty()) out["locations"] = OrderedJson::array({std::move(where)});
    out["partialFingerprints"] = {{"weighbridgeFinding/v1", Fingerprint(finding, location)}};
    if (finding.waiver) out["suppressions"] = OrderedJson::array({Suppression(*finding.waiver)});
    out["properties"] = FindingProperties(finding);
    return out;
  }

 private:
  // Rule and place, not wording, so that a result keeps its fingerprint when a sentence
  // is improved; equal ones are numbered in order.
  std::string Fingerprint(const Finding& finding, const Location& location) {
    const std::string key = finding.rule_id + '\0' + location.ToString() + '\0' + finding.model_id +
                            (finding.accelerator_id.empty() ? "" : '\0' + finding.accelerator_id) +
                            (finding.service_id.empty() ? "" : '\0' + finding.service_id);
    const std::size_t ordinal = ++seen_[key];
    return Sha256Hex(key).substr(0, 32) + ":" + std::to_string(ordinal);
  }

  std::map<std::string, std::size_t> rule_index_;
  std::map<std::string, const Model*> models_;
  std::map<std::string, std::size_t> seen_;
};

const char* NotificationLevel(Severity severity) {
  switch (severity) {
    case Severity::kNote: return "note";
    case Severity::kWarning: return "warning";
    case Severity::kError: return "error";
  }
  return "warning";
}

OrderedJson Notification(const Diagnostic& diagnostic) {
  OrderedJson out = OrderedJson::object();
  out["descriptor"] = {{"id", ErrorCodeName(diagnostic.code)}};
  out["level"] = NotificationLevel(diagnostic.severity);
  out["message"] = Message(diagnostic.message);
  OrderedJson where = LocationJson(diagnostic.location, "", "");
  if (!where.empty()) out["locations"] = OrderedJson::array({std::move(where)});
  return out;
}

OrderedJson Notification(const char* id, const char* level, const std::string& message) {
  return {{"descriptor", {{"id", id}}}, {"level", level}, {"message", Message(message)}};
}

void WriteInvocation(const Report& report, JsonText& out) {
  out.OpenObject();
  out.Put("executionSuccessful", report.complete);
  if (!report.timestamp.empty()) out.Put("endTimeUtc", Printable(report.timestamp));
  if (!report.complete || report.database.stale || !report.diagnostics.empty()) {
    out.OpenArray("toolExecutionNotifications");
    if (!report.complete) {
      out.Push(Notification("incomplete", "error",
                            "the scan is incomplete: " + report.incomplete_reason));
    }
    if (report.database.stale) {
      out.Push(Notification(
          "database-stale", "warning",
          "the database is " + std::to_string(report.database.age_days) + " days old"));
    }
    for (const Diagnostic& each : report.diagnostics) out.Push(Notification(each));
    out.Close();
  }
  out.Close();
}

OrderedJson RunProperties(const Report& report) {
  OrderedJson out = OrderedJson::object();
  PutText(out, "databaseVersion", report.database.version);
  PutText(out, "databaseDate", report.database.date);
  PutText(out, "databaseDigest", report.database.digest);
  PutText(out, "asOf", report.as_of);
  PutText(out, "policy", report.policy_name);
  PutText(out, "gate", report.gate);
  out["context"] = TextArray(report.context_lines);
  const Coverage& coverage = report.coverage;
  OrderedJson skipped = OrderedJson::object();
  for (const auto& [reason, count] : coverage.skipped) skipped[Printable(reason)] = count;
  out["coverage"] = {{"filesSeen", coverage.files_seen},
                     {"recognised", coverage.recognised},
                     {"unrecognised", coverage.unrecognised},
                     {"skipped", std::move(skipped)},
                     {"failed", coverage.failed},
                     {"notInspected", coverage.not_inspected}};
  const MemberCoverage& members = coverage.members;
  if (members.seen != 0) {
    OrderedJson passed = OrderedJson::object();
    for (const auto& [reason, count] : members.skipped) passed[Printable(reason)] = count;
    out["coverage"]["members"] = {{"seen", members.seen},
                                  {"recognised", members.recognised},
                                  {"unrecognised", members.unrecognised},
                                  {"skipped", std::move(passed)},
                                  {"failed", members.failed}};
  }
  return out;
}

OrderedJson Driver(const Report& report, const std::vector<WriterRule>& rules) {
  OrderedJson out = OrderedJson::object();
  out["name"] = "weighbridge";
  PutText(out, "version", report.tool_version);
  out["rules"] = OrderedJson::array();
  for (const WriterRule& rule : rules) out["rules"].push_back(RuleDescriptor(rule));
  return out;
}

}  // namespace

std::string WriteSarif(const Report& report, const WriterOptions& options) {
  const std::vector<WriterRule> rules = RulesOf(report, options);
  ResultList list(report, rules);
  JsonText out;
  out.OpenObject();
  out.Put("$schema", kSchema);
  out.Put("version", "2.1.0");
  out.OpenArray("runs");
  out.OpenObject();
  out.Put("tool", {{"driver", Driver(report, rules)}});
  out.OpenArray("invocations");
  WriteInvocation(report, out);
  out.Close();
  out.OpenArray("results");
  for (const Finding& finding : report.findings) out.Push(list.Make(finding));
  out.Close();
  out.Put("properties", RunProperties(report));
  out.Close();
  out.Close();
  out.Close();
  return out.Finish();
}

}  // namespace weighbridge
