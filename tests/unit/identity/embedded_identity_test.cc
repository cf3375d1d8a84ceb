// Identity against the catalogue that is compiled into the program.
#include <doctest/doctest.h>

#include "tests/unit/identity/identity_fixture.h"

namespace weighbridge::test {
namespace {

const Catalog& Embedded() {
  static const std::unique_ptr<Catalog> catalog = Catalog::Open("").value();
  return *catalog;
}

// Latent attention and routed experts, DeepSeek V2 and later; the first layer is dense.
std::vector<Tensor> Latent(std::uint64_t hidden, std::uint64_t layers, std::uint64_t heads,
                           std::uint64_t vocab, std::uint64_t ffn, std::uint64_t experts,
                           std::uint64_t expert_ffn, std::uint64_t q_rank) {
  std::vector<Tensor> t = {T("model.embed_tokens.weight", {vocab, hidden}),
                           T("lm_head.weight", {vocab, hidden}), T("model.norm.weight", {hidden})};
  for (std::uint64_t i = 0; i < layers; ++i) {
    const std::string l = "model.layers." + std::to_string(i) + ".";
    t.push_back(T(l + "input_layernorm.weight", {hidden}));
    t.push_back(T(l + "self_attn.kv_a_proj_with_mqa.weight", {576, hidden}));
    t.push_back(T(l + "self_attn.kv_a_layernorm.weight", {512}));
    t.push_back(T(l + "self_attn.kv_b_proj.weight", {heads * 256, 512}));
    if (q_rank != 0)
      t.push_back(T(l + "self_attn.q_a_layernorm.weight", {q_rank}));
    else
      t.push_back(T(l + "self_attn.q_proj.weight", {heads * 192, hidden}));
    t.push_back(T(l + "self_attn.o_proj.weight", {hidden, heads * 128}));
    if (i == 0) {
      t.push_back(T(l + "mlp.down_proj.weight", {hidden, ffn}));
      continue;
    }
    t.push_back(T(l + "mlp.gate.weight", {experts, hidden}));
    t.push_back(T(l + "mlp.shared_experts.down_proj.weight", {hidden, 2 * expert_ffn}));
    t.push_back(T(l + "mlp.experts." + std::to_string(experts - 1) + ".down_proj.weight",
                  {hidden, expert_ffn}));
  }
  return t;
}

// Routed experts with Qwen3's attention.
std::vector<Tensor> Qwen3Moe() {
  Shape shape{2048, 48, 32, 4, 128, 6144, 151936, false, true, false};
  std::vector<Tensor> t = HfTensors(shape);
  std::erase_if(
      t, [](const Tensor& tensor) { return tensor.name.find(".mlp.") != std::string::npos; });
  for (std::uint64_t i = 0; i < 48; ++i) {
    const std::string l = "model.layers." + std::to_string(i) + ".mlp.";
    t.push_back(T(l + "gate.weight", {128, 2048}));
    t.push_back(T(l + "experts.127.down_proj.weight", {2048, 768}));
  }
  return t;
}

TEST_CASE("renamed weights of well-known models") {
  struct Row {
    const char* what;
    std::vector<Tensor> tensors;
    const char* origin;
    const char* country;
    const char* candidates;
  };
  const Row rows[] = {
      {"Qwen2.5-7B", HfTensors(kQwen25_7B), "Qwen", "CN", ""},
      {"Qwen3-8B", HfTensors(kQwen3_8B), "Qwen", "CN", ""},
      {"Qwen2.5-0.5B", HfTensors({896, 24, 14, 2, 64, 4864, 151936, true, false, true}), "Qwen",
       "CN", ""},
      {"Llama 3 8B", HfTensors(kLlama3_8B), "meta-llama", "US", ""},
      {"Llama 2 7B", HfTensors(kLlama2_7B), "", "", "deepseek-ai,meta-llama,openlm-research"},
      {"Mistral 7B", HfTensors(kMistral_7B), "mistralai", "FR", ""},
      {"Yi-6B", HfTensors({4096, 32, 32, 4, 128, 11008, 64000, false, false, false}), "01-ai", "CN",
       ""},
      {"Yi-34B", HfTensors({7168, 60, 56, 8, 128, 20480, 64000, false, false, false}), "01-ai",
       "CN", ""},
      {"DeepSeek-V2-Lite", Latent(2048, 27, 16, 102400, 10944, 64, 1408, 0), "deepseek-ai", "CN",
       ""},
      {"Moonlight", Latent(2048, 27, 16, 163840, 11264, 64, 1408, 0), "moonshotai", "CN", ""},
      {"DeepSeek-V3", Latent(7168, 61, 128, 129280, 18432, 256, 2048, 1536), "deepseek-ai", "CN",
       ""},
      {"Kimi K2", Latent(7168, 61, 64, 163840, 18432, 384, 2048, 1536), "moonshotai", "CN", ""},
      {"Qwen3-30B-A3B", Qwen3Moe(), "Qwen", "CN", ""},
  };
  for (const Row& row : rows) {
    CAPTURE(std::string(row.what));
    const Scan scan({Safetensors("x/renamed.safetensors", row.tensors)}, Embedded());
    const Identity& identity = scan.Only().identity;
    CHECK(identity.origin_publisher == row.origin);
    CHECK(identity.origin_country == row.country);
    CHECK(Names(identity.candidates) == row.candidates);
    CHECK(identity.grade == (*row.origin == '\0' ? Grade::kUnknown : Grade::kInferred));
    CHECK(Rules(scan.Only()) == "");
  }
}

TEST_CASE("a known digest of the embedded tables") {
  Artifact file = File("x/anything.gguf", ArtifactKind::kWeights, "gguf", {T("w", {2})});
  file.sha256 = "7a0f853dbd8d38bad71ada1933fd067f45f928b2cd978aba1dfd7d5dec2953db";
  const Scan scan({file}, Embedded());
  const Identity& identity = scan.Only().identity;
  CHECK(identity.grade == Grade::kVerified);
  CHECK(identity.origin_publisher == "01-ai");
  CHECK(identity.origin_country == "CN");
  CHECK(identity.uploader == "MaziyarPanahi");
  CHECK(identity.developer == "01-ai");
  CHECK(identity.hub_id == "01-ai/Yi-1.5-6B-Chat");
  CHECK(identity.name == "Yi-1.5-6B-Chat-GGUF");
}

TEST_CASE("a lone shard is placed by what it shows") {
  std::vector<Tensor> half = HfTensors(kQwen25_7B);
  half.resize(half.size() / 2);
  const Scan scan({Safetensors("x/part-00001-of-00002.safetensors", half)}, Embedded());
  CHECK_FALSE(scan.Only().complete);
  CHECK(scan.Only().identity.origin_publisher == "Qwen");
  CHECK(scan.Only().identity.parameters == 0);
}

}  // namespace
}  // namespace weighbridge::test
