// JSON documents of frameworks: told by their top-level keys (formats reference 3.8 to 3.24).
// They describe a model; only those that hold weights themselves are weights.
#include "scanner/base/text.h"
#include "scanner/formats/json_head.h"
#include "scanner/formats/structures.h"

namespace weighbridge {
namespace {

bool Contains(std::string_view text, std::string_view word) {
  return text.find(word) != std::string_view::npos;
}

// {"learner": {"attributes" ... "gradient_booster" ...}, "version": [2, 0, 3]}
bool IsXgboost(const JsonHead& json) {
  const std::string_view start = json.Value("learner").substr(0, 512);
  return Contains(start, "\"attributes\"") || Contains(start, "\"gradient_booster\"");
}

bool IsTensorFlowJs(const JsonHead& json) {
  const std::string_view topology = json.Value("modelTopology");
  if (topology.empty()) return false;
  return json.Has("weightsManifest") || json.Has("generatedBy") || json.Has("format") ||
         Contains(topology, "\"keras_version\"") || Contains(topology, "\"generatedBy\"");
}

// Keras 2: class_name, config, keras_version, backend. Keras 3: module, class_name, config.
bool IsKeras(const JsonHead& json) {
  if (json.Text("class_name").empty()) return false;
  if (json.Has("keras_version") && json.Has("backend")) return true;
  const std::string_view module = json.Text("module");
  return (module == "keras" || module.substr(0, 6) == "keras.") && json.Has("config") &&
         json.Has("registered_name");
}

bool IsPaddlePir(const JsonHead& json) {
  return Contains(json.Value("base_code").substr(0, 256), "\"magic\"") && json.Has("program");
}

// A graph of nodes as MXNet and TVM write it; large ones end beyond the view.
bool IsNodeGraph(const JsonHead& json) {
  if (json.first_key() != "nodes") return false;
  if (json.Has("arg_nodes") && json.Has("heads")) return true;
  const std::string_view start = json.Value("nodes").substr(0, 512);
  return !json.complete() && Contains(start, "\"op\"") && Contains(start, "\"name\"") &&
         Contains(start, "\"inputs\"") && Contains(start, "\"null\"");
}
bool IsTvm(const JsonHead& json) {
  return IsNodeGraph(json) && (json.Has("node_row_ptr") || Contains(json.text(), "\"tvm_op\""));
}

bool IsMlPackage(const JsonHead& json) {
  return json.Has("itemInfoEntries") && json.Has("rootModelIdentifier");
}

bool IsOrbax(const JsonHead& json) {
  if (json.Has("item_handlers")) return json.Has("init_timestamp_nsecs");
  return json.Has("tree_metadata") && (json.Has("use_zarr3") || json.Has("use_ocdbt") ||
                                       Contains(json.text().substr(0, 4096), "\"key_metadata\""));
}

// v2 .zarray and .zgroup, v3 zarr.json
bool IsZarr(const JsonHead& json) {
  const std::string_view version = json.Value("zarr_format").substr(0, 1);
  if (version == "3") return !json.Text("node_type").empty();
  if (version != "2" || !json.complete()) return false;
  return json.Has("chunks") ? json.Has("shape") && json.Has("dtype")
                            : json.first_key() == "zarr_format";
}

// tensor-cache.json, older ndarray-cache.json, beside params_shard_N.bin
bool IsMlc(const JsonHead& json) {
  const std::string_view start = json.Value("records").substr(0, 1024);
  return Contains(start, "\"dataPath\"") && Contains(start, "\"raw-shard\"");
}

bool IsSpacy(const JsonHead& json) { return json.Has("spacy_version") && json.Has("pipeline"); }

void AddText(const JsonHead& json, const char* from, const char* key, Artifact& artifact) {
  const std::string_view text = json.Text(from);
  if (!text.empty()) artifact.claims.push_back({key, Printable(text.substr(0, 1024))});
}

void DescribeXgboost(const JsonHead& json, Artifact& artifact) {
  const std::string_view version = json.Value("version");
  if (version.empty() || version[0] != '[') return;
  for (const char c : version.substr(1, 32)) {
    if (c == ']') break;
    if (c >= '0' && c <= '9') artifact.format_version += c;
    if (c == ',') artifact.format_version += '.';
  }
}
void DescribeTensorFlowJs(const JsonHead& json, Artifact& artifact) {
  AddText(json, "format", "tfjs:format", artifact);
  AddText(json, "generatedBy", "tfjs:generatedBy", artifact);
  AddText(json, "convertedBy", "tfjs:convertedBy", artifact);
}
void DescribeKeras(const JsonHead& json, Artifact& artifact) {
  artifact.format_version = Printable(json.Text("keras_version").substr(0, 64));
  AddText(json, "keras_version", "keras:keras_version", artifact);
  AddText(json, "backend", "keras:backend", artifact);
  AddText(json, "class_name", "keras:class_name", artifact);
  AddText(json, "registered_name", "keras:registered_name", artifact);
}
void DescribeZarr(const JsonHead& json, Artifact& artifact) {
  artifact.format_version = std::string(json.Value("zarr_format").substr(0, 1));
}
void DescribeSpacy(const JsonHead& json, Artifact& artifact) {
  for (const auto& [from, key] : {std::pair{"name", "spacy:name"},
                                  {"lang", "spacy:lang"},
                                  {"author", "spacy:author"},
                                  {"license", "spacy:license"},
                                  {"url", "spacy:url"},
                                  {"version", "spacy:version"}}) {
    AddText(json, from, key, artifact);
  }
}

}  // namespace

const std::vector<JsonStructure>& JsonStructures() {
  using enum ArtifactKind;
  static const std::vector<JsonStructure> table{
      {"tfjs", "TensorFlow.js model", 3, kWeights, &IsTensorFlowJs, &DescribeTensorFlowJs},
      {"keras_json", "Keras architecture", 3, kOther, &IsKeras, &DescribeKeras},
      {"xgboost", "XGBoost JSON", 3, kWeights, &IsXgboost, &DescribeXgboost},
      {"paddle_pir", "Paddle PIR program", 2, kOther, &IsPaddlePir, nullptr},
      {"tvm", "TVM graph", 3, kOther, &IsTvm, nullptr},
      {"mxnet", "MXNet symbol", 3, kOther, &IsNodeGraph, nullptr},
      {"coreml_mlpackage", "Core ML package manifest", 2, kOther, &IsMlPackage, nullptr},
      {"orbax", "Orbax checkpoint metadata", 2, kOther, &IsOrbax, nullptr},
      {"zarr", "Zarr v2/v3 store", 2, kOther, &IsZarr, &DescribeZarr},
      {"mlc_llm", "MLC-LLM tensor cache", 2, kOther, &IsMlc, nullptr},
      {"spacy", "spaCy pipeline", 3, kOther, &IsSpacy, &DescribeSpacy},
  };
  return table;
}

}  // namespace weighbridge
