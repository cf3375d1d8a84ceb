// Claims from members: keras metadata.json and config.json (keras saving_lib.py), DDUF
// model_index.json, TorchServe MAR-INF/MANIFEST.json, wheel *.dist-info/METADATA.
// Every member is read up to 1 MiB and none is followed.
#include "scanner/formats/zip_claims.h"

#include <string>
#include <vector>

#include "scanner/base/json.h"
#include "scanner/base/text.h"
#include "scanner/formats/pickle_report.h"
#include "scanner/formats/zip_member.h"

namespace weighbridge {
namespace {

constexpr std::size_t kMaxMember = 1 << 20;

void Add(Artifact& artifact, const char* key, std::string_view value, const Limits& limits) {
  if (value.empty()) return;
  artifact.claims.push_back(
      {key, Printable(value.substr(0, static_cast<std::size_t>(limits.max_claim_bytes)))});
}

Json ReadJson(const ByteSource& source, const ZipDirectory& zip, std::string_view name,
              const Limits& limits, Artifact& artifact) {
  // Of several with one name Python's zipfile, which these loaders use, opens the last.
  const std::vector<const ZipEntry*> named = zip.FindAll(name);
  if (named.empty()) return {};
  const ZipEntry* entry = named.back();
  auto bytes = ReadZipMember(source, *entry, kMaxMember);
  if (bytes.ok() && bytes.value().size() == entry->uncompressed_size) {
    auto json = ParseJson(AsText(bytes.value()), limits);
    if (json.ok()) return std::move(json).value();
    AddDiagnostic(artifact, Severity::kWarning, json.error().code,
                  std::string(name) + ": " + Printable(json.error().message));
    return {};
  }
  AddDiagnostic(artifact, Severity::kWarning, ErrorCode::kUnsupported,
                std::string(name) + " was not read: larger than " + std::to_string(kMaxMember) +
                    " bytes, damaged or encrypted");
  return {};
}

// True when any object inside has "class_name": "Lambda". Depth is bounded by ParseJson.
bool HasLambda(const Json& root) {
  std::vector<const Json*> open{&root};
  while (!open.empty()) {
    const Json& value = *open.back();
    open.pop_back();
    if (value.is_object() && StringOr(value, "class_name") == "Lambda") return true;
    if (!value.is_structured()) continue;
    for (const Json& child : value) open.push_back(&child);
  }
  return false;
}

void AddKeras(const ByteSource& source, const ZipDirectory& zip, const Limits& limits,
              Artifact& artifact) {
  const Json metadata = ReadJson(source, zip, "metadata.json", limits, artifact);
  Add(artifact, "keras:keras_version", StringOr(metadata, "keras_version"), limits);
  Add(artifact, "keras:date_saved", StringOr(metadata, "date_saved"), limits);
  artifact.format_version = Printable(StringOr(metadata, "keras_version"));
  const Json config = ReadJson(source, zip, "config.json", limits, artifact);
  Add(artifact, "keras:class_name", StringOr(config, "class_name"), limits);
  Add(artifact, "keras:module", StringOr(config, "module"), limits);
  Add(artifact, "keras:registered_name", StringOr(config, "registered_name"), limits);
  if (const Json* inner = Find(config, "config")) {
    Add(artifact, "keras:name", StringOr(*inner, "name"), limits);
  }
  if (HasLambda(config)) Add(artifact, "keras:lambda", "true", limits);
}

void AddMar(const ByteSource& source, const ZipDirectory& zip, const Limits& limits,
            Artifact& artifact) {
  const Json manifest = ReadJson(source, zip, "MAR-INF/MANIFEST.json", limits, artifact);
  const Json* model = Find(manifest, "model");
  if (model == nullptr) return;
  Add(artifact, "mar:modelName", StringOr(*model, "modelName"), limits);
  Add(artifact, "mar:modelVersion", StringOr(*model, "modelVersion"), limits);
  Add(artifact, "mar:licenseFile", StringOr(*model, "licenseFile"), limits);
}

void AddDduf(const ByteSource& source, const ZipDirectory& zip, const Limits& limits,
             Artifact& artifact) {
  const Json index = ReadJson(source, zip, "model_index.json", limits, artifact);
  for (const char* key : {"_class_name", "_diffusers_version", "_name_or_path"}) {
    Add(artifact, (std::string("dduf:") + key).c_str(), StringOr(index, key), limits);
  }
}

void AddWheel(const ByteSource& source, const ZipDirectory& zip, const Limits& limits,
              Artifact& artifact) {
  for (const ZipEntry& entry : zip.entries()) {
    if (!zip.Name(entry).ends_with(".dist-info/METADATA")) continue;
    auto bytes = ReadZipMember(source, entry, 64 << 10);
    if (!bytes.ok()) return;
    for (const std::string& line : Split(AsText(bytes.value()), '\n')) {
      if (Trim(line).empty()) return;  // the headers end here
      for (const char* key : {"Name", "Version", "License", "License-Expression"}) {
        const std::string start = std::string(key) + ": ";
        if (!line.starts_with(start)) continue;
        Add(artifact, ("wheel:" + std::string(key)).c_str(), Trim(line.substr(start.size())),
            limits);
      }
    }
    return;
  }
}

}  // namespace

void AddZipClaims(const ByteSource& source, const ZipDirectory& zip, const Limits& limits,
                  Artifact& artifact) {
  if (artifact.format == "keras_zip") AddKeras(source, zip, limits, artifact);
  if (artifact.format == "torchserve_mar") AddMar(source, zip, limits, artifact);
  if (artifact.format == "dduf") AddDduf(source, zip, limits, artifact);
  if (artifact.format == "wheel") AddWheel(source, zip, limits, artifact);
}

}  // namespace weighbridge
