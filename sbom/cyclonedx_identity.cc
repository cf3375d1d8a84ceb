// What a CycloneDX model component says about its identity: evidence, ancestors and
// licences.
#include <algorithm>
#include <array>
#include <cmath>

#include "sbom/cyclonedx_component.h"
#include "sbom/spdx_ids.h"
#include "scanner/base/text.h"

namespace weighbridge {
namespace {

// component.evidence.identity.methods.technique of CycloneDX 1.6 and 1.7.
constexpr std::array<const char*, 10> kTechniques{"source-code-analysis", "binary-analysis",
                                                  "manifest-analysis",    "ast-fingerprint",
                                                  "hash-comparison",      "instrumentation",
                                                  "dynamic-analysis",     "filename",
                                                  "attestation",          "other"};

std::string Technique(const std::string& technique) {
  const bool known = std::any_of(kTechniques.begin(), kTechniques.end(),
                                 [&](const char* each) { return technique == each; });
  return known ? technique : "other";
}

double Confidence(double value) { return std::isfinite(value) ? std::clamp(value, 0.0, 1.0) : 0.0; }

// The component field that an observation speaks for. Origin and base stand with the
// group: both say who made the weights. Licences and uploaders identify nothing.
const char* FieldOf(const Evidence& evidence) {
  const std::string& field = evidence.field;
  if (field == "developer" || field == "origin" || field == "base") return "group";
  if (field == "name" || field == "family" || field == "tokenizer") return "name";
  if (field == "version") return "version";
  return nullptr;
}

OrderedJson Method(const Evidence& evidence) {
  std::string value = evidence.field + ": " + evidence.value;
  const std::string where = Escaped(evidence.location.ToString());
  if (!where.empty()) value += " (" + where + ")";
  OrderedJson out = OrderedJson::object();
  out["technique"] = Technique(evidence.technique);
  out["confidence"] = Confidence(evidence.confidence);
  out["value"] = Printable(value);
  return out;
}

template <typename Speaks>
void AddIdentity(OrderedJson& out, const Model& model, const char* field,
                 const std::string& concluded, Speaks speaks) {
  OrderedJson methods = OrderedJson::array();
  double confidence = 0.0;
  for (const Evidence& evidence : model.identity.evidence) {
    if (!speaks(evidence)) continue;
    methods.push_back(Method(evidence));
    confidence = std::max(confidence, Confidence(evidence.confidence));
  }
  if (methods.empty()) return;
  OrderedJson entry = OrderedJson::object();
  entry["field"] = field;
  if (!concluded.empty()) {
    entry["confidence"] = confidence;
    entry["concludedValue"] = Printable(concluded);
  }
  entry["methods"] = std::move(methods);
  out.push_back(std::move(entry));
}

struct LicenceEntry {
  std::string id;  // of the SPDX list where it has one, else as written
  bool is_spdx = false;
  std::vector<std::string> sources;
};

// One entry per licence, in order of first mention, with every source that states it.
std::vector<LicenceEntry> MergeLicences(const Model& model) {
  std::vector<LicenceEntry> entries;
  for (const LicenceClaim& claim : model.identity.licences) {
    if (claim.id.empty()) continue;
    const std::string spdx = FindSpdxId(claim.id);
    const std::string& id = spdx.empty() ? claim.id : spdx;
    auto at = std::find_if(entries.begin(), entries.end(),
                           [&](const LicenceEntry& entry) { return entry.id == id; });
    if (at == entries.end()) {
      at = entries.insert(entries.end(), LicenceEntry{id, !spdx.empty(), {}});
    }
    std::string source = claim.source;
    const std::string where = Escaped(claim.location.ToString());
    if (!where.empty()) source += ": " + where;
    if (!source.empty()) at->sources.push_back(source);
  }
  return entries;
}

}  // namespace

OrderedJson IdentityEvidence(const Model& model, const std::string& purl) {
  OrderedJson out = OrderedJson::array();
  const auto for_field = [](const char* field) {
    return [field](const Evidence& evidence) {
      const char* own = FieldOf(evidence);
      return own != nullptr && std::string_view(own) == field;
    };
  };
  AddIdentity(out, model, "name", model.identity.name, for_field("name"));
  AddIdentity(out, model, "group", model.identity.developer, for_field("group"));
  AddIdentity(out, model, "version", model.identity.version, for_field("version"));
  if (!purl.empty()) {
    AddIdentity(out, model, "purl", purl, [&](const Evidence& evidence) {
      return evidence.grade == Grade::kVerified && evidence.value == model.identity.hub_id;
    });
  }
  return out;
}

OrderedJson AncestorComponents(const Model& model) {
  OrderedJson out = OrderedJson::array();
  for (const Ancestor& ancestor : model.identity.ancestors) {
    OrderedJson component = OrderedJson::object();
    component["type"] = "machine-learning-model";
    PutText(component, "group", ancestor.publisher);
    const std::string prefix = ancestor.publisher + "/";
    const bool prefixed = !ancestor.publisher.empty() && ancestor.name.rfind(prefix, 0) == 0 &&
                          ancestor.name.size() > prefix.size();
    component["name"] = Printable(prefixed ? ancestor.name.substr(prefix.size()) : ancestor.name);
    OrderedJson properties = OrderedJson::array();
    AddProperty(properties, "weighbridge:relation", ancestor.relation);
    AddProperty(properties, "weighbridge:identity-grade", GradeName(ancestor.grade));
    component["properties"] = std::move(properties);
    out.push_back(std::move(component));
  }
  return out;
}

OrderedJson LicenceList(const Model& model) {
  OrderedJson out = OrderedJson::array();
  for (const LicenceEntry& entry : MergeLicences(model)) {
    OrderedJson licence = OrderedJson::object();
    licence[entry.is_spdx ? "id" : "name"] = Printable(entry.id);
    licence["acknowledgement"] = "declared";
    OrderedJson properties = OrderedJson::array();
    for (const std::string& source : entry.sources) {
      AddProperty(properties, "weighbridge:licence-source", source);
    }
    PutArray(licence, "properties", std::move(properties));
    OrderedJson choice = OrderedJson::object();
    choice["license"] = std::move(licence);
    out.push_back(std::move(choice));
  }
  return out;
}

}  // namespace weighbridge
