#include "sbom/native_json_services.h"

#include "scanner/base/text.h"

namespace weighbridge {
namespace {

OrderedJson ModelJson(const ServiceModel& model) {
  OrderedJson out = OrderedJson::object();
  PutPlace(out, "id", model.id);
  PutText(out, "publisher", model.publisher);
  PutText(out, "country", model.country);
  return out;
}

OrderedJson EvidenceJson(const ServiceEvidence& evidence) {
  OrderedJson out = OrderedJson::object();
  out["technique"] = ServiceTechniqueName(evidence.technique);
  PutPlace(out, "matched", evidence.matched);
  out["strength"] = ServiceStrengthName(evidence.strength);
  PutPlace(out, "location", evidence.location.ToString());
  if (evidence.line != 0) out["line"] = evidence.line;
  if (evidence.unverified) out["unverified"] = true;
  return out;
}

template <typename T, typename F>
OrderedJson Each(const std::vector<T>& values, F make) {
  OrderedJson out = OrderedJson::array();
  for (const T& value : values) out.push_back(make(value));
  return out;
}

}  // namespace

OrderedJson NativeService(const ServiceUse& use) {
  OrderedJson out = OrderedJson::object();
  PutText(out, "service", use.service);
  PutText(out, "provider", use.provider);
  PutText(out, "country", use.country);
  if (use.country_unverified) out["country_unverified"] = true;
  PutText(out, "provider_publisher", use.provider_publisher);
  PutText(out, "publisher", use.publisher);
  PutPlace(out, "endpoint", use.endpoint);
  out["role"] = ServiceRoleName(use.role);
  PutPlace(out, "project", use.root);
  out["grade"] = GradeName(use.grade);
  PutText(out, "note", use.note);
  PutArray(out, "models", Each(use.models, ModelJson));
  PutArray(out, "evidence", Each(use.evidence, EvidenceJson));
  out["evidence_count"] = use.evidence_count;
  if (use.mentions != 0) out["mentions"] = use.mentions;
  return out;
}

}  // namespace weighbridge
