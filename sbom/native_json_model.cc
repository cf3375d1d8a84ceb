// Models and artifacts in the native document.
#include <cmath>

#include "sbom/native_json.h"
#include "scanner/base/text.h"

namespace weighbridge {
namespace {

const char* InspectionName(Inspection inspection) {
  switch (inspection) {
    case Inspection::kFull: return "full";
    case Inspection::kPartial: return "partial";
    case Inspection::kNotInspected: return "not-inspected";
  }
  return "not-inspected";
}

const char* RiskName(PickleImport::Risk risk) {
  switch (risk) {
    case PickleImport::Risk::kTensorPlumbing: return "tensor-plumbing";
    case PickleImport::Risk::kKnownLibrary: return "known-library";
    case PickleImport::Risk::kUnknown: return "unknown";
    case PickleImport::Risk::kCodeExecution: return "code-execution";
  }
  return "unknown";
}

OrderedJson EvidenceJson(const Evidence& evidence) {
  OrderedJson out = OrderedJson::object();
  out["technique"] = Printable(evidence.technique);
  out["field"] = Printable(evidence.field);
  out["value"] = Printable(evidence.value);
  out["confidence"] = std::isfinite(evidence.confidence) ? evidence.confidence : 0.0;
  out["grade"] = GradeName(evidence.grade);
  PutPlace(out, "location", evidence.location.ToString());
  PutText(out, "note", evidence.note);
  return out;
}

OrderedJson AncestorJson(const Ancestor& ancestor) {
  OrderedJson out = OrderedJson::object();
  out["name"] = Printable(ancestor.name);
  PutText(out, "publisher", ancestor.publisher);
  PutText(out, "relation", ancestor.relation);
  out["grade"] = GradeName(ancestor.grade);
  return out;
}

OrderedJson LicenceJson(const LicenceClaim& licence) {
  OrderedJson out = OrderedJson::object();
  out["id"] = Printable(licence.id);
  PutText(out, "source", licence.source);
  out["grade"] = GradeName(licence.grade);
  PutPlace(out, "location", licence.location.ToString());
  return out;
}

void AddOrigin(OrderedJson& out, const Identity& identity) {
  if (HasCandidates(identity)) {
    out["candidates"] = TextArray(identity.candidates);
    PutArray(out, "candidate_models", TextArray(identity.candidate_models));
    return;
  }
  PutText(out, "origin_publisher", identity.origin_publisher);
  PutText(out, "origin_name", identity.origin_name);
  PutText(out, "origin_country", identity.origin_country);
}

OrderedJson IdentityJson(const Model& model) {
  const Identity& identity = model.identity;
  OrderedJson out = OrderedJson::object();
  out["name"] = ModelName(model);
  PutText(out, "version", identity.version);
  PutText(out, "hub_id", identity.hub_id);
  PutText(out, "developer", identity.developer);
  PutText(out, "developer_name", identity.developer_name);
  PutText(out, "uploader", identity.uploader);
  out["grade"] = GradeName(OriginGrade(identity));
  AddOrigin(out, identity);
  PutArray(out, "lineage_publishers", TextArray(identity.lineage_publishers));
  PutText(out, "family", identity.family);
  PutText(out, "architecture", identity.architecture);
  PutText(out, "quantisation", identity.quantisation);
  PutText(out, "modality", identity.modality);
  if (identity.parameters != 0) out["parameters"] = identity.parameters;
  if (identity.training_flops > 0 && std::isfinite(identity.training_flops)) {
    out["training_flops"] = identity.training_flops;
  }
  PutText(out, "catalogue_licence", identity.catalogue_licence);
  out["licences"] = OrderedJson::array();
  for (const auto& licence : identity.licences) out["licences"].push_back(LicenceJson(licence));
  out["ancestors"] = OrderedJson::array();
  for (const auto& parent : identity.ancestors) out["ancestors"].push_back(AncestorJson(parent));
  out["evidence"] = OrderedJson::array();
  for (const auto& evidence : identity.evidence) out["evidence"].push_back(EvidenceJson(evidence));
  return out;
}

OrderedJson FileList(const Report& report, const std::vector<std::size_t>& indexes) {
  OrderedJson array = OrderedJson::array();
  for (const std::size_t index : indexes) {
    if (index >= report.artifacts.size()) continue;
    array.push_back(Escaped(report.artifacts[index].location.ToString()));
  }
  return array;
}

OrderedJson ConflictList(const Model& model) {
  OrderedJson array = OrderedJson::array();
  for (const Conflict& conflict : model.conflicts) {
    OrderedJson out = OrderedJson::object();
    out["rule_id"] = Printable(conflict.rule_id);
    out["message"] = Printable(conflict.message);
    PutPlace(out, "location", conflict.location.ToString());
    array.push_back(std::move(out));
  }
  return array;
}

OrderedJson TensorSummary(const Artifact& artifact) {
  std::map<std::string, std::uint64_t> count_by_dtype;
  for (const Tensor& tensor : artifact.tensors) ++count_by_dtype[Printable(tensor.dtype)];
  OrderedJson out = OrderedJson::object();
  out["count"] = artifact.tensors.size();
  out["by_dtype"] = OrderedJson::object();
  for (const auto& [dtype, count] : count_by_dtype) out["by_dtype"][dtype] = count;
  out["distinct_contents"] = artifact.tensor_digests.size();
  out["without_digest"] = artifact.tensors_without_digest;
  return out;
}

void AddClaims(OrderedJson& out, const Artifact& artifact) {
  OrderedJson claims = OrderedJson::array();
  for (const Claim& claim : artifact.claims) {
    claims.push_back({{"key", Printable(claim.key)}, {"value", Printable(claim.value)}});
  }
  PutArray(out, "claims", std::move(claims));
  OrderedJson stated = OrderedJson::array();
  for (const StatedDigest& digest : artifact.stated_digests) {
    OrderedJson item = OrderedJson::object();
    item["algorithm"] = Printable(digest.algorithm);
    item["hex"] = Printable(digest.hex);
    PutText(item, "file", digest.file_name);
    if (digest.size != 0) item["size_bytes"] = digest.size;
    stated.push_back(std::move(item));
  }
  PutArray(out, "stated_digests", std::move(stated));
}

void AddImports(OrderedJson& out, const Artifact& artifact) {
  OrderedJson imports = OrderedJson::array();
  for (const PickleImport& import : artifact.pickle_imports) {
    OrderedJson item = OrderedJson::object();
    item["module"] = Printable(import.module);
    item["name"] = Printable(import.name);
    item["risk"] = RiskName(import.risk);
    PutText(item, "member", import.member);
    imports.push_back(std::move(item));
  }
  PutArray(out, "pickle_imports", std::move(imports));
}

}  // namespace

OrderedJson NativeModel(const Report& report, const Model& model) {
  OrderedJson out = OrderedJson::object();
  out["id"] = Escaped(model.id);
  out["location"] = Escaped(model.location.ToString());
  PutText(out, "format", model.format);
  out["size_bytes"] = WeightBytes(report, model);
  out["complete"] = IsComplete(model);
  out["pointer_only"] = model.pointer_only;
  out["is_adapter"] = model.is_adapter;
  out["identity"] = IdentityJson(model);
  out["weights"] = FileList(report, model.weights);
  out["side_cars"] = FileList(report, model.side_cars);
  OrderedJson missing = OrderedJson::array();
  for (const std::string& name : model.missing_files) missing.push_back(Escaped(name));
  PutArray(out, "missing_files", std::move(missing));
  PutText(out, "layout_digest", model.layout_digest);
  PutText(out, "tensor_digest", model.tensor_digest);
  PutText(out, "tokenizer_digest", model.tokenizer_digest);
  out["dimensions"] = OrderedJson::object();
  for (const auto& [name, value] : model.dimensions) out["dimensions"][Printable(name)] = value;
  PutArray(out, "conflicts", ConflictList(model));
  return out;
}

OrderedJson NativeArtifact(const Artifact& artifact) {
  OrderedJson out = OrderedJson::object();
  out["location"] = Escaped(artifact.location.ToString());
  OrderedJson others = OrderedJson::array();
  for (const Location& other : artifact.other_locations) {
    others.push_back(Escaped(other.ToString()));
  }
  PutArray(out, "other_locations", std::move(others));
  PutArray(out, "images", ImageList(artifact.images));
  PutArray(out, "processes", ProcessList(artifact.processes));
  out["kind"] = ArtifactKindName(artifact.kind);
  PutText(out, "format", artifact.format);
  PutText(out, "format_version", artifact.format_version);
  out["inspection"] = InspectionName(artifact.inspection);
  PutText(out, "not_inspected_reason", artifact.not_inspected_reason);
  out["size_bytes"] = artifact.size_bytes;
  PutText(out, "sha256", artifact.sha256);
  PutText(out, "content_sha256", artifact.content_sha256);
  PutText(out, "git_sha1", artifact.git_sha1);
  PutText(out, "text_digest", artifact.text_digest);
  if (!artifact.tensors.empty()) out["tensors"] = TensorSummary(artifact);
  if (artifact.big_endian) out["big_endian"] = true;
  PutArray(out, "external_files", TextArray(artifact.external_files));
  PutArray(out, "shard_files", TextArray(artifact.shard_files));
  PutArray(out, "also_formats", TextArray(artifact.also_formats));
  PutText(out, "extension_conflict", artifact.extension_conflict);
  if (artifact.changed_while_read) out["changed_while_read"] = true;
  AddClaims(out, artifact);
  AddImports(out, artifact);
  return out;
}

}  // namespace weighbridge
