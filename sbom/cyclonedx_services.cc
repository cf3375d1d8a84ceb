#include "sbom/cyclonedx_services.h"

#include "scanner/base/text.h"

namespace weighbridge {
namespace {

// "strong base-url OPENAI_BASE_URL -> api.deepseek.com at app/.env:3"
std::string EvidenceWords(const ServiceEvidence& evidence) {
  std::string out = std::string(ServiceStrengthName(evidence.strength)) + " " +
                    ServiceTechniqueName(evidence.technique) + " " + Escaped(evidence.matched) +
                    " at " + Escaped(evidence.location.ToString());
  if (evidence.line != 0) out += ":" + std::to_string(evidence.line);
  if (evidence.unverified) out += " (table entry not verified)";
  return out;
}

// "deepseek-chat deepseek-ai CN", "-" for what is not known.
std::string ModelWords(const ServiceModel& model) {
  const auto word = [](const std::string& text) { return text.empty() ? std::string("-") : text; };
  return Escaped(model.id) + " " + word(model.publisher) + " " + word(model.country);
}

OrderedJson ServiceProperties(const ServiceUse& use) {
  OrderedJson out = OrderedJson::array();
  AddProperty(out, "weighbridge:role", ServiceRoleName(use.role));
  AddProperty(out, "weighbridge:country", use.country);
  AddProperty(out, "weighbridge:country-unverified", use.country_unverified ? "true" : "");
  AddProperty(out, "weighbridge:provider-publisher", use.provider_publisher);
  AddProperty(out, "weighbridge:publisher", use.publisher);
  AddProperty(out, "weighbridge:grade", GradeName(use.grade));
  AddProperty(out, "weighbridge:note", use.note);
  AddProperty(out, "weighbridge:project", Escaped(use.root));
  for (const ServiceModel& model : use.models) {
    AddProperty(out, "weighbridge:model", ModelWords(model));
  }
  for (const ServiceEvidence& evidence : use.evidence) {
    AddProperty(out, "weighbridge:evidence", EvidenceWords(evidence));
  }
  AddProperty(out, "weighbridge:evidence-count", std::to_string(use.evidence_count));
  if (use.mentions != 0) AddProperty(out, "weighbridge:mentions", std::to_string(use.mentions));
  return out;
}

// A host with a template's part is no URI of an endpoint.
bool IsWholeHost(const std::string& endpoint) {
  return !endpoint.empty() && endpoint.find('*') == std::string::npos && endpoint.front() != '-' &&
         endpoint.front() != '.';
}

}  // namespace

OrderedJson CycloneDxService(const ServiceUse& use, RefBook& refs) {
  const std::string name = !use.service.empty()    ? use.service
                           : !use.endpoint.empty() ? use.endpoint
                                                   : "unknown model service";
  OrderedJson out = OrderedJson::object();
  const std::string ref = refs.Take("service:" + Escaped(use.root) + "#" + Escaped(name) +
                                    (use.endpoint.empty() ? "" : "@" + Escaped(use.endpoint)));
  refs.NameService(use, ref);
  out["bom-ref"] = ref;
  if (!use.provider.empty()) {
    OrderedJson provider = OrderedJson::object();
    PutText(provider, "name", use.provider);
    if (!use.country.empty()) provider["address"] = {{"country", Printable(use.country)}};
    out["provider"] = std::move(provider);
  }
  out["name"] = Printable(name);
  if (IsWholeHost(use.endpoint)) {
    out["endpoints"] = OrderedJson::array({"https://" + Printable(use.endpoint)});
  } else if (!use.endpoint.empty()) {
    out["description"] = "endpoint " + Printable(use.endpoint) + ", * filled in at run time";
  }
  // Elsewhere by definition, unless a host of this machine serves it.
  if (use.role != ServiceRole::kLocal && !use.provider.empty()) out["x-trust-boundary"] = true;
  out["properties"] = ServiceProperties(use);
  return out;
}

void CycloneDxServices(const std::vector<ServiceUse>& uses, RefBook& refs, JsonText& out) {
  for (const ServiceUse& use : uses) out.Push(CycloneDxService(use, refs));
}

}  // namespace weighbridge
