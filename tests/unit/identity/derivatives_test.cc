// Derivatives and what only looks like one, against the catalogue that is compiled into
// the program: fine-tunes with tokens of their own, path words, re-packers, merges.
#include <doctest/doctest.h>

#include "tests/unit/identity/identity_fixture.h"

namespace weighbridge::test {
namespace {

const Catalog& Embedded() {
  static const std::unique_ptr<Catalog> catalog = Catalog::Open("").value();
  return *catalog;
}

constexpr Shape kLlama13B{5120, 40, 40, 40, 128, 13824, 32000, false, false, false};
constexpr Shape kLlama2_70B{8192, 80, 64, 8, 128, 28672, 32000, false, false, false};
constexpr Shape kQwen3_14B{5120, 40, 40, 8, 128, 17408, 151936, false, true, false};

Shape WithVocabulary(Shape shape, std::uint64_t vocab) {
  shape.vocab = vocab;
  return shape;
}
Artifact Card(const std::string& folder, Claims claims) {
  return File(folder + "/README.md", ArtifactKind::kModelCard, "model-card", {}, std::move(claims));
}
Artifact Opaque(const std::string& path) { return Safetensors(path, {T("a.weight", {10, 10})}); }
std::string Hub(const std::string& repository) {
  return "hub/models--" + repository + "/snapshots/" + std::string(40, 'a');
}

TEST_CASE("a changed vocabulary: the base by the card, else those that the shapes leave") {
  struct Row {
    const char* what;
    Shape shape;
    const char* base;  // of the card
    const char* origin;
    const char* candidates;
  };
  const Row rows[] = {
      {"WizardLM's size is Llama's", WithVocabulary(kLlama2_70B, 32001), "", "meta-llama", ""},
      {"so with the card", WithVocabulary(kLlama2_70B, 32001), "meta-llama/Llama-2-70b-hf",
       "meta-llama", ""},
      {"firefly's", WithVocabulary(kLlama2_7B, 55296), "meta-llama/Llama-2-7b-hf", "meta-llama",
       ""},
      {"openchat's", WithVocabulary(kLlama13B, 32002), "", "", "meta-llama,openlm-research"},
      {"near kollama's, which was not padded", WithVocabulary(kLlama13B, 49953), "", "", ""},
      {"the same with the card", WithVocabulary(kLlama13B, 49953), "huggyllama/llama-13b",
       "meta-llama", ""},
      {"no one's, and no video model's", WithVocabulary(kLlama13B, 77777), "", "", ""},
      {"exactly XVERSE's under a card of Llama", WithVocabulary(kLlama13B, 100534),
       "meta-llama/Llama-2-13b-hf", "", "meta-llama,xverse"},
  };
  for (const Row& row : rows) {
    CAPTURE(std::string(row.what));
    std::vector<Artifact> files = {Safetensors("x/w.safetensors", HfTensors(row.shape))};
    if (*row.base != '\0') files.push_back(Card("x", {{"card:base_model", row.base}}));
    const Scan scan(files, Embedded());
    CHECK(scan.Only().identity.origin_publisher == row.origin);
    CHECK(Names(scan.Only().identity.candidates) == row.candidates);
    CHECK(Rules(scan.Only()) == "");
  }
}

TEST_CASE("a word of a path names nobody, a model's whole name does") {
  struct Row {
    const char* path;
    const char* origin;
  };
  const Row rows[] = {
      {"x/llama/w.safetensors", ""},
      {"x/phi-experiments/w.safetensors", ""},
      {"x/gemma-tools/w.safetensors", ""},
      {"x/whisper-notes/w.safetensors", ""},
      {"x/microsoft/detector/w.safetensors", ""},
      {"x/qwen-tokenizer-test/model.safetensors", ""},
      {"x/Qwen2.5-7B/w.safetensors", "Qwen"},
      {"x/Qwen2.5-7B.safetensors", "Qwen"},
  };
  for (const Row& row : rows) {
    CAPTURE(std::string(row.path));
    const Scan scan({Opaque(row.path)}, Embedded());
    CHECK(scan.Only().identity.origin_publisher == row.origin);
    CHECK(scan.Only().identity.developer == row.origin);
    CHECK(scan.Only().identity.candidates.empty());
  }
}

TEST_CASE("an unlisted model of a publisher who has bases of its own") {
  struct Row {
    const char* repository;
    const char* developer;
    const char* lineage;
  };
  const Row rows[] = {
      {"deepseek-ai--DeepSeek-R9-Distill-Qwen3-14B", "deepseek-ai", "Qwen,deepseek-ai"},
      {"microsoft--Phi-9-new", "microsoft", "Qwen,microsoft"},
      {"nvidia--OpenReasoning-X-14B", "nvidia", "Qwen,nvidia"},
  };
  for (const Row& row : rows) {
    CAPTURE(std::string(row.repository));
    const Scan scan(
        {Safetensors(Hub(row.repository) + "/model.safetensors", HfTensors(kQwen3_14B))},
        Embedded());
    CHECK(scan.Only().identity.developer == row.developer);
    CHECK(scan.Only().identity.origin_publisher == "Qwen");
    CHECK(Names(scan.Only().identity.lineage_publishers) == row.lineage);
    CHECK(Rules(scan.Only()) == "");
  }
}

TEST_CASE("who packs is the uploader, who made what was packed the developer") {
  struct Row {
    const char* repository;
    Claims card;
    const char* developer;
    const char* uploader;
    const char* name;
    const char* chain;
  };
  const Row rows[] = {
      {"randomuser--MyQwen-4bit",
       {{"card:base_model", "Qwen/Qwen2.5-7B-Instruct"}, {"card:base_model_relation", "quantized"}},
       "Qwen",
       "randomuser",
       "MyQwen-4bit",
       "quantized:Qwen/Qwen2.5-7B-Instruct finetune:Qwen/Qwen2.5-7B"},
      {"mlx-community--DeepSeek-R1-Distill-Qwen-7B-4bit",
       {{"card:base_model", "deepseek-ai/DeepSeek-R1-Distill-Qwen-7B"}},
       "deepseek-ai",
       "mlx-community",
       "DeepSeek-R1-Distill-Qwen-7B-4bit",
       "quantized:deepseek-ai/DeepSeek-R1-Distill-Qwen-7B distillation:Qwen/Qwen2.5-Math-7B"},
  };
  for (const Row& row : rows) {
    CAPTURE(std::string(row.repository));
    const std::string folder = Hub(row.repository);
    const Scan scan(
        {Safetensors(folder + "/model.safetensors", HfTensors(kQwen25_7B)), Card(folder, row.card)},
        Embedded());
    CHECK(scan.Only().identity.developer == row.developer);
    CHECK(scan.Only().identity.uploader == row.uploader);
    CHECK(scan.Only().identity.name == row.name);
    CHECK(Chain(scan.Only()) == row.chain);
    CHECK(Rules(scan.Only()) == "");
  }
}

TEST_CASE("a merge with an unknown parent, or of two origins, has no origin and no family") {
  for (const char* other : {"acme/unknown", "meta-llama/Llama-3.1-8B"}) {
    CAPTURE(std::string(other));
    const Scan scan({Opaque("x/w.safetensors"), Card("x", {{"card:base_model", "Qwen/Qwen2.5-7B"},
                                                           {"card:base_model", other}})},
                    Embedded());
    CHECK(scan.Only().identity.origin_publisher == "");
    CHECK(scan.Only().identity.family == "");
  }
}

TEST_CASE("a configuration that says llama on what is not") {
  struct Row {
    const char* what;
    std::vector<Tensor> tensors;
    const char* reason;
  };
  std::vector<Tensor> t5;
  std::vector<Tensor> gptj;
  std::vector<Tensor> mixture = HfTensors(kMistral_7B);
  for (std::uint64_t i = 0; i < 4; ++i) {
    const std::string n = std::to_string(i);
    t5.push_back(T("decoder.block." + n + ".layer.0.SelfAttention.q.weight", {64, 64}));
    t5.push_back(T("decoder.block." + n + ".layer.0.layer_norm.weight", {64}));
    gptj.push_back(T("transformer.h." + n + ".attn.q_proj.weight", {64, 64}));
    gptj.push_back(T("transformer.h." + n + ".ln_1.weight", {64}));
    mixture.push_back(T("model.layers." + n + ".block_sparse_moe.gate.weight", {8, 4096}));
  }
  const Row rows[] = {
      {"T5", t5, "llama does not call its attention SelfAttention, the tensors do"},
      {"GPT-J", gptj, "llama does not call its attention attn, the tensors do"},
      {"a mixture", mixture, "llama has no experts, the tensors do"},
  };
  for (const Row& row : rows) {
    CAPTURE(std::string(row.what));
    const Scan scan({Safetensors("x/w.safetensors", row.tensors),
                     File("x/config.json", ArtifactKind::kConfig, "json", {},
                          {{"config:model_type", "llama"}})},
                    Embedded());
    REQUIRE(scan.Only().conflicts.size() == 1);
    CHECK(scan.Only().conflicts[0].message.find(row.reason) != std::string::npos);
  }
}

TEST_CASE("the metadata of a GGUF file against its tensors") {
  const Scan scan({Gguf("x/a.gguf", GgufTensors(kQwen25_7B),
                        {{"gguf:general.architecture", "qwen2"},
                         {"gguf:qwen2.block_count", "32"},
                         {"gguf:qwen2.embedding_length", "3584"}})},
                  Embedded());
  REQUIRE(scan.Only().conflicts.size() == 1);
  CHECK(scan.Only().conflicts[0].message ==
        "a.gguf does not describe these tensors: num_layers is 28 in the tensors, 32 in a.gguf; "
        "the tensors stand");
  // Experts are told by the tensors alone.
  std::vector<Tensor> experts = GgufTensors(kMistral_7B);
  for (std::uint64_t i = 0; i < 32; ++i) {
    const std::string layer = "blk." + std::to_string(i) + ".";
    experts.push_back(T(layer + "ffn_gate_inp.weight", {8, 4096}));
    experts.push_back(T(layer + "ffn_down_exps.weight", {8, 4096, 14336}));
  }
  const Scan mixture({Gguf("x/a.gguf", experts,
                           {{"gguf:general.architecture", "llama"},
                            {"gguf:llama.block_count", "32"},
                            {"gguf:llama.embedding_length", "4096"}})},
                     Embedded());
  CHECK(Rules(mixture.Only()) == "");
}

TEST_CASE("an adapter of a base beside it") {
  std::vector<Tensor> lora = {
      T("base_model.model.model.layers.27.self_attn.q_proj.lora_A.weight", {8, 3584}),
      T("base_model.model.model.layers.27.self_attn.q_proj.lora_B.weight", {3584, 8})};
  const Scan scan({File("x/ad/adapter_model.safetensors", ArtifactKind::kAdapter, "safetensors",
                        std::move(lora)),
                   File("x/ad/adapter_config.json", ArtifactKind::kAdapterConfig, "peft-config", {},
                        {{"adapter:base_model_name_or_path", "../base"}}),
                   Safetensors("x/base/model.safetensors", HfTensors(kQwen25_7B))},
                  Embedded());
  CHECK(scan.At("x/ad/adapter_model.safetensors").identity.origin_publisher == "Qwen");
}

}  // namespace
}  // namespace weighbridge::test
