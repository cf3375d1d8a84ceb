// Identity: what is concluded from which evidence.
#include <doctest/doctest.h>

#include "tests/unit/identity/identity_fixture.h"

namespace weighbridge::test {
namespace {

Artifact Config(const std::string& folder, Claims claims) {
  return File(folder + "/config.json", ArtifactKind::kConfig, "json", {}, std::move(claims));
}
Artifact Card(const std::string& folder, Claims claims) {
  return File(folder + "/README.md", ArtifactKind::kModelCard, "model-card", {}, std::move(claims));
}

TEST_CASE("structure alone: origins of renamed weights without side-cars") {
  struct Row {
    const char* what;
    Shape shape;
    const char* origin;
    const char* country;
    const char* candidates;
    const char* grade;
  };
  Shape padded = kQwen25_7B;
  padded.vocab += 128;
  Shape unknown = kQwen25_7B;
  unknown.ffn = 18000;
  Shape wrong_bias = kQwen25_7B;
  wrong_bias.bias = false;
  const Row rows[] = {
      {"Qwen2.5-7B", kQwen25_7B, "Qwen", "CN", "", "inferred"},
      {"Qwen2.5-7B, padded vocabulary", padded, "Qwen", "CN", "", "inferred"},
      {"Qwen3-8B", kQwen3_8B, "Qwen", "CN", "", "inferred"},
      {"Llama 3 8B", kLlama3_8B, "meta-llama", "US", "", "inferred"},
      {"another feed-forward width", unknown, "", "", "", "unknown"},
      {"without Qwen's biases", wrong_bias, "", "", "", "unknown"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.what);
    for (const bool gguf : {false, true}) {
      CAPTURE(gguf);
      const Scan scan({gguf ? Gguf("x/renamed.gguf", GgufTensors(row.shape))
                            : Safetensors("x/renamed.safetensors", HfTensors(row.shape))});
      const Model& model = scan.Only();
      CHECK(model.identity.origin_publisher == row.origin);
      CHECK(model.identity.origin_country == row.country);
      CHECK(Names(model.identity.candidates) == row.candidates);
      CHECK(std::string(GradeName(model.identity.grade)) == row.grade);
      CHECK(Rules(model) == "");
      CHECK(model.identity.hub_id == "");
      CHECK(model.identity.developer == "");
    }
  }
}

TEST_CASE("one family or none: those that share a shape are told by the candidate models") {
  const Scan qwen({Safetensors("x/renamed.safetensors", HfTensors(kQwen25_7B))});
  CHECK(qwen.Only().identity.family == "");
  CHECK(!qwen.Only().identity.candidate_models.empty());
  CHECK(qwen.Only().identity.architecture == "qwen2");
  const Scan qwen3({Safetensors("x/renamed.safetensors", HfTensors(kQwen3_8B))});
  CHECK(qwen3.Only().identity.family == "Qwen3");
}

TEST_CASE("a shape of several origins is reported as its candidates") {
  const Scan scan({Safetensors("x/renamed.safetensors", HfTensors(kLlama2_7B))});
  const Identity& identity = scan.Only().identity;
  CHECK(identity.origin_publisher == "");
  CHECK(identity.origin_country == "");
  CHECK(Names(identity.candidates) == "deepseek-ai,meta-llama,openlm-research");
  CHECK(identity.grade == Grade::kUnknown);
  CHECK(identity.candidate_models.size() == 16);
}

TEST_CASE("a claim picks one of the structural candidates") {
  struct Row {
    const char* what;
    Artifact side_car;
    const char* origin;
  };
  const Row rows[] = {
      {"card", Card("x", {{"card:base_model", "meta-llama/Llama-2-7b-hf"}}), "meta-llama"},
      {"card of the other", Card("x", {{"card:base_model", "openlm-research/open_llama_7b"}}),
       "openlm-research"},
      {"configuration", Config("x", {{"config:_name_or_path", "meta-llama/Llama-2-7b-chat-hf"}}),
       "meta-llama"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.what);
    const Scan scan({Safetensors("x/renamed.safetensors", HfTensors(kLlama2_7B)), row.side_car});
    CHECK(scan.Only().identity.origin_publisher == row.origin);
    CHECK(scan.Only().identity.grade == Grade::kClaimed);
    CHECK(scan.Only().identity.candidates.empty());
    CHECK(Rules(scan.Only()) == "");
  }
}

TEST_CASE("the bytes win over a configuration that says llama") {
  const Scan scan({Safetensors("x/model.safetensors", HfTensors(kQwen25_7B)),
                   Config("x", {{"config:model_type", "llama"}, {"config:hidden_size", "3584"}})});
  const Model& model = scan.Only();
  CHECK(model.identity.origin_publisher == "Qwen");
  CHECK(model.identity.origin_country == "CN");
  CHECK(model.identity.architecture == "qwen2");
  REQUIRE(model.conflicts.size() == 1);
  CHECK(model.conflicts[0].rule_id == "WB-CONFLICT-IDENTITY");
  CHECK(model.conflicts[0].location.path == "x/config.json");
  CHECK(model.conflicts[0].message.find(
            "config.json says the architecture is \"llama\", the tensors are not: "
            "llama has no biases on q, k and v, the tensors do") == 0);
}

TEST_CASE("dimensions of a configuration that are not those of the tensors") {
  const Scan scan({Safetensors("x/model.safetensors", HfTensors(kQwen25_7B)),
                   Config("x", {{"config:model_type", "qwen2"}, {"config:hidden_size", "4096"}})});
  REQUIRE(scan.Only().conflicts.size() == 1);
  CHECK(scan.Only().conflicts[0].message ==
        "config.json does not describe these tensors: hidden_size is 3584 in the tensors, 4096 in "
        "config.json; "
        "the tensors stand");
  CHECK(scan.Only().identity.origin_publisher == "Qwen");
}

TEST_CASE("a wrong base_model in a card loses and feeds nothing") {
  const Scan scan({Safetensors("x/model.safetensors", HfTensors(kQwen25_7B)),
                   Card("x", {{"card:base_model", "meta-llama/Meta-Llama-3-8B"}})});
  const Model& model = scan.Only();
  CHECK(model.identity.origin_publisher == "Qwen");
  CHECK(Names(model.identity.lineage_publishers) == "Qwen");
  CHECK(Chain(model) == "");
  REQUIRE(model.conflicts.size() == 1);
  CHECK(model.conflicts[0].message ==
        "the base_model of the card says \"meta-llama/Meta-Llama-3-8B\" is the base, the tensors "
        "are not that model: "
        "hidden_size is 3584 in the tensors, 4096 as published; the tensors stand");
}

TEST_CASE("a lying general.name of a GGUF file loses") {
  const Scan scan(
      {Gguf("x/a.gguf", GgufTensors(kQwen25_7B),
            {{"gguf:general.architecture", "qwen2"}, {"gguf:general.name", "Llama 3 8B"}})});
  const Model& model = scan.Only();
  CHECK(model.identity.origin_publisher == "Qwen");
  CHECK(model.identity.grade == Grade::kInferred);
  CHECK(model.identity.architecture == "qwen2");
  CHECK(model.identity.quantisation == "Q4_K");
  CHECK(Rules(model) == "WB-CONFLICT-IDENTITY");
  CHECK(model.identity.name == "a");
}

TEST_CASE("a distillation concerns both publishers") {
  const Scan scan({Safetensors("x/model.safetensors", HfTensors(kQwen25_7B)),
                   Config("x", {{"config:_name_or_path", "deepseek-ai/DeepSeek-R1-Distill-Qwen-7B"},
                                {"config:model_type", "qwen2"}})});
  const Identity& identity = scan.Only().identity;
  CHECK(identity.origin_publisher == "Qwen");
  CHECK(identity.developer == "");  // what was loaded may be the base of another's work
  CHECK(Names(identity.lineage_publishers) == "Qwen,deepseek-ai");
  CHECK(Chain(scan.Only()) ==
        "base:deepseek-ai/DeepSeek-R1-Distill-Qwen-7B distillation:Qwen/Qwen2.5-Math-7B");
  CHECK(identity.family == "DeepSeek-R1-Distill");
  CHECK(Rules(scan.Only()) == "");
}

TEST_CASE("the tokens of a distiller on the layers of another publisher") {
  const Scan scan({Gguf(
      "x/a.gguf", GgufTensors(kQwen25_7B),
      {{"gguf:general.architecture", "qwen2"}, {"gguf:tokenizer.ggml.pre", "deepseek-r1-qwen"}})});
  const Identity& identity = scan.Only().identity;
  CHECK(identity.origin_publisher == "Qwen");
  CHECK(identity.grade == Grade::kInferred);
  CHECK(identity.developer == "deepseek-ai");
  CHECK(Names(identity.lineage_publishers) == "Qwen,deepseek-ai");
}

TEST_CASE("a hub cache path names the model, a re-packager is no developer") {
  const std::string commit(40, 'a');
  const Scan own({Safetensors(
      "hub/models--Qwen--Qwen2.5-7B-Instruct/snapshots/" + commit + "/model.safetensors",
      HfTensors(kQwen25_7B))});
  CHECK(own.Only().identity.name == "Qwen2.5-7B-Instruct");
  CHECK(own.Only().identity.hub_id == "Qwen/Qwen2.5-7B-Instruct");
  CHECK(own.Only().identity.developer == "Qwen");
  CHECK(own.Only().identity.grade == Grade::kClaimed);
  CHECK(own.Only().identity.catalogue_licence == "apache-2.0");

  const Scan repacked({Gguf("hub/models--bartowski--Qwen2.5-7B-Instruct-GGUF/snapshots/" + commit +
                                "/Qwen2.5-7B-Instruct-Q4_K_M.gguf",
                            GgufTensors(kQwen25_7B))});
  CHECK(repacked.Only().identity.uploader == "bartowski");
  CHECK(repacked.Only().identity.developer == "Qwen");
  CHECK(repacked.Only().identity.origin_publisher == "Qwen");
  CHECK(Chain(repacked.Only()) == "quantized:Qwen/Qwen2.5-7B-Instruct finetune:Qwen/Qwen2.5-7B");
  CHECK(Names(repacked.Only().identity.lineage_publishers) == "Qwen");
}

TEST_CASE("an unknown fine-tuner is the developer") {
  const std::string commit(40, 'b');
  const std::string folder = "hub/models--somebody--MyTune/snapshots/" + commit;
  const Scan scan({Safetensors(folder + "/model.safetensors", HfTensors(kQwen25_7B)),
                   Card(folder, {{"card:base_model", "Qwen/Qwen2.5-7B"}}),
                   Config(folder, {{"config:_name_or_path", "Qwen/Qwen2.5-7B"},
                                   {"config:model_type", "qwen2"}})});
  const Identity& identity = scan.Only().identity;
  CHECK(identity.developer == "somebody");
  CHECK(identity.origin_publisher == "Qwen");
  CHECK(identity.hub_id == "somebody/MyTune");
  CHECK(Names(identity.lineage_publishers) == "Qwen,somebody");
  CHECK(Chain(scan.Only()) == "finetune:Qwen/Qwen2.5-7B");
}

TEST_CASE("merges: a common root is the origin, else the roots are candidates") {
  const auto unknown = std::vector<Tensor>{T("w", {3, 5})};
  const Scan common({Safetensors("x/model.safetensors", unknown),
                     Card("x", {{"card:base_model", "Qwen/Qwen2.5-7B"},
                                {"card:base_model", "Qwen/Qwen2.5-Coder-7B"}})});
  CHECK(common.Only().identity.origin_publisher == "Qwen");
  CHECK(common.Only().identity.grade == Grade::kClaimed);
  CHECK(Chain(common.Only()) == "merge:Qwen/Qwen2.5-7B merge:Qwen/Qwen2.5-Coder-7B");
  const Scan mixed({Safetensors("x/model.safetensors", unknown),
                    Card("x", {{"card:base_model", "meta-llama/Llama-2-7b-hf"},
                               {"card:base_model", "mistralai/Mistral-7B-v0.1"}})});
  CHECK(mixed.Only().identity.origin_publisher == "");
  CHECK(Names(mixed.Only().identity.candidates) == "meta-llama,mistralai");
  CHECK(mixed.Only().identity.grade == Grade::kUnknown);
}

std::vector<Tensor> Lora(std::uint64_t hidden, std::uint64_t layers, std::uint64_t q) {
  std::vector<Tensor> t;
  for (std::uint64_t i = 0; i < layers; ++i) {
    const std::string m =
        "base_model.model.model.layers." + std::to_string(i) + ".self_attn.q_proj.";
    t.push_back(T(m + "lora_A.weight", {16, hidden}));
    t.push_back(T(m + "lora_B.weight", {q, 16}));
  }
  return t;
}

TEST_CASE("an adapter points to its base; shapes that disagree are a conflict") {
  const auto adapter_config = [](const char* base) {
    return File("a/adapter_config.json", ArtifactKind::kAdapterConfig, "peft-config", {},
                {{"adapter:base_model_name_or_path", base}});
  };
  const auto adapter = [](std::uint64_t hidden) {
    return File("a/adapter_model.safetensors", ArtifactKind::kAdapter, "safetensors",
                Lora(hidden, 28, hidden));
  };
  const Scan good({adapter(3584), adapter_config("Qwen/Qwen2.5-7B")});
  CHECK(good.Only().is_adapter);
  CHECK(good.Only().identity.origin_publisher == "Qwen");
  CHECK(good.Only().identity.grade == Grade::kClaimed);
  CHECK(Chain(good.Only()) == "adapter:Qwen/Qwen2.5-7B");
  CHECK(Rules(good.Only()) == "");

  const Scan wrong({adapter(3584), adapter_config("meta-llama/Llama-2-7b-hf")});
  CHECK(wrong.Only().identity.origin_publisher == "");
  CHECK(Rules(wrong.Only()) == "WB-CONFLICT-IDENTITY");

  const Scan unknown({adapter(3584), adapter_config("nobody/knows-this")});
  CHECK(unknown.Only().identity.grade == Grade::kUnknown);
  REQUIRE(!unknown.Only().identity.evidence.empty());
  CHECK(unknown.Only().identity.evidence.back().value == "unknown");
}

TEST_CASE("an adapter whose base was scanned with it takes the base's origin") {
  const Scan scan({File("a/adapter_model.safetensors", ArtifactKind::kAdapter, "safetensors",
                        Lora(3584, 28, 3584)),
                   File("a/adapter_config.json", ArtifactKind::kAdapterConfig, "peft-config", {},
                        {{"adapter:base_model_name_or_path", "./models/base"}}),
                   Safetensors("models/base/model.safetensors", HfTensors(kQwen25_7B))});
  CHECK(scan.At("a/adapter_model.safetensors").identity.origin_publisher == "Qwen");
}

FakeCatalog WithHash(const char* digest, const char* repo, const char* uploader, const char* base,
                     const char* origin, const char* basis) {
  FakeCatalog catalog;
  HashRow row;
  row.algorithm = "sha256";
  row.digest = digest;
  row.file_name = "model.safetensors";
  row.hub_repo = repo;
  row.uploader = uploader;
  row.base_model = base;
  row.origin_publisher = origin;
  row.origin_basis = basis;
  catalog.hashes.push_back(row);
  return catalog;
}

TEST_CASE("digests: verified only when computed and the origin is more than a name") {
  struct Row {
    const char* basis;
    bool computed;
    const char* grade;
  };
  const Row rows[] = {{"mirror", true, "verified"}, {"catalogue", true, "verified"},
                      {"name", true, "claimed"},    {"name-derivative", true, "claimed"},
                      {"mirror", false, "claimed"}, {"name-convention", false, "claimed"}};
  const std::string digest(64, '7');
  for (const Row& row : rows) {
    CAPTURE(row.basis);
    CAPTURE(row.computed);
    const FakeCatalog catalog = WithHash(digest.c_str(), "Qwen/Qwen2.5-7B-Instruct", "Qwen",
                                         "Qwen/Qwen2.5-7B-Instruct", "Qwen", row.basis);
    Artifact file = row.computed
                        ? Safetensors("x/blob.safetensors", {T("w", {2})})
                        : File("x/blob.safetensors", ArtifactKind::kPointer, "lfs_pointer");
    if (row.computed)
      file.sha256 = digest;
    else
      file.stated_digests.push_back({"sha256", digest, "", 0});
    const Scan scan({file}, catalog);
    CHECK(std::string(GradeName(scan.Only().identity.grade)) == row.grade);
    CHECK(scan.Only().identity.origin_publisher == "Qwen");
    CHECK(scan.Only().identity.origin_country == "CN");
    CHECK(scan.Only().pointer_only == !row.computed);
    CHECK(scan.Only().identity.developer == "Qwen");
  }
}

TEST_CASE("a re-quantiser's file with a known digest") {
  const std::string digest(64, '9');
  const FakeCatalog catalog =
      WithHash(digest.c_str(), "bartowski/DeepSeek-R1-Distill-Qwen-7B-GGUF", "bartowski",
               "deepseek-ai/DeepSeek-R1-Distill-Qwen-7B", "Qwen", "catalogue");
  Artifact file = Gguf("x/a.gguf", GgufTensors(kQwen25_7B));
  file.sha256 = digest;
  const Scan scan({file}, catalog);
  const Identity& identity = scan.Only().identity;
  CHECK(identity.grade == Grade::kVerified);
  CHECK(identity.uploader == "bartowski");
  CHECK(identity.developer == "deepseek-ai");
  CHECK(identity.origin_publisher == "Qwen");
  CHECK(Chain(scan.Only()) ==
        "quantized:deepseek-ai/DeepSeek-R1-Distill-Qwen-7B distillation:Qwen/Qwen2.5-Math-7B");
}

TEST_CASE("a stated digest that is not the file's") {
  Artifact file = Safetensors("x/model.safetensors", {T("w", {2})});
  file.sha256 = std::string(64, 'a');
  Artifact metadata = File("x/.cache/huggingface/download/model.safetensors.metadata",
                           ArtifactKind::kHubMetadata, "hub-metadata");
  metadata.stated_digests.push_back({"sha256", std::string(64, 'b'), "model.safetensors", 0});
  const Scan scan({file, metadata});
  REQUIRE(scan.Only().conflicts.size() == 1);
  CHECK(scan.Only().conflicts[0].rule_id == "WB-DIGEST-MISMATCH");
  CHECK(scan.Only().conflicts[0].message ==
        "model.safetensors.metadata states sha256 " + std::string(64, 'b') + ", the file's is " +
            std::string(64, 'a') + " (x/model.safetensors); what was computed stands");
  metadata.stated_digests[0].hex = std::string(64, 'a');
  CHECK(Rules(Scan({file, metadata}).Only()) == "");
}

TEST_CASE("licence statements") {
  struct Row {
    const char* what;
    Claims card;
    const char* text;
    const char* rules;
  };
  const Row rows[] = {
      {"agree", {{"card:license", "apache-2.0"}}, "Apache-2.0", ""},
      {"disagree", {{"card:license", "apache-2.0"}}, "MIT", "WB-CONFLICT-LICENCE"},
      {"spellings of one",
       {{"card:license", "llama2"}},
       "LicenseRef-scancode-llama-2-license-2023",
       ""},
      {"other, with the name of the text",
       {{"card:license", "other"}, {"card:license_name", "llama3"}},
       "llama3",
       ""},
      {"other, with another name",
       {{"card:license", "other"}, {"card:license_name", "llama4"}},
       "llama3",
       "WB-CONFLICT-LICENCE"},
      {"text not recognised", {{"card:license", "mit"}}, "unknown", ""},
  };
  for (const Row& row : rows) {
    CAPTURE(row.what);
    const Scan scan({Safetensors("x/model.safetensors", {T("w", {2})}), Card("x", row.card),
                     File("x/LICENSE", ArtifactKind::kLicenceText, "licence-text", {},
                          {{"licence:id", row.text}})});
    CHECK(Rules(scan.Only()) == row.rules);
    CHECK(scan.Only().identity.licences.size() == 2);
  }
}

TEST_CASE("the card's licence against that of the concluded model") {
  const std::string folder = "hub/models--Qwen--Qwen2.5-7B/snapshots/" + std::string(40, 'c');
  const Scan scan({Safetensors(folder + "/model.safetensors", HfTensors(kQwen25_7B)),
                   Card(folder, {{"card:license", "mit"}})});
  REQUIRE(scan.Only().conflicts.size() == 1);
  CHECK(scan.Only().conflicts[0].message ==
        "the model card says mit, but Qwen/Qwen2.5-7B is published under apache-2.0; both "
        "statements are kept, "
        "neither is chosen");
}

TEST_CASE("a quantised copy by a known vendor keeps the base as origin") {
  const Scan scan({Safetensors("x/model.safetensors", HfTensors(kQwen25_7B)),
                   Card("x", {{"card:base_model", "Qwen/Qwen2.5-7B-Instruct"},
                              {"card:base_model_relation", "quantized"}})});
  CHECK(scan.Only().identity.developer == "Qwen");
  CHECK(scan.Only().identity.hub_id == "Qwen/Qwen2.5-7B-Instruct");
}

TEST_CASE("a path that names another model loses, a folder of one word says nothing") {
  const Scan named(
      {Safetensors("meta-llama/Meta-Llama-3-8B/model.safetensors", HfTensors(kQwen25_7B))});
  CHECK(Rules(named.Only()) == "WB-CONFLICT-IDENTITY");
  CHECK(named.Only().identity.origin_publisher == "Qwen");
  CHECK(named.Only().identity.developer == "");
  CHECK(Names(named.Only().identity.lineage_publishers) == "Qwen");
  const Scan word({Safetensors("opt/llama/a.safetensors", HfTensors(kQwen25_7B))});
  CHECK(Rules(word.Only()) == "");
  CHECK(word.Only().identity.origin_publisher == "Qwen");
}

TEST_CASE("nothing known: unknown, with the parameters counted") {
  const Scan scan(
      {Safetensors("x/model.safetensors", {T("a.weight", {10, 20}), T("a.bias", {10})})});
  CHECK(scan.Only().identity.grade == Grade::kUnknown);
  CHECK(scan.Only().identity.parameters == 210);
  CHECK(scan.Only().identity.name == "x");
}

}  // namespace
}  // namespace weighbridge::test
