// Ollama stores as server/manifest.go and types/model lay them out, on disk and in a tar.
#include <doctest/doctest.h>

#include "tests/support/store_builder.h"

namespace weighbridge {
namespace {

using namespace test;
using Lines = std::vector<std::string>;

struct OllamaLayer {
  std::string type;
  std::string bytes;
  std::string from = {};
};

constexpr const char* kOllama = "application/vnd.ollama.image.";

class OllamaStore {
 public:
  explicit OllamaStore(std::string separator = "-") : separator_(std::move(separator)) {}

  OllamaStore& Model(
      const std::string& place, const std::vector<OllamaLayer>& layers,
      const std::string& extra_config = R"("model_family":"llama","model_type":"3.2B",
                         "file_type":"Q4_K_M")") {
    const std::string config = R"({"model_format":"gguf",)" + extra_config +
                               R"(,"architecture":"amd64","os":"linux",
         "rootfs":{"type":"layers","diff_ids":["sha256:00"]}})";
    Json manifest = {{"schemaVersion", 2},
                     {"mediaType", "application/vnd.docker.distribution.manifest.v2+json"},
                     {"config",
                      {{"mediaType", "application/vnd.docker.container.image.v1+json"},
                       {"digest", "sha256:" + Sha256Of(config)},
                       {"size", config.size()}}}};
    Blob(config);
    manifest["layers"] = Json::array();
    for (const OllamaLayer& layer : layers) {
      manifest["layers"].push_back({{"mediaType", kOllama + layer.type},
                                    {"digest", "sha256:" + Sha256Of(layer.bytes)},
                                    {"size", layer.bytes.size()}});
      Blob(layer.bytes);
    }
    store.File("models/manifests/" + place, manifest.dump());
    return *this;
  }
  OllamaStore& Blob(const std::string& bytes) {
    store.File("models/blobs/sha256" + separator_ + Sha256Of(bytes), bytes);
    return *this;
  }

  StoreBuilder store;

 private:
  std::string separator_;
};

const std::string kLicence =
    "MIT License\n\nCopyright (c) 2026 Somebody\n\nPermission is hereby granted, free of charge, "
    "to "
    "any person obtaining a copy of this software and associated documentation files, to deal in "
    "the Software without restriction. THE SOFTWARE IS PROVIDED \"AS IS\", WITHOUT WARRANTY OF ANY "
    "KIND.\n";
const std::string kTemplate = "{{ .System }} {{ .Prompt }}";
const std::string kParams = R"({"stop":["<|eot|>"],"temperature":0.5})";

TEST_CASE("a model of several layers is one component with its repository and tag") {
  for (const char* separator : {"-", ":"}) {
    CAPTURE(separator);
    OllamaStore ollama(separator);
    ollama.Model("registry.ollama.ai/library/llama3.2/latest", {{"model", TinyGguf("Llama 3.2")},
                                                                {"license", kLicence},
                                                                {"template", kTemplate},
                                                                {"params", kParams},
                                                                {"system", "Be kind."}});
    for (const Report& report : {ollama.store.ScanFolder(), ollama.store.ScanTar()}) {
      CHECK(StoreLines(report) ==
            Lines{"kind=ollama host=registry.ollama.ai repository=library/llama3.2 tag=latest "
                  "layer=model family=llama parameters=3.2B quantisation=Q4_K_M verified=sha256"});
      REQUIRE(report.models.size() == 1);
      std::vector<std::string> side_cars;
      for (const std::size_t index : report.models[0].side_cars) {
        const Artifact& side_car = report.artifacts[index];
        side_cars.push_back(side_car.ClaimOr("store:layer") + " " +
                            ArtifactKindName(side_car.kind));
      }
      std::sort(side_cars.begin(), side_cars.end());
      CHECK(side_cars == Lines{"license licence-text", "params modelfile", "system modelfile",
                               "template modelfile"});
      CHECK(report.models[0].weights.size() == 1);
      CHECK(MessagesWith(report, "store:") == Lines{});
    }
  }
}

TEST_CASE("projector, adapter and tensor layers join their model; other models keep theirs") {
  const std::string base = TinyGguf("base");
  const std::string projector = TinyGguf("vision", "clip");
  OllamaStore ollama;
  ollama.Model("registry.ollama.ai/library/base/1b", {{"model", base}, {"license", kLicence}});
  ollama.Model("registry.ollama.ai/me/tuned/latest",
               {{"model", base}, {"projector", projector}, {"system", "Mine."}});
  ollama.Model("hf.co/org/split/Q4", {{"tensor", SafetensorsFile({{"a", Pattern(16, 1)}})},
                                      {"tensor", SafetensorsFile({{"b", Pattern(16, 2)}})}});
  for (const Report& report : {ollama.store.ScanFolder(), ollama.store.ScanTar()}) {
    REQUIRE(report.models.size() == 3);
    std::vector<std::string> models;
    for (const Model& model : report.models) {
      std::string line;
      for (const std::size_t index : model.weights) {
        line += report.artifacts[index].ClaimOr("store:layer") + " ";
      }
      line += "|";
      for (const std::size_t index : model.side_cars) {
        line += " " + report.artifacts[index].ClaimOr("store:layer");
      }
      models.push_back(line);
    }
    std::sort(models.begin(), models.end());
    CHECK(models == Lines{"model | license", "projector | system", "tensor tensor |"});
  }
}

TEST_CASE("two tags of the same weights are one model") {
  OllamaStore ollama;
  ollama.Model("registry.ollama.ai/library/x/latest", {{"model", TinyGguf("x")}});
  ollama.Model("registry.ollama.ai/library/x/7b", {{"model", TinyGguf("x")}});
  const Report report = ollama.store.ScanFolder();
  REQUIRE(report.models.size() == 1);
  CHECK(report.artifacts[report.models[0].weights[0]].ClaimList("store:tag") ==
        Lines{"7b", "latest"});
}

TEST_CASE("a blob that no manifest names is a model and says so") {
  OllamaStore ollama;
  ollama.Blob(TinyGguf("left over")).Blob(kLicence);
  for (const Report& report : {ollama.store.ScanFolder(), ollama.store.ScanTar()}) {
    CHECK(StoreLines(report) == Lines{"kind=ollama orphan=no manifest names it verified=sha256"});
    REQUIRE(report.models.size() == 1);
    CHECK(report.models[0].side_cars.empty());
  }
}

TEST_CASE("a model that another host runs, and one whose blob is not there") {
  OllamaStore ollama;
  ollama.Model("registry.ollama.ai/library/gpt-oss/20b-cloud", {},
               R"("model_family":"gptoss","remote_host":"https://ollama.com:443",
                  "remote_model":"gpt-oss:20b")");
  CHECK(MessagesWith(ollama.store.ScanFolder(), "store:") ==
        Lines{"store: \"library/gpt-oss:20b-cloud\" is run by \"https://ollama.com:443\" as "
              "\"gpt-oss:20b\", its weights are not here"});
  const std::string hex(64, 'a');
  StoreBuilder store;
  store.File("models/manifests/registry.ollama.ai/library/x/latest",
             R"({"schemaVersion":2,"config":{"digest":"sha256:)" + hex +
                 R"(","mediaType":"x"},"layers":[{"mediaType":"application/vnd.ollama.image.model",
                 "digest":"sha256:)" +
                 hex + R"(","size":3}]})");
  for (const Report& report : {store.ScanFolder(), store.ScanTar()}) {
    CHECK(MessagesWith(report, "store:") ==
          Lines{"store: the model of \"library/x:latest\" (sha256:" + hex +
                ") is not there or is no known weight format"});
  }
}

TEST_CASE("content that is not what its name says is a finding, also with --hash none --verify") {
  for (const char* separator : {"-", ":"}) {
    CAPTURE(separator);
    StoreBuilder store;
    store.File("models/blobs/sha256" + std::string(separator) + std::string(64, 'b'),
               TinyGguf("changed"));
    ScanOptions options;
    for (const bool verify : {false, true}) {
      options.hash = verify ? HashMode::kNone : HashMode::kFull;
      options.verify = verify;
      for (const Report& report : {store.ScanFolder(options), store.ScanTar(options)}) {
        CHECK(std::count_if(report.findings.begin(), report.findings.end(),
                            [](const Finding& finding) {
                              return finding.rule_id == "WB-DIGEST-MISMATCH";
                            }) == 1);
      }
    }
    options.hash = HashMode::kNone;
    options.verify = false;
    CHECK(store.ScanFolder(options).artifacts[0].sha256.empty());
  }
}

}  // namespace
}  // namespace weighbridge
