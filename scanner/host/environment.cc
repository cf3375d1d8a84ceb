#include "scanner/host/environment.h"

#include <algorithm>
#include <array>
#include <cstdlib>

#include "scanner/base/text.h"

namespace weighbridge {
namespace {

// XDG_CACHE_HOME and XDG_DATA_HOME are not here: what they move is found as the stores
// below them are, by content, and they hold much else.
constexpr auto kNames = std::to_array<const char*>({
    "APPTAINER_CACHEDIR",
    "AZUREML_MODEL_DIR",
    "EASYOCR_MODULE_PATH",
    "FASTEMBED_CACHE_PATH",
    "HF_HOME",
    "HF_HUB_CACHE",
    "HUGGINGFACE_HUB_CACHE",
    "KAGGLEHUB_CACHE",
    "KERAS_HOME",
    "LLAMA_CACHE",
    "LOCALAI_MODELS_PATH",
    "MLC_LLM_HOME",
    "MODELSCOPE_CACHE",
    "NIM_CACHE_PATH",
    "NLTK_DATA",
    "OLLAMA_MODELS",
    "PADDLE_PDX_CACHE_HOME",
    "PYTORCH_TRANSFORMERS_CACHE",
    "RAMALAMA_STORE",
    "SENTENCE_TRANSFORMERS_HOME",
    "SINGULARITY_CACHEDIR",
    "SM_MODEL_DIR",
    "STANZA_RESOURCES_DIR",
    "TFHUB_CACHE_DIR",
    "TORCH_HOME",
    "TRANSFORMERS_CACHE",
    "TTS_HOME",
    "U2NET_HOME",
});

std::string_view Unquoted(std::string_view text) {
  if (text.size() >= 2 && (text.front() == '"' || text.front() == '\'') &&
      text.back() == text.front()) {
    text = text.substr(1, text.size() - 2);
  }
  return text;
}

void AddEntry(std::string_view entry, std::vector<StoreVariable>& variables) {
  const std::size_t equals = entry.find('=');
  if (equals == entry.npos) return;
  const std::string_view name = entry.substr(0, equals);
  if (std::find(kNames.begin(), kNames.end(), name) == kNames.end()) return;
  // NLTK_DATA is a list as PATH is.
  for (const std::string& value : Split(Unquoted(Trim(entry.substr(equals + 1))), ':')) {
    if (!value.starts_with('/') || value.size() > 4096) continue;
    variables.push_back({std::string(name), value});
  }
}

}  // namespace

std::vector<StoreVariable> StoreVariablesOf(std::string_view text, char separator) {
  std::vector<StoreVariable> variables;
  for (const std::string& entry : Split(text, separator)) {
    std::string_view plain = Trim(entry);
    if (plain.starts_with("export ")) plain = Trim(plain.substr(7));
    AddEntry(plain, variables);
  }
  return variables;
}

// Environment="A=1" B=2, words divided by spaces, each quoted or not.
std::vector<StoreVariable> StoreVariablesOfUnit(std::string_view text) {
  std::vector<StoreVariable> variables;
  for (const std::string& line : Split(text, '\n')) {
    std::string_view rest = Trim(line);
    if (!rest.starts_with("Environment=")) continue;
    rest.remove_prefix(12);
    while (!(rest = Trim(rest)).empty()) {
      const bool quoted = rest.front() == '"' || rest.front() == '\'';
      const std::size_t end =
          std::min(rest.find(quoted ? rest.front() : ' ', quoted ? 1 : 0), rest.size());
      AddEntry(rest.substr(quoted ? 1 : 0, end - (quoted ? 1 : 0)), variables);
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
  }
  return variables;
}

std::vector<StoreVariable> OwnStoreVariables() {
  std::vector<StoreVariable> variables;
  for (const char* name : kNames) {
    const char* value = std::getenv(name);
    if (value != nullptr) AddEntry(std::string(name) + "=" + value, variables);
  }
  return variables;
}

}  // namespace weighbridge
