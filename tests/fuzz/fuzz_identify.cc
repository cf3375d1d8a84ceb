// Decodes a handful of small artifacts from bytes and runs grouping, fingerprints and
// identity over them. Every input must end; nothing else is asserted.
//
// Input: a sequence of [kind u8][name u8][format u8][claims u8][tensors u8] records,
// each followed by its claims [key u8][value u8] and tensors [name u8][a u8][b u8].
#include <cstdint>
#include <string>

#include "scanner/identity/identify.h"
#include "tests/support/fake_catalog.h"

namespace {

using namespace weighbridge;

constexpr const char* kNames[] = {"m/model.safetensors",
                                  "m/model-00001-of-00002.safetensors",
                                  "m/model-00002-of-00002.safetensors",
                                  "m/config.json",
                                  "m/README.md",
                                  "m/adapter_model.safetensors",
                                  "m/adapter_config.json",
                                  "models--Qwen--Qwen2.5-7B/snapshots/a/x.gguf",
                                  "x-Q4_K_M-00001-of-99999.gguf",
                                  "-of-",
                                  "",
                                  "/",
                                  "m/.cache/huggingface/download/model.safetensors.metadata",
                                  "TheBloke/Llama-2-7B-GGUF/a.gguf",
                                  "m/consolidated.00.pth",
                                  "p/model_index.json",
                                  "p/unet/a.safetensors"};
constexpr const char* kKeys[] = {"gguf:general.name",
                                 "gguf:general.architecture",
                                 "gguf:split.count",
                                 "gguf:split.no",
                                 "config:model_type",
                                 "config:hidden_size",
                                 "card:base_model",
                                 "card:license",
                                 "licence:id",
                                 "adapter:base_model_name_or_path",
                                 "tokenizer:special_token",
                                 "gguf:tokenizer.ggml.pre",
                                 "config:_name_or_path",
                                 "gguf:general.base_model.0.name",
                                 "card:base_model_relation",
                                 "modelfile:from",
                                 "config:num_attention_heads",
                                 "gguf:general.base_model.0.organization"};
constexpr const char* kValues[] = {"",
                                   "Qwen/Qwen2.5-7B",
                                   "llama",
                                   "qwen2",
                                   "meta-llama/Llama-2-7b-hf",
                                   "3584",
                                   "18446744073709551615",
                                   "0",
                                   "2",
                                   "/a/b/c",
                                   "https://huggingface.co/",
                                   "models----",
                                   "a--b",
                                   "Qwen",
                                   "./",
                                   "TheBloke/_-GGUF",
                                   "mit",
                                   "quantized",
                                   "\xff\xfe",
                                   "deepseek-r1-qwen",
                                   "Qwen2.5 7B"};
constexpr const char* kTensors[] = {"model.embed_tokens.weight",
                                    "model.layers.0.self_attn.q_proj.weight",
                                    "model.layers.27.self_attn.k_proj.weight",
                                    "model.layers.0.mlp.down_proj.qweight",
                                    "model.layers.0.mlp.down_proj.scales",
                                    "blk.99999.ffn_down_exps.weight",
                                    "layers.",
                                    "layers.0",
                                    ".",
                                    "",
                                    "a.lora_A.weight",
                                    "a.lora_B",
                                    "weight.lora_a",
                                    ".weight.absmax",
                                    "model.layers.0.mlp.experts.65535.w2.weight",
                                    "model.layers.0.input_layernorm.weight",
                                    "model.layers.0.self_attn.q_proj.bias",
                                    "model.layers.1.eh_proj.weight",
                                    "h.0.attn.c_attn.weight"};
constexpr std::uint64_t kSizes[] = {0,     1,      2,     64,         3584,  4096,
                                    18944, 152064, ~0ULL, 1ULL << 63, 28672, 512};

class Input {
 public:
  Input(const std::uint8_t* data, std::size_t size) : data_(data), size_(size) {}
  bool Empty() const { return at_ >= size_; }
  std::uint8_t Next() { return Empty() ? std::uint8_t{0} : data_[at_++]; }
  template <typename T, std::size_t N>
  T Pick(const T (&list)[N]) {
    return list[Next() % N];
  }

 private:
  const std::uint8_t* data_;
  std::size_t size_;
  std::size_t at_ = 0;
};

Artifact Decode(Input& input) {
  Artifact artifact;
  artifact.kind = static_cast<ArtifactKind>(input.Next() % 20);
  artifact.location.path = input.Pick(kNames);
  constexpr const char* kFormats[] = {"safetensors", "gguf", "pytorch_zip"};
  artifact.format = input.Pick(kFormats);
  const std::size_t claims = input.Next() % 8;
  const std::size_t tensors = input.Next() % 24;
  for (std::size_t i = 0; i < claims; ++i) {
    const char* key = input.Pick(kKeys);
    artifact.claims.push_back({key, input.Pick(kValues)});
  }
  for (std::size_t i = 0; i < tensors; ++i) {
    Tensor tensor;
    tensor.name = input.Pick(kTensors);
    constexpr const char* kTypes[] = {"BF16", "U32", "U8", "I32", "Q4_K"};
    tensor.dtype = input.Pick(kTypes);
    const std::size_t rank = input.Next() % 4;
    for (std::size_t d = 0; d < rank; ++d) tensor.shape.push_back(input.Pick(kSizes));
    artifact.tensors.push_back(tensor);
  }
  if (input.Next() % 2 == 1)
    artifact.stated_digests.push_back({"sha256", "ab", "model.safetensors", 3});
  if (input.Next() % 2 == 1) artifact.shard_files = {"model.safetensors", "../x", ""};
  return artifact;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const FakeCatalog catalog;
  Input input(data, size);
  std::vector<Artifact> artifacts;
  while (!input.Empty() && artifacts.size() < 12) artifacts.push_back(Decode(input));
  std::sort(artifacts.begin(), artifacts.end(),
            [](const Artifact& a, const Artifact& b) { return a.location < b.location; });
  std::vector<Model> models = GroupModels(artifacts);
  for (Model& model : models) FingerprintModel(artifacts, model);
  IdentifyModels(artifacts, catalog, models);
  return 0;
}
