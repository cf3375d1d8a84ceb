#include "sbom/cyclonedx_component.h"

#include "sbom/purl.h"
#include "scanner/base/text.h"

namespace weighbridge {
namespace {

OrderedJson Sha256Hashes(const std::string& hex) {
  OrderedJson hashes = OrderedJson::array();
  if (!hex.empty()) hashes.push_back({{"alg", "SHA-256"}, {"content", Printable(hex)}});
  return hashes;
}

OrderedJson Occurrence(const Location& location) {
  return {{"location", Escaped(location.ToString())}};
}

// "RULE-ID prohibited settled", so that a plain filter on components finds them.
// "deleted 1/4 LAYER-DIGEST MANIFEST-DIGEST NAME", "-" for what is not known; the name
// comes last, since it may hold spaces.
std::string ImageWords(const ImagePlace& place) {
  const auto word = [](const std::string& text) { return text.empty() ? std::string("-") : text; };
  return std::string(ImageStateName(place.state)) + " " + std::to_string(place.position) + "/" +
         std::to_string(place.layers) + " " + word(place.layer_digest) + " " +
         word(place.manifest_digest) + " " + word(place.image);
}

const char* InspectionWord(Inspection inspection) {
  if (inspection == Inspection::kFull) return "";
  return inspection == Inspection::kPartial ? "partial" : "not-inspected";
}

OrderedJson FileProperties(const Artifact& artifact, const FindingIndex& findings) {
  OrderedJson out = OrderedJson::array();
  AddProperty(out, "weighbridge:format", artifact.format);
  AddProperty(out, "weighbridge:format-version", artifact.format_version);
  AddProperty(out, "weighbridge:kind", ArtifactKindName(artifact.kind));
  AddProperty(out, "weighbridge:size-bytes", std::to_string(artifact.size_bytes));
  AddProperty(out, "weighbridge:inspection", InspectionWord(artifact.inspection));
  AddProperty(out, "weighbridge:not-inspected-reason", artifact.not_inspected_reason);
  for (const std::string& also : artifact.also_formats) {
    AddProperty(out, "weighbridge:also-format", also);
  }
  for (const Claim& claim : artifact.claims) {
    if (claim.key.rfind("target:", 0) == 0) {
      AddProperty(out, "weighbridge:target", claim.key.substr(7) + " " + claim.value);
    }
    if (claim.key.rfind("stack:", 0) == 0) {
      AddProperty(out, ("weighbridge:software-stack-" + claim.key.substr(6)).c_str(), claim.value);
    }
  }
  for (const ImagePlace& place : artifact.images) {
    AddProperty(out, "weighbridge:image", ImageWords(place));
  }
  for (const ProcessUse& use : artifact.processes) {
    AddProperty(out, "weighbridge:process", ProcessText(use));
  }
  if (artifact.kind == ArtifactKind::kPointer) {
    for (const StatedDigest& stated : artifact.stated_digests) {
      if (stated.algorithm == "sha256") AddProperty(out, "weighbridge:stated-sha256", stated.hex);
    }
  }
  const auto found = findings.by_file.find(artifact.location);
  if (found != findings.by_file.end()) AddFindingProperties(out, found->second);
  for (const Location& other : artifact.other_locations) {
    const auto at_other = findings.by_file.find(other);
    if (at_other != findings.by_file.end()) AddFindingProperties(out, at_other->second);
  }
  return out;
}

void AddOriginProperties(OrderedJson& out, const Identity& identity) {
  if (HasCandidates(identity)) {
    AddProperty(out, "weighbridge:candidates", Join(identity.candidates, ","));
  } else {
    AddProperty(out, "weighbridge:origin-publisher", identity.origin_publisher);
    AddProperty(out, "weighbridge:origin-country", identity.origin_country);
  }
  AddProperty(out, "weighbridge:lineage-publishers", Join(identity.lineage_publishers, ","));
  AddProperty(out, "weighbridge:family", identity.family);
  AddProperty(out, "weighbridge:identity-grade", GradeName(OriginGrade(identity)));
}

OrderedJson ModelProperties(const Model& model, const FindingIndex& findings) {
  const Identity& identity = model.identity;
  OrderedJson out = OrderedJson::array();
  AddOriginProperties(out, identity);
  AddProperty(out, "weighbridge:layout-digest", model.layout_digest);
  AddProperty(out, "weighbridge:tensor-digest", model.tensor_digest);
  AddProperty(out, "weighbridge:tokenizer-digest", model.tokenizer_digest);
  AddProperty(out, "weighbridge:format", model.format);
  AddProperty(out, "weighbridge:hub-id", identity.hub_id);
  AddProperty(out, "weighbridge:uploader", identity.uploader);
  AddProperty(out, "weighbridge:quantisation", identity.quantisation);
  if (identity.parameters != 0) {
    AddProperty(out, "weighbridge:parameters", std::to_string(identity.parameters));
  }
  AddProperty(out, "weighbridge:adapter", model.is_adapter ? "true" : "");
  AddProperty(out, "weighbridge:pointer-only", model.pointer_only ? "true" : "");
  for (const std::string& missing : model.missing_files) {
    AddProperty(out, "weighbridge:missing-file", Escaped(missing));
  }
  AddProperty(out, "weighbridge:catalogue-licence", identity.catalogue_licence);
  const auto found = findings.by_model.find(model.id);
  if (found != findings.by_model.end()) AddFindingProperties(out, found->second);
  return out;
}

// A model's own hash: that of its single weight file, when the weights themselves are there.
std::string ModelSha256(const Report& report, const Model& model) {
  if (model.weights.size() != 1 || !IsComplete(model)) return {};
  if (model.weights[0] >= report.artifacts.size()) return {};
  const Artifact& artifact = report.artifacts[model.weights[0]];
  return artifact.kind == ArtifactKind::kPointer ? std::string() : artifact.sha256;
}

OrderedJson ModelCard(const Report& report, const Model& model) {
  OrderedJson parameters = OrderedJson::object();
  for (const std::size_t index : model.side_cars) {
    if (index >= report.artifacts.size() || parameters.contains("task")) continue;
    PutText(parameters, "task", report.artifacts[index].ClaimOr("card:pipeline_tag"));
  }
  PutText(parameters, "architectureFamily", model.identity.family);
  PutText(parameters, "modelArchitecture", model.identity.architecture);
  return parameters;
}

OrderedJson Files(const Report& report, const Model& model, const FindingIndex& findings,
                  RefBook& refs) {
  OrderedJson out = OrderedJson::array();
  for (const auto* list : {&model.weights, &model.side_cars}) {
    for (const std::size_t index : *list) {
      if (index >= report.artifacts.size()) continue;
      out.push_back(FileComponent(report.artifacts[index], findings, refs));
    }
  }
  return out;
}

void AddNames(OrderedJson& out, const Model& model) {
  const Identity& identity = model.identity;
  if (!identity.uploader.empty()) out["supplier"] = {{"name", Printable(identity.uploader)}};
  PutText(out, "publisher",
          identity.developer_name.empty() ? identity.developer : identity.developer_name);
  PutText(out, "group", identity.developer);
  out["name"] = ModelName(model);
  PutText(out, "version", identity.version);
}

}  // namespace

OrderedJson FileComponent(const Artifact& artifact, const FindingIndex& findings, RefBook& refs) {
  const std::string where = Escaped(artifact.location.ToString());
  const std::string ref = refs.Take("file:" + where);
  refs.NameFile(artifact, ref);
  const std::string name = Escaped(artifact.location.FileName());
  OrderedJson out = OrderedJson::object();
  out["type"] = "file";
  out["bom-ref"] = ref;
  out["name"] = name.empty() ? where : name;
  PutArray(out, "hashes", Sha256Hashes(artifact.sha256));
  OrderedJson occurrences = OrderedJson::array({Occurrence(artifact.location)});
  for (const Location& other : artifact.other_locations) occurrences.push_back(Occurrence(other));
  out["evidence"]["occurrences"] = std::move(occurrences);
  out["properties"] = FileProperties(artifact, findings);
  return out;
}

OrderedJson ModelComponent(const Report& report, const Model& model, const FindingIndex& findings,
                           RefBook& refs) {
  const std::string ref = refs.Take("model:" + Escaped(model.id));
  refs.NameModel(model, ref);
  const std::string purl = HuggingFacePurl(report, model);
  OrderedJson out = OrderedJson::object();
  out["type"] = "machine-learning-model";
  out["bom-ref"] = ref;
  AddNames(out, model);
  PutArray(out, "hashes", Sha256Hashes(ModelSha256(report, model)));
  PutArray(out, "licenses", LicenceList(model));
  PutText(out, "purl", purl);
  OrderedJson ancestors = AncestorComponents(model);
  if (!ancestors.empty()) out["pedigree"]["ancestors"] = std::move(ancestors);
  PutArray(out, "components", Files(report, model, findings, refs));
  PutArray(out["evidence"], "identity", IdentityEvidence(model, purl));
  out["evidence"]["occurrences"] = OrderedJson::array({Occurrence(model.location)});
  OrderedJson parameters = ModelCard(report, model);
  if (!parameters.empty()) out["modelCard"]["modelParameters"] = std::move(parameters);
  out["properties"] = ModelProperties(model, findings);
  return out;
}

}  // namespace weighbridge
