#include "scanner/pipeline/facts.h"

#include <algorithm>
#include <utility>

namespace weighbridge {
namespace {

PublisherFact MakePublisher(const std::string& ns, const std::string& role,
                            const Catalog& catalog) {
  PublisherFact fact;
  fact.ns = ns;
  fact.name = ns;
  fact.role = role;
  const auto row = catalog.PublisherByNamespace(ns);
  if (!row) return fact;
  fact.name = row->name;
  fact.country = row->country;
  if (!row->parent.empty()) fact.parents.push_back(row->parent);
  if (!row->parent_country.empty()) fact.parent_countries.push_back(row->parent_country);
  for (const ListedPartyRow& listed : catalog.Listings(*row)) {
    fact.listings.push_back({listed.list, listed.party, listed.listed_on, listed.citation});
  }
  return fact;
}

void AddName(std::vector<std::string>& names, const std::string& name) {
  if (!name.empty() && std::find(names.begin(), names.end(), name) == names.end()) {
    names.push_back(name);
  }
}

}  // namespace

ModelFacts MakeFacts(const Model& model, const std::vector<Artifact>& artifacts,
                     const Catalog& catalog) {
  const Identity& identity = model.identity;
  ModelFacts facts;
  facts.model_id = model.id;
  facts.display_name = identity.name;
  facts.location = model.location;
  facts.grade = identity.grade;
  facts.origin_known = !identity.origin_publisher.empty();
  for (const std::string& ns : identity.lineage_publishers) {
    const std::string role = ns == identity.origin_publisher ? "origin"
                             : ns == identity.developer      ? "developer"
                                                             : "lineage";
    facts.publishers.push_back(MakePublisher(ns, role, catalog));
  }
  for (const std::string& ns : identity.candidates) {
    facts.candidates.push_back(MakePublisher(ns, "candidate", catalog));
  }
  AddName(facts.names, identity.hub_id);
  AddName(facts.names, identity.name);
  for (const Ancestor& ancestor : identity.ancestors) AddName(facts.names, ancestor.name);
  facts.family = identity.family;
  for (const LicenceClaim& licence : identity.licences) AddName(facts.licences, licence.id);
  facts.modality = identity.modality;
  if (identity.training_flops > 0) facts.training_flops = identity.training_flops;
  if (const auto row = catalog.ModelByHubId(identity.hub_id)) facts.released = row->released;
  for (const std::size_t index : model.weights) {
    if (!artifacts[index].sha256.empty()) facts.digests.push_back(artifacts[index].sha256);
  }
  facts.weights_present = !model.pointer_only;
  return facts;
}

std::vector<ModelFacts> MakeServiceFacts(const ServiceUse& use, const Catalog& catalog) {
  std::vector<ModelFacts> all;
  if (use.grade == Grade::kUnknown) return all;
  const auto add = [&](const std::string& ns, ModelSubject subject) {
    ModelFacts facts;
    facts.subject = subject;
    facts.model_id = ServiceId(use);
    facts.display_name = use.service;
    facts.grade = use.grade;
    if (!use.evidence.empty()) facts.location = use.evidence.front().location;
    facts.origin_known = true;
    facts.publishers.push_back(MakePublisher(ns, "origin", catalog));
    AddName(facts.names, use.service);
    for (const ServiceModel& model : use.models) AddName(facts.names, model.id);
    facts.weights_present = false;
    all.push_back(std::move(facts));
  };
  if (!use.provider_publisher.empty()) add(use.provider_publisher, ModelSubject::kService);
  std::vector<std::string> served;
  for (const ServiceModel& model : use.models) AddName(served, model.publisher);
  for (const std::string& ns : served) {
    if (ns != use.provider_publisher) add(ns, ModelSubject::kServedElsewhere);
  }
  return all;
}

std::vector<Finding> ServiceFindings(const ServiceUse& use, const RuleSet& rules,
                                     const Policy& policy, const std::string& as_of,
                                     const Catalog& catalog) {
  std::vector<Finding> findings;
  for (const ModelFacts& facts : MakeServiceFacts(use, catalog)) {
    for (Finding& finding : rules.Evaluate(facts, policy, as_of)) {
      finding.service_id = std::exchange(finding.model_id, {});
      findings.push_back(std::move(finding));
    }
  }
  return findings;
}

}  // namespace weighbridge
