// Which reader looks at which file. Names first (exact, then endings), then what the
// head shows; the first reader that says yes wins. Nothing is read beyond the window
// unless a row fits.
#include "scanner/sidecars/sidecars.h"

#include <array>
#include <string>
#include <string_view>

#include "scanner/base/text.h"
#include "scanner/sidecars/config_json.h"
#include "scanner/sidecars/hub_metadata.h"
#include "scanner/sidecars/licence_text.h"
#include "scanner/sidecars/live_documents.h"
#include "scanner/sidecars/model_card.h"
#include "scanner/sidecars/modelfile.h"
#include "scanner/sidecars/oci_document.h"
#include "scanner/sidecars/reading.h"
#include "scanner/sidecars/small_json.h"
#include "scanner/sidecars/store_documents.h"
#include "scanner/sidecars/tokenizer_config.h"
#include "scanner/sidecars/tokenizer_json.h"
#include "scanner/sidecars/vocabulary_files.h"
#include "scanner/sidecars/yaml_files.h"

namespace weighbridge {
namespace {

// `name` is lower case. An ending matches "x.NAME", "x-NAME" and "x_NAME" too.
struct NameRow {
  std::string_view name;
  bool ending;
  SideCarReader read;
};

constexpr std::array<NameRow, 36> kNames = {{
    {"generation_config.json", false, ReadGenerationConfig},
    {"adapter_config.json", false, ReadAdapterConfig},
    {"tokenizer_config.json", false, ReadTokenizerConfig},
    {"special_tokens_map.json", false, ReadSpecialTokensMap},
    {"added_tokens.json", false, ReadAddedTokens},
    {"preprocessor_config.json", false, ReadProcessorConfig},
    {"processor_config.json", false, ReadProcessorConfig},
    {"mlc-chat-config.json", false, ReadMlcChatConfig},
    {"genai_config.json", false, ReadGenAiConfig},
    {"quantize_config.json", false, ReadQuantizeConfig},
    {"quant_config.json", false, ReadQuantizeConfig},
    {"model_index.json", false, ReadModelIndex},
    {"config.json", false, ReadTransformersConfig},
    {"configuration.json", false, ReadModelScope},
    {"params.json", false, ReadMetaParams},
    {"vocab.json", false, ReadVocabularyJson},
    {"merges.txt", false, ReadMerges},
    {"manifest.json", false, ReadDockerManifest},
    {"models.json", false, ReadModelRunnerIndex},
    {"cache.json", false, ReadWebUiHashes},
    {"config.pbtxt", false, ReadTritonConfig},
    {"model.yml", false, ReadJanModel},
    {"record", false, ReadWheelRecord},
    {".gguf.json", true, ReadLlamaCppOrigin},
    {".descriptor.txt", true, ReadTfHubDescriptor},
    {".yaml", true, ReadLocalAiModel},
    {".yml", true, ReadLocalAiModel},
    {"kitfile", false, ReadKitfile},
    {"kitfile.yaml", false, ReadKitfile},
    {"kitfile.yml", false, ReadKitfile},
    {"mlmodel", false, ReadMlModel},
    {"tokenizer.json", true, ReadTokenizerJson},
    {".tiktoken", true, ReadTiktoken},
    {".mv", true, ReadModelScopeVersion},
    {".metadata", true, ReadHubMetadata},
    {".md", true, ReadModelCard},
}};

// Modelfile, Modelfile.q4, my.modelfile
bool IsModelfileName(std::string_view name) {
  return name.substr(0, 9) == "modelfile" || EndsWithNoCase(name, ".modelfile");
}

bool ReadByName(const SideCarInput& input, const std::string& name, Artifact& artifact) {
  for (const NameRow& row : kNames) {
    const bool fits = row.ending ? EndsWithNoCase(name, row.name) : name == row.name;
    if (fits && row.read(input, artifact)) return true;
  }
  return IsModelfileName(name) && ReadModelfile(input, artifact);
}

struct HeadRow {
  std::string_view key;  // as it stands in the first 4 KiB
  SideCarReader read;
};

// JSON under any name: a key that only one kind of side-car has.
constexpr std::array<HeadRow, 11> kJsonHeads = {{
    {"\"architectures\"", ReadTransformersConfig},
    {"\"model_type\"", ReadTransformersConfig},
    {"\"peft_type\"", ReadAdapterConfig},
    {"\"_diffusers_version\"", ReadModelIndex},
    {"\"_diffusers_version\"", ReadTransformersConfig},
    {"\"added_tokens_decoder\"", ReadTokenizerConfig},
    {"\"added_tokens\"", ReadTokenizerJson},
    {"\"schemaVersion\"", ReadOciDocument},
    {"\"format_version\"", ReadHubTree},
    {"\"hash\"", ReadRamalamaRef},
    {"\"ggufFile\"", ReadLlamaCppManifest},
}};

// An image's configuration shows what it is only at its end; it is named by its digest.
bool IsDigestName(std::string_view name) {
  if (EndsWithNoCase(name, ".json")) name.remove_suffix(5);
  if (name.substr(0, 7) == "sha256-" || name.substr(0, 7) == "sha256:") name.remove_prefix(7);
  return IsSha256Hex(name);
}

bool ReadByHead(const SideCarInput& input, Artifact& artifact) {
  constexpr std::size_t kShown = 4096;
  const std::string_view head = AsText(input.window.head).substr(0, kShown);
  const char first = FirstByte(head.substr(0, 64));
  if (first == '{') {
    // Ollama's configurations have a "model_type" too.
    if (head.find("\"model_format\"") != std::string_view::npos &&
        IsDigestName(input.window.file_name) && ReadOciDocument(input, artifact)) {
      return true;
    }
    for (const HeadRow& row : kJsonHeads) {
      if (head.find(row.key) != std::string_view::npos && row.read(input, artifact)) return true;
    }
    if (IsDigestName(input.window.file_name) && ReadOciDocument(input, artifact)) return true;
  }
  return false;
}

}  // namespace

bool InspectSideCar(const ByteSource& source, const ProbeWindow& window, const Limits& limits,
                    Artifact& artifact) {
  if (window.head.empty()) return false;
  const SideCarInput input{source, window, limits};
  const std::string name = ToLower(window.file_name);
  if (ReadLiveDocument(input, artifact)) return true;
  if (ReadByName(input, name, artifact)) return true;
  if (ReadByHead(input, artifact)) return true;
  if (ReadHubRef(input, artifact)) return true;
  if (IsLicenceName(window.file_name)) return ReadNamedLicence(input, artifact);
  return ReadUnnamedLicence(input, artifact) || ReadStoreText(input, artifact);
}

bool InspectEngineDatabase(const ByteSource& source, const ProbeWindow& window,
                           const Limits& limits, Artifact& artifact) {
  return ReadEngineDatabase({source, window, limits}, artifact);
}

}  // namespace weighbridge
