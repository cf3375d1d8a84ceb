#include "sbom/cyclonedx_findings.h"

#include "sbom/purl.h"
#include "scanner/base/text.h"

namespace weighbridge {
namespace {

OrderedJson Requirement(const WriterRule& rule, const std::string& ref) {
  OrderedJson out = OrderedJson::object();
  out["bom-ref"] = ref;
  out["identifier"] = Printable(rule.id);
  PutText(out, "title", rule.title);
  PutText(out, "text", rule.sentence);
  OrderedJson properties = OrderedJson::array();
  AddProperty(properties, "weighbridge:outcome", rule.outcome);
  AddProperty(properties, "weighbridge:authority", rule.authority);
  AddProperty(properties, "weighbridge:citation", rule.citation);
  AddProperty(properties, "weighbridge:source-date", rule.source_date);
  AddProperty(properties, "weighbridge:confidence", rule.confidence);
  AddProperty(properties, "weighbridge:status", rule.status);
  AddProperty(properties, "weighbridge:effective-from", rule.effective_from);
  AddProperty(properties, "weighbridge:effective-to", rule.effective_to);
  PutArray(out, "properties", std::move(properties));
  if (IsWebAddress(rule.source_url)) {
    out["externalReferences"] =
        OrderedJson::array({{{"type", "documentation"}, {"url", rule.source_url}}});
  }
  return out;
}

// One paragraph that stands alone: tools show the text of an annotation and little else.
std::string AnnotationText(const Finding& finding) {
  std::string text = finding.rule_id + ": " + OutcomeName(finding.outcome);
  text += finding.settled ? "." : ", depends on " + Join(finding.depends_on, ", ") + ".";
  if (!finding.message.empty() || !finding.title.empty()) {
    text += " " + (finding.message.empty() ? finding.title : finding.message);
  }
  if (!finding.images.empty()) text += " In " + ImageText(finding.images.front()) + ".";
  if (!finding.citation.empty()) text += " [" + finding.citation + "]";
  if (finding.waiver) {
    text += " Waived: " + finding.waiver->reason + " (owner " + finding.waiver->owner + ", until " +
            finding.waiver->expires + ").";
  }
  return Printable(text);
}

OrderedJson Subjects(const Finding& finding, const RefBook& refs,
                     const std::map<std::string, std::string>& rule_refs) {
  OrderedJson subjects = OrderedJson::array();
  const std::string model = refs.ModelRef(finding.model_id);
  const std::string file = refs.FileRef(finding.location);
  if (!model.empty()) subjects.push_back(model);
  const std::string device = refs.AcceleratorRef(finding.accelerator_id);
  if (!device.empty()) subjects.push_back(device);
  const std::string service = refs.ServiceRef(finding.service_id);
  if (!service.empty()) subjects.push_back(service);
  if (!file.empty()) subjects.push_back(file);
  if (subjects.empty()) subjects.push_back(kScanRef);
  const auto rule = rule_refs.find(finding.rule_id);
  if (rule != rule_refs.end()) subjects.push_back(rule->second);
  return subjects;
}

}  // namespace

OrderedJson Standards(const std::vector<WriterRule>& rules, RefBook& refs,
                      std::map<std::string, std::string>& rule_refs) {
  std::map<std::string, OrderedJson> by_jurisdiction;
  for (const WriterRule& rule : rules) {
    const std::string ref = refs.Take("rule:" + Printable(rule.id));
    rule_refs.emplace(rule.id, ref);
    by_jurisdiction[rule.jurisdiction].push_back(Requirement(rule, ref));
  }
  OrderedJson standards = OrderedJson::array();
  for (auto& [jurisdiction, requirements] : by_jurisdiction) {
    OrderedJson standard = OrderedJson::object();
    standard["bom-ref"] = refs.Take("standard:" + Printable(jurisdiction));
    standard["name"] = jurisdiction.empty() ? std::string("weighbridge checks")
                                            : "weighbridge rules, " + Printable(jurisdiction);
    standard["requirements"] = std::move(requirements);
    standards.push_back(std::move(standard));
  }
  return standards;
}

void Annotations(const Report& report, RefBook& refs,
                 const std::map<std::string, std::string>& rule_refs, JsonText& out) {
  OrderedJson annotator = OrderedJson::object();
  annotator["component"] = {{"type", "application"}, {"name", "weighbridge"}};
  PutText(annotator["component"], "version", report.tool_version);
  const std::string timestamp = Timestamp(report);
  std::size_t ordinal = 0;
  for (const Finding& finding : report.findings) {
    OrderedJson annotation = OrderedJson::object();
    annotation["bom-ref"] = refs.Take("finding:" + std::to_string(++ordinal));
    annotation["subjects"] = Subjects(finding, refs, rule_refs);
    annotation["annotator"] = annotator;
    annotation["timestamp"] = timestamp;
    annotation["text"] = AnnotationText(finding);
    out.Push(annotation);
  }
}

}  // namespace weighbridge
