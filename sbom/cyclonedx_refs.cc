// bom-refs, and the findings by component.
#include "sbom/cyclonedx_component.h"
#include "scanner/base/text.h"

namespace weighbridge {

std::string RefBook::Take(const std::string& wanted) {
  if (taken_.insert(wanted).second) return wanted;
  std::size_t& ordinal = next_ordinal_.try_emplace(wanted, 1).first->second;
  std::string ref;
  do {
    ref = wanted + "#" + std::to_string(++ordinal);
  } while (!taken_.insert(ref).second);
  return ref;
}

void RefBook::NameFile(const Artifact& artifact, const std::string& ref) {
  file_refs_.emplace(artifact.location, ref);
  for (const Location& other : artifact.other_locations) file_refs_.emplace(other, ref);
}

void RefBook::NameModel(const Model& model, const std::string& ref) {
  model_refs_.emplace(model.id, ref);
  if (!model.identity.hub_id.empty()) hub_refs_.emplace(model.identity.hub_id, ref);
}

void RefBook::NameService(const ServiceUse& use, const std::string& ref) {
  service_refs_.emplace(ServiceId(use), ref);
}

void RefBook::NameAccelerator(const Accelerator& accelerator, const std::string& ref) {
  accelerator_refs_.emplace(accelerator.id, ref);
}

namespace {

template <typename Key>
std::string At(const std::map<Key, std::string>& map, const Key& key) {
  const auto found = map.find(key);
  return found == map.end() ? std::string() : found->second;
}

}  // namespace

std::string RefBook::FileRef(const Location& location) const { return At(file_refs_, location); }
std::string RefBook::ModelRef(const std::string& model_id) const {
  return At(model_refs_, model_id);
}
std::string RefBook::AcceleratorRef(const std::string& accelerator_id) const {
  return At(accelerator_refs_, accelerator_id);
}
std::string RefBook::ServiceRef(const std::string& service_id) const {
  return At(service_refs_, service_id);
}
std::string RefBook::HubRef(const std::string& hub_id) const { return At(hub_refs_, hub_id); }

FindingIndex::FindingIndex(const Report& report) {
  for (const Finding& finding : report.findings) {
    if (!finding.accelerator_id.empty()) {
      by_accelerator[finding.accelerator_id].push_back(&finding);
    } else if (finding.model_id.empty() && finding.service_id.empty()) {
      by_file[finding.location].push_back(&finding);
    } else if (!finding.model_id.empty()) {
      by_model[finding.model_id].push_back(&finding);
    }
  }
}

void AddProperty(OrderedJson& properties, const char* name, std::string_view value) {
  if (value.empty()) return;
  OrderedJson property = OrderedJson::object();
  property["name"] = name;
  property["value"] = Printable(value);
  properties.push_back(std::move(property));
}

void AddFindingProperties(OrderedJson& properties, const std::vector<const Finding*>& findings) {
  for (const Finding* finding : findings) {
    std::string value = finding->rule_id + " " + OutcomeName(finding->outcome) +
                        (finding->settled ? " settled" : " undecided");
    if (finding->waiver) value += " waived";
    AddProperty(properties, "weighbridge:finding", value);
  }
}

}  // namespace weighbridge
