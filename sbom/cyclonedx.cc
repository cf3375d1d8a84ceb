// CycloneDX 1.7 and 1.6 (ECMA-424). The parts that weighbridge writes are the same in
// both versions: only $schema and specVersion differ.
#include <algorithm>

#include "sbom/cyclonedx_component.h"
#include "sbom/cyclonedx_device.h"
#include "sbom/cyclonedx_findings.h"
#include "sbom/cyclonedx_services.h"
#include "sbom/documents.h"
#include "scanner/base/text.h"

namespace weighbridge {
namespace {

void AddCoverage(OrderedJson& out, const Coverage& coverage) {
  const auto add = [&](const char* name, std::uint64_t count) {
    AddProperty(out, name, std::to_string(count));
  };
  add("weighbridge:coverage.files-seen", coverage.files_seen);
  add("weighbridge:coverage.recognised", coverage.recognised);
  add("weighbridge:coverage.unrecognised", coverage.unrecognised);
  for (const auto& [reason, count] : coverage.skipped) {
    add(("weighbridge:coverage.skipped." + Printable(reason)).c_str(), count);
  }
  add("weighbridge:coverage.failed", coverage.failed);
  add("weighbridge:coverage.not-inspected", coverage.not_inspected);
  const MemberCoverage& members = coverage.members;
  if (members.seen == 0) return;
  add("weighbridge:coverage.members.seen", members.seen);
  add("weighbridge:coverage.members.recognised", members.recognised);
  add("weighbridge:coverage.members.unrecognised", members.unrecognised);
  for (const auto& [reason, count] : members.skipped) {
    add(("weighbridge:coverage.members.skipped." + Printable(reason)).c_str(), count);
  }
  add("weighbridge:coverage.members.failed", members.failed);
}

OrderedJson DocumentProperties(const Report& report) {
  OrderedJson out = OrderedJson::array();
  AddProperty(out, "weighbridge:database-version", report.database.version);
  AddProperty(out, "weighbridge:database-date", report.database.date);
  AddProperty(out, "weighbridge:database-digest", report.database.digest);
  AddProperty(out, "weighbridge:database-age-days", std::to_string(report.database.age_days));
  AddProperty(out, "weighbridge:database-stale", report.database.stale ? "true" : "false");
  AddProperty(out, "weighbridge:as-of", report.as_of);
  AddProperty(out, "weighbridge:policy", report.policy_name);
  AddProperty(out, "weighbridge:gate", report.gate);
  for (const std::string& line : report.context_lines) {
    AddProperty(out, "weighbridge:context", line);
  }
  AddProperty(out, "weighbridge:hash-mode", report.hash_mode);
  AddProperty(out, "weighbridge:complete", report.complete ? "true" : "false");
  AddProperty(out, "weighbridge:incomplete-reason", report.incomplete_reason);
  AddCoverage(out, report.coverage);
  return out;
}

// What the document is about: the places that were scanned, as they were given.
OrderedJson ScanComponent(const Report& report) {
  const std::string targets = Printable(Join(report.targets, ", "));
  OrderedJson out = OrderedJson::object();
  out["type"] = "data";
  out["bom-ref"] = kScanRef;
  out["name"] = targets.empty() ? std::string("scan") : targets;
  return out;
}

OrderedJson Metadata(const Report& report) {
  OrderedJson tool = OrderedJson::object();
  tool["type"] = "application";
  tool["name"] = "weighbridge";
  PutText(tool, "version", report.tool_version);
  OrderedJson out = OrderedJson::object();
  PutText(out, "timestamp", report.timestamp);
  out["tools"]["components"] = OrderedJson::array({std::move(tool)});
  out["component"] = ScanComponent(report);
  out["properties"] = DocumentProperties(report);
  return out;
}

void Components(const Report& report, RefBook& refs, JsonText& out) {
  const FindingIndex findings(report);
  std::vector<bool> in_model(report.artifacts.size(), false);
  for (const Model& model : report.models) {
    out.Push(ModelComponent(report, model, findings, refs));
    for (const auto* list : {&model.weights, &model.side_cars}) {
      for (const std::size_t index : *list) {
        if (index < in_model.size()) in_model[index] = true;
      }
    }
  }
  for (std::size_t i = 0; i < report.artifacts.size(); ++i) {
    if (!in_model[i]) out.Push(FileComponent(report.artifacts[i], findings, refs));
  }
  for (const Accelerator& accelerator : report.accelerators) {
    out.Push(DeviceComponent(report, accelerator, findings, refs));
  }
  for (const HostSoftware& software : report.host_software) {
    out.Push(SoftwareComponent(software, refs));
  }
}

// A model depends on those of its ancestors that were scanned too.
void Dependencies(const Report& report, const RefBook& refs, JsonText& out) {
  for (const Model& model : report.models) {
    const std::string own = refs.ModelRef(model.id);
    std::set<std::string> bases;
    for (const Ancestor& ancestor : model.identity.ancestors) {
      const std::string ref = refs.HubRef(ancestor.name);
      if (!ref.empty() && ref != own) bases.insert(ref);
    }
    OrderedJson dependency = OrderedJson::object();
    dependency["ref"] = own;
    if (!bases.empty()) dependency["dependsOn"] = bases;
    out.Push(dependency);
  }
}

// The scan and the models that are complete, or those that are not.
void Composition(const Report& report, const RefBook& refs, bool complete, JsonText& out) {
  const bool scan = IsComplete(report) == complete;
  if (!scan && std::none_of(report.models.begin(), report.models.end(),
                            [&](const Model& model) { return IsComplete(model) == complete; })) {
    return;
  }
  out.OpenObject();
  out.Put("aggregate", complete ? "complete" : "incomplete");
  out.OpenArray("assemblies");
  if (scan) out.Push(kScanRef);
  for (const Model& model : report.models) {
    if (IsComplete(model) == complete) out.Push(refs.ModelRef(model.id));
  }
  out.Close();
  out.Close();
}

std::string Write(const Report& report, const WriterOptions& options, const char* version) {
  RefBook refs;
  refs.Take(kScanRef);
  JsonText out;
  out.OpenObject();
  out.Put("$schema", std::string("http://cyclonedx.org/schema/bom-") + version + ".schema.json");
  out.Put("bomFormat", "CycloneDX");
  out.Put("specVersion", version);
  out.Put("serialNumber", nullptr);  // keeps its place; set below
  const std::size_t serial_end = out.text().size();
  out.Put("version", 1);
  out.Put("metadata", Metadata(report));
  out.OpenArray("components");
  Components(report, refs, out);
  out.Close();
  if (!report.services.empty()) {
    out.OpenArray("services");
    CycloneDxServices(report.services, refs, out);
    out.Close();
  }
  out.OpenArray("dependencies");
  Dependencies(report, refs, out);
  out.Close();
  out.OpenArray("compositions");
  Composition(report, refs, true, out);
  Composition(report, refs, false, out);
  out.Close();
  std::map<std::string, std::string> rule_refs;
  const OrderedJson standards = Standards(RulesWithFindings(report, options), refs, rule_refs);
  if (!report.findings.empty()) {
    out.OpenArray("annotations");
    Annotations(report, refs, rule_refs, out);
    out.Close();
  }
  if (!standards.empty()) out.Put("definitions", {{"standards", standards}});
  out.Close();
  std::string text = out.Finish();
  const OrderedJson serial = options.serial.empty() ? UuidUrn(text) : options.serial;
  constexpr std::size_t kNullSize = 4;
  text.replace(serial_end - kNullSize, kNullSize,
               serial.dump(-1, ' ', false, OrderedJson::error_handler_t::replace));
  return text;
}

}  // namespace

std::string WriteCycloneDx17(const Report& report, const WriterOptions& options) {
  return Write(report, options, "1.7");
}

std::string WriteCycloneDx16(const Report& report, const WriterOptions& options) {
  return Write(report, options, "1.6");
}

}  // namespace weighbridge
