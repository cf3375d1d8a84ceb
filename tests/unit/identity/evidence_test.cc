// Evidence of claims beyond names and shapes: which of it is followed, and how far.
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

// "field value grade", one a line, of the evidence for one field.
std::string Seen(const Model& model, const std::string& field) {
  std::vector<std::string> lines;
  for (const Evidence& e : model.identity.evidence) {
    if (e.field == field) lines.push_back(e.value + " " + GradeName(e.grade));
  }
  return Join(lines, ", ");
}

TEST_CASE("a base that was extended, deepened or pruned is no conflict") {
  struct Row {
    const char* what;
    void (*change)(Shape&);
    const char* relation;
    const char* rules;
    const char* origin;
  };
  const Row rows[] = {
      {"8,000 more tokens", [](Shape& s) { s.vocab += 8000; }, "", "", "meta-llama"},
      {"16 more layers", [](Shape& s) { s.layers += 16; }, "", "", "meta-llama"},
      {"pruned to 16 layers", [](Shape& s) { s.layers = 16; }, "finetune", "", "meta-llama"},
      {"both", [](Shape& s) { s.layers += 8, s.vocab += 8000; }, "", "", "meta-llama"},
      {"another width", [](Shape& s) { s.ffn = 15000; }, "", "WB-CONFLICT-IDENTITY", ""},
      {"a quantised copy keeps its layers", [](Shape& s) { s.layers += 16; }, "quantized",
       "WB-CONFLICT-IDENTITY", ""},
  };
  for (const Row& row : rows) {
    CAPTURE(std::string(row.what));
    Shape shape = kLlama3_8B;
    row.change(shape);
    Claims card = {{"card:base_model", "meta-llama/Meta-Llama-3-8B"}};
    if (*row.relation != '\0') card.push_back({"card:base_model_relation", row.relation});
    const Scan scan({Safetensors("x/model.safetensors", HfTensors(shape)), Card("x", card)});
    CHECK(Rules(scan.Only()) == row.rules);
    CHECK(scan.Only().identity.origin_publisher == row.origin);
    CHECK(scan.Only().identity.grade == (*row.origin == '\0' ? Grade::kUnknown : Grade::kClaimed));
  }
}

TEST_CASE("a modified base says how; the loaded checkpoint's name is then the base") {
  Shape shape = kLlama3_8B;
  shape.layers = 16;
  const Scan scan({Safetensors("x/model.safetensors", HfTensors(shape)),
                   Config("x", {{"config:model_type", "llama"},
                                {"config:num_hidden_layers", "16"},
                                {"config:_name_or_path", "meta-llama/Meta-Llama-3-8B"}})});
  const Identity& identity = scan.Only().identity;
  CHECK(Rules(scan.Only()) == "");
  CHECK(identity.hub_id == "");
  CHECK(identity.name == "x");
  CHECK(identity.developer == "");
  CHECK(Chain(scan.Only()) == "base:meta-llama/Meta-Llama-3-8B");
  CHECK(identity.evidence.at(1).note ==
        "the _name_or_path of the configuration says \"meta-llama/Meta-Llama-3-8B\"; modified "
        "since: num_layers is 16 in the tensors, 32 as published");
}

TEST_CASE("a configuration that is not that of the tensors stays a conflict") {
  Shape shape = kLlama3_8B;
  shape.layers = 16;
  const Scan scan({Safetensors("x/model.safetensors", HfTensors(shape)),
                   Config("x", {{"config:model_type", "llama"},
                                {"config:num_hidden_layers", "32"},
                                {"config:_name_or_path", "meta-llama/Meta-Llama-3-8B"}})});
  CHECK(Rules(scan.Only()) == "WB-CONFLICT-IDENTITY");
}

TEST_CASE("the class of a configuration is heard like its model_type") {
  const Scan good({Safetensors("x/model.safetensors", HfTensors(kQwen25_7B)),
                   Config("x", {{"config:architectures", "Qwen2ForCausalLM"}})});
  CHECK(Rules(good.Only()) == "");
  CHECK(good.Only().identity.architecture == "qwen2");
  CHECK(Seen(good.Only(), "architecture") == "qwen2 claimed, Qwen2ForCausalLM claimed");
  const Scan bad({Safetensors("x/model.safetensors", HfTensors(kQwen25_7B)),
                  Config("x", {{"config:model_type", "qwen2"},
                               {"config:architectures", "LlamaForCausalLM"}})});
  REQUIRE(bad.Only().conflicts.size() == 1);
  CHECK(bad.Only().conflicts[0].message.starts_with(
      "config.json says the architecture is \"LlamaForCausalLM\", the tensors are not: llama has "
      "no biases on q, k and v, the tensors do"));
}

TEST_CASE("auto_map picks an origin and names neither the model nor its developer") {
  const auto with = [](const char* repository) {
    return Scan({Safetensors("x/model.safetensors", HfTensors(kLlama2_7B)),
                 Config("x", {{"config:auto_map", "modeling.Local"},
                              {"config:auto_map", std::string(repository) + "--modeling.Net"}})});
  };
  const Scan picked = with("openlm-research/open_llama_7b");
  CHECK(picked.Only().identity.origin_publisher == "openlm-research");
  CHECK(picked.Only().identity.grade == Grade::kClaimed);
  CHECK(picked.Only().identity.hub_id == "");
  CHECK(picked.Only().identity.developer == "");
  CHECK(Chain(picked.Only()) == "");
  // Code that is lent to a model of another shape says nothing.
  const Scan lent = with("Qwen/Qwen2.5-7B");
  CHECK(Rules(lent.Only()) == "");
  CHECK(Names(lent.Only().identity.candidates) == "deepseek-ai,meta-llama,openlm-research");
}

TEST_CASE("authors count when they are known publishers") {
  struct Row {
    const char* what;
    Artifact file;
    const char* developer;
    const char* uploader;
  };
  const Row rows[] = {
      {"modelspec",
       Safetensors("x/a.safetensors", {T("w", {2})},
                   {{"safetensors:modelspec.author", "Qwen"},
                    {"safetensors:modelspec.title", "Something new"}}),
       "Qwen", ""},
      {"gguf organization",
       Gguf("x/a.gguf", GgufTensors(kLlama2_7B),
            {{"gguf:general.architecture", "llama"}, {"gguf:general.organization", "Meta Llama"}}),
       "meta-llama", ""},
      {"onnx",
       File("x/a.onnx", ArtifactKind::kWeights, "onnx", {T("w", {2})},
            {{"onnx:metadata:author", "Qwen"}}),
       "Qwen", ""},
      {"unknown",
       Safetensors("x/a.safetensors", {T("w", {2})},
                   {{"safetensors:modelspec.author", "somebody"}}),
       "", ""},
      {"quantized_by",
       Gguf("x/a.gguf", GgufTensors(kQwen25_7B), {{"gguf:general.quantized_by", "mradermacher"}}),
       "", "mradermacher"},
  };
  for (const Row& row : rows) {
    CAPTURE(std::string(row.what));
    const Scan scan({row.file});
    const Identity& identity = scan.Only().identity;
    CHECK(identity.developer == row.developer);
    CHECK(identity.uploader == row.uploader);
    const auto expected = [](const std::string& name) {
      return name.empty() ? name : name + " claimed";
    };
    CHECK(Seen(scan.Only(), "developer") == expected(row.developer));
    CHECK(Seen(scan.Only(), "uploader") == expected(row.uploader));
  }
}

TEST_CASE("an author is quoted as the file writes it") {
  const Scan scan({Gguf(
      "x/a.gguf", GgufTensors(kLlama2_7B),
      {{"gguf:general.architecture", "llama"}, {"gguf:general.organization", "Meta Llama"}})});
  const Identity& identity = scan.Only().identity;
  const auto origin = std::find_if(
      identity.evidence.begin(), identity.evidence.end(),
      [](const Evidence& e) { return e.field == "origin" && e.grade == Grade::kClaimed; });
  REQUIRE(origin != identity.evidence.end());
  CHECK(origin->value == "meta-llama");
  CHECK(origin->note ==
        "the general.organization of the file says \"Meta Llama\", which leads to meta-llama; it "
        "picks among the origins that the shapes leave");
}

TEST_CASE("an organization that never built on these shapes is a conflict") {
  const Scan scan({Gguf(
      "x/a.gguf", GgufTensors(kQwen25_7B),
      {{"gguf:general.architecture", "qwen2"}, {"gguf:general.organization", "Meta Llama"}})});
  CHECK(scan.Only().identity.developer == "");
  CHECK(scan.Only().identity.origin_publisher == "Qwen");
  CHECK(Rules(scan.Only()) == "WB-CONFLICT-IDENTITY");
}

TEST_CASE("the hub revision is the version unless the file states one") {
  Artifact metadata =
      File("x/.cache/huggingface/download/model.safetensors.metadata", ArtifactKind::kHubMetadata,
           "hub_metadata", {}, {{"hub:commit", std::string(40, 'c')}});
  const Scan scan({Safetensors("x/model.safetensors", {T("w", {2})}), metadata});
  CHECK(scan.Only().identity.version == std::string(40, 'c'));
  CHECK(Seen(scan.Only(), "version") == std::string(40, 'c') + " claimed");
}

TEST_CASE("a content-addressed store names its files by digest") {
  struct Row {
    std::string path;
    const char* rules;
  };
  const std::string hex(64, 'b');
  const Row rows[] = {
      {"models/blobs/sha256-" + hex, "WB-DIGEST-MISMATCH"},
      {"models--a--b/blobs/" + hex, "WB-DIGEST-MISMATCH"},
      {"oci/blobs/sha256/" + hex, "WB-DIGEST-MISMATCH"},
      {"r/.git/lfs/objects/bb/bb/" + hex, "WB-DIGEST-MISMATCH"},
      {"r/.git/lfs/objects/aa/bb/" + hex, ""},
      {"x/" + hex, ""},
      {"blobs/" + hex + "-partial", ""},
  };
  for (const Row& row : rows) {
    CAPTURE(row.path);
    Artifact file = Safetensors(row.path, {T("w", {2})});
    file.sha256 = std::string(64, 'a');
    const Scan scan({file});
    CHECK(Rules(scan.Only()) == row.rules);
    file.sha256 = hex;
    CHECK(Rules(Scan({file}).Only()) == "");
    file.sha256.clear();
    CHECK(Rules(Scan({file}).Only()) == "");
  }
}

TEST_CASE("an adapter against a base that lies in the same scan") {
  const auto adapter = [](std::uint64_t hidden) {
    std::vector<Tensor> t;
    for (std::uint64_t i = 0; i < 28; ++i) {
      const std::string m =
          "base_model.model.model.layers." + std::to_string(i) + ".self_attn.q_proj.";
      t.push_back(T(m + "lora_A.weight", {16, hidden}));
      t.push_back(T(m + "lora_B.weight", {hidden, 16}));
    }
    return File("a/adapter_model.safetensors", ArtifactKind::kAdapter, "safetensors", t);
  };
  const auto config = File("a/adapter_config.json", ArtifactKind::kAdapterConfig, "peft-config", {},
                           {{"adapter:base_model_name_or_path", "./models/base"}});
  const auto base = Safetensors("models/base/model.safetensors", HfTensors(kQwen25_7B));
  const Scan fits({adapter(3584), config, base});
  CHECK(Rules(fits.At("a/adapter_model.safetensors")) == "");
  CHECK(fits.At("a/adapter_model.safetensors").identity.grade == Grade::kClaimed);
  const Scan differs({adapter(4096), config, base});
  const Model& model = differs.At("a/adapter_model.safetensors");
  CHECK(model.identity.origin_publisher == "");
  CHECK(Chain(model) == "");
  REQUIRE(model.conflicts.size() == 1);
  CHECK(model.conflicts[0].message ==
        "the base_model_name_or_path of the adapter configuration says \"./models/base\" is the "
        "base, the adapter does not fit it: hidden_size is 4096 in the adapter, 3584 in "
        "models/base/model.safetensors; no base is concluded");
}

}  // namespace
}  // namespace weighbridge::test
