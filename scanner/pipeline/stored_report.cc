#include "scanner/pipeline/stored_report.h"

#include <map>
#include <utility>

#include "scanner/base/json.h"
#include "scanner/base/text.h"
#include "scanner/pipeline/accelerator_facts.h"
#include "scanner/pipeline/facts.h"

namespace weighbridge {
namespace {

std::vector<std::string> TextsOf(const Json& object, const char* key) {
  std::vector<std::string> texts;
  const Json* list = Find(object, key);
  if (list == nullptr || !list->is_array()) return texts;
  for (const Json& item : *list) {
    if (item.is_string()) texts.push_back(item.get<std::string>());
  }
  return texts;
}

bool FlagOf(const Json& object, const char* key, bool otherwise) {
  const Json* value = Find(object, key);
  return value != nullptr && value->is_boolean() ? value->get<bool>() : otherwise;
}

// Calls `read` for every object in a list; false when the list is not one of objects.
template <typename F>
bool EachOf(const Json& object, const char* key, F read) {
  const Json* list = Find(object, key);
  if (list == nullptr) return true;
  if (!list->is_array()) return false;
  for (const Json& item : *list) {
    if (!item.is_object()) return false;
    read(item);
  }
  return true;
}

Identity ReadIdentity(const Json& json) {
  Identity identity;
  identity.name = StringOr(json, "name");
  identity.hub_id = StringOr(json, "hub_id");
  identity.developer = StringOr(json, "developer");
  identity.origin_publisher = StringOr(json, "origin_publisher");
  identity.lineage_publishers = TextsOf(json, "lineage_publishers");
  identity.candidates = TextsOf(json, "candidates");
  identity.family = StringOr(json, "family");
  identity.modality = StringOr(json, "modality");
  if (const Json* flops = Find(json, "training_flops"); flops != nullptr && flops->is_number())
    identity.training_flops = flops->get<double>();
  EachOf(json, "licences", [&](const Json& item) {
    identity.licences.push_back(
        {StringOr(item, "id"), StringOr(item, "source"), Grade::kClaimed, {}});
  });
  EachOf(json, "ancestors", [&](const Json& item) {
    identity.ancestors.push_back(
        {StringOr(item, "name"), StringOr(item, "publisher"), StringOr(item, "relation")});
  });
  return identity;
}

Finding ReadFinding(const Json& json) {
  Finding finding;
  finding.rule_id = StringOr(json, "rule_id");
  finding.title = StringOr(json, "title");
  finding.message = StringOr(json, "message");
  finding.outcome = ParseOutcome(StringOr(json, "outcome")).value_or(Outcome::kNone);
  finding.settled = FlagOf(json, "settled", true);
  finding.gates = FlagOf(json, "gates", false);
  finding.model_id = StringOr(json, "model_id");
  finding.accelerator_id = StringOr(json, "accelerator_id");
  finding.service_id = StringOr(json, "service_id");
  finding.location = Location::Parse(StringOr(json, "location"));
  finding.depends_on = TextsOf(json, "depends_on");
  return finding;
}

class ReportReader {
 public:
  bool Read(const Json& json) {
    report.as_of = StringOr(json, "as_of");
    report.timestamp = StringOr(json, "timestamp");
    report.policy_name = StringOr(json, "policy");
    report.context_lines = TextsOf(json, "context");
    report.targets = TextsOf(json, "targets");
    report.complete = FlagOf(json, "complete", false);
    if (const Json* database = Find(json, "database")) {
      report.database.version = StringOr(*database, "version");
      report.database.date = StringOr(*database, "date");
      report.database.digest = StringOr(*database, "digest");
    }
    return EachOf(json, "artifacts", [&](const Json& item) { ReadArtifact(item); }) &&
           EachOf(json, "models", [&](const Json& item) { ReadModel(item); }) &&
           EachOf(json, "accelerators", [&](const Json& item) { ReadAccelerator(item); }) &&
           EachOf(json, "services", [&](const Json& item) { ReadService(item); }) &&
           EachOf(json, "findings",
                  [&](const Json& item) { report.findings.push_back(ReadFinding(item)); });
  }

  Report report;

 private:
  void ReadArtifact(const Json& json) {
    Artifact artifact;
    const std::string place = StringOr(json, "location");
    artifact.location = Location::Parse(place);
    artifact.sha256 = StringOr(json, "sha256");
    artifact_at_.emplace(place, report.artifacts.size());
    report.artifacts.push_back(std::move(artifact));
  }

  void ReadModel(const Json& json) {
    Model model;
    model.id = StringOr(json, "id");
    model.location = Location::Parse(StringOr(json, "location"));
    model.pointer_only = FlagOf(json, "pointer_only", false);
    if (const Json* identity = Find(json, "identity"); identity != nullptr && identity->is_object())
      model.identity = ReadIdentity(*identity);
    for (const std::string& place : TextsOf(json, "weights")) {
      const auto found = artifact_at_.find(place);
      if (found != artifact_at_.end()) model.weights.push_back(found->second);
    }
    report.models.push_back(std::move(model));
  }

  void ReadService(const Json& json) {
    ServiceUse use;
    use.service = StringOr(json, "service");
    use.provider_publisher = StringOr(json, "provider_publisher");
    use.endpoint = StringOr(json, "endpoint");
    use.root = StringOr(json, "project");
    for (const Grade grade : {Grade::kClaimed, Grade::kInferred}) {
      if (StringOr(json, "grade") == GradeName(grade)) use.grade = grade;
    }
    EachOf(json, "models", [&](const Json& item) {
      use.models.push_back({StringOr(item, "id"), StringOr(item, "publisher"), {}});
    });
    EachOf(json, "evidence", [&](const Json& item) {
      if (!use.evidence.empty()) return;  // the strongest gives the place
      use.evidence.emplace_back();
      use.evidence.back().location = Location::Parse(StringOr(item, "location"));
    });
    report.services.push_back(std::move(use));
  }

  void ReadAccelerator(const Json& json) {
    Accelerator accelerator;
    accelerator.id = StringOr(json, "id");
    accelerator.name = StringOr(json, "name");
    accelerator.location = Location::Parse(StringOr(json, "location"));
    accelerator.products = TextsOf(json, "products");
    if (const Json* count = Find(json, "count"); count != nullptr && count->is_number_unsigned())
      accelerator.count = count->get<std::uint64_t>();
    report.accelerators.push_back(std::move(accelerator));
  }

  std::map<std::string, std::size_t> artifact_at_;
};

}  // namespace

Result<Report> ReadStoredReport(std::string_view text, const std::string& file_name) {
  const std::string file = Printable(file_name);
  auto json = ParseJson(text, Limits{});
  if (!json.ok()) return Error{ErrorCode::kInvalidArgument, file + ":" + json.error().message};
  if (!json.value().is_object() || StringOr(json.value(), "format") != "weighbridge-report")
    return Error{ErrorCode::kInvalidArgument, file + ": not a report of weighbridge (-o json)"};
  const Json* version = Find(json.value(), "format_version");
  if (version == nullptr || *version != 1)
    return Error{ErrorCode::kInvalidArgument, file + ": a report of another format version"};
  ReportReader reader;
  if (!reader.Read(json.value()))
    return Error{ErrorCode::kInvalidArgument, file + ": not a sound report of weighbridge"};
  if (!IsIsoDate(reader.report.as_of))
    return Error{ErrorCode::kInvalidArgument, file + ": the report names no day (as_of)"};
  return std::move(reader.report);
}

std::vector<Finding> JudgeStored(const Report& report, const RuleSet& rules, const Policy& policy,
                                 const std::string& as_of, const Catalog& catalog) {
  std::vector<Finding> findings;
  const auto add = [&](std::vector<Finding> more) {
    std::move(more.begin(), more.end(), std::back_inserter(findings));
  };
  for (const Model& model : report.models) {
    const ModelFacts facts = MakeFacts(model, report.artifacts, catalog);
    add(rules.Evaluate(facts, policy, as_of));
    add(EvaluatePolicyLists(facts, policy));
  }
  for (const ServiceUse& use : report.services)
    add(ServiceFindings(use, rules, policy, as_of, catalog));
  const GroupLookup groups = CountryGroupsOf(catalog);
  for (const Accelerator& accelerator : report.accelerators) {
    Device device;
    device.products = accelerator.products;
    device.location = accelerator.location;
    AcceleratorFacts facts = MakeAcceleratorFacts(device, catalog, as_of);
    facts.device_id = accelerator.id;
    facts.display_name = accelerator.name;
    facts.count = accelerator.count;
    std::vector<Finding> found = rules.EvaluateAccelerator(facts, policy, as_of, groups);
    for (Finding& finding : found) finding.accelerator_id = std::exchange(finding.model_id, {});
    add(std::move(found));
  }
  return findings;
}

void KeepFindingsOfBytes(const Report& report, const Catalog& catalog,
                         std::vector<Finding>& findings) {
  std::map<std::string, std::shared_ptr<const std::vector<std::string>>> names;
  for (const Model& model : report.models)
    names[model.id] = SubjectNames(MakeFacts(model, report.artifacts, catalog));
  for (const Finding& stored : report.findings) {
    if (!IsOfBytes(stored)) continue;
    findings.push_back(stored);
    Finding& kept = findings.back();
    kept.gates = false;  // the gate is this policy's
    const auto found = names.find(kept.model_id);
    if (found != names.end()) kept.subject_names = found->second;
  }
}

bool IsOfBytes(const Finding& finding) {
  return finding.rule_id.starts_with("WB-") && !finding.rule_id.starts_with("WB-WAIVER-");
}

}  // namespace weighbridge
