// OCI layouts that hold models: Docker Model Runner, KitOps, ModelPack; and ramalama.
#include <doctest/doctest.h>

#include "tests/support/store_builder.h"

namespace weighbridge {
namespace {

using namespace test;
using Lines = std::vector<std::string>;

struct OciLayer {
  std::string type;
  std::string bytes;
  std::string title = {};
};

std::string Manifest(const std::string& config_type, const std::string& config,
                     const std::vector<OciLayer>& layers) {
  Json manifest = {{"schemaVersion", 2},
                   {"mediaType", "application/vnd.oci.image.manifest.v1+json"},
                   {"config",
                    {{"mediaType", config_type},
                     {"digest", "sha256:" + Sha256Of(config)},
                     {"size", config.size()}}}};
  manifest["layers"] = Json::array();
  for (const OciLayer& layer : layers) {
    Json entry = {{"mediaType", layer.type},
                  {"digest", "sha256:" + Sha256Of(layer.bytes)},
                  {"size", layer.bytes.size()}};
    if (!layer.title.empty()) entry["annotations"] = {{"org.cncf.model.filepath", layer.title}};
    manifest["layers"].push_back(entry);
  }
  return manifest.dump();
}

void Blob(StoreBuilder& store, const std::string& root, const std::string& bytes) {
  store.File(root + "blobs/sha256/" + Sha256Of(bytes), bytes);
}

TEST_CASE("Docker Model Runner") {
  const std::string config =
      R"({"config":{"format":"gguf","quantization":"Q4_K_M","parameters":"362M"},
          "descriptor":{"created":"2026-01-01"},"rootfs":{"type":"rootfs","diff_ids":["sha256:1"]}})";
  const std::string weights = TinyGguf("smol");
  const std::string manifest =
      Manifest("application/vnd.docker.ai.model.config.v0.1+json", config,
               {{"application/vnd.docker.ai.gguf.v3", weights},
                {"application/vnd.docker.ai.license", "Apache License, Version 2.0"}});
  const std::string id = Sha256Of(manifest);
  StoreBuilder store;
  store.File("m/layout.json", R"({"version":"1.0.0"})")
      .File("m/models.json", R"({"models":[{"id":"sha256:)" + id +
                                 R"(","tags":["ai/smollm2:360M"],"files":["sha256:1"]}]})")
      .File("m/manifests/sha256/" + id, manifest);
  Blob(store, "m/", config);
  Blob(store, "m/", weights);
  for (const Report& report : {store.ScanFolder(), store.ScanTar()}) {
    CHECK(StoreLines(report) ==
          Lines{"kind=docker-model-runner host=docker.io repository=ai/smollm2 revision=sha256:" +
                id + " tag=360M layer=model parameters=362M quantisation=Q4_K_M verified=sha256"});
  }
}

TEST_CASE("ModelPack and KitOps layouts") {
  const std::string pack_config =
      R"({"descriptor":{"name":"acme-7b","vendor":"Acme","licenses":["Apache-2.0"]},
          "config":{"format":"safetensors","paramSize":"7b"},"modelfs":{"type":"layers"}})";
  const std::string weights = SafetensorsFile({{"w", Pattern(32, 1)}});
  const std::string pack =
      Manifest("application/vnd.cncf.model.config.v1+json", pack_config,
               {{"application/vnd.cncf.model.weight.v1.raw", weights, "model.safetensors"}});
  const std::string kit_config =
      R"({"manifestVersion":"1.0.0","package":{"name":"kit","license":"MIT"},
          "model":{"name":"tuned","path":"./tuned.gguf"}})";
  const std::string tar = BuildTar({{"tuned.gguf", TinyGguf("tuned")}});
  const std::string kit = Manifest("application/vnd.kitops.modelkit.config.v1+json", kit_config,
                                   {{"application/vnd.kitops.modelkit.model.v1.tar", tar}});
  StoreBuilder store;
  for (const std::string& bytes : {pack_config, weights, pack, kit_config, tar, kit}) {
    Blob(store, "s/", bytes);
  }
  const auto entry = [](const std::string& bytes, const char* name) {
    return Json{{"mediaType", "application/vnd.oci.image.manifest.v1+json"},
                {"digest", "sha256:" + Sha256Of(bytes)},
                {"annotations", {{"org.opencontainers.image.ref.name", name}}}};
  };
  store.File("s/oci-layout", R"({"imageLayoutVersion":"1.0.0"})")
      .File("s/index.json",
            Json{{"schemaVersion", 2},
                 {"manifests", {entry(pack, "ghcr.io/acme/pack:v1"), entry(kit, "v2")}}}
                .dump());
  const Lines expected = {
      "kind=kitops revision=sha256:" + Sha256Of(kit) + " tag=v2 layer=model name=tuned licence=MIT",
      "kind=modelpack host=ghcr.io repository=acme/pack revision=sha256:" + Sha256Of(pack) +
          " tag=v1 layer=model path=model.safetensors name=acme-7b vendor=Acme licence=Apache-2.0 "
          "parameters=7b verified=sha256"};
  CHECK(StoreLines(store.ScanFolder()) == expected);
  CHECK(StoreLines(store.ScanTar()) == expected);
}

TEST_CASE("ramalama") {
  const std::string weights = TinyGguf("tiny");
  const std::string hex = Sha256Of(weights);
  const std::string root = "store/huggingface/org/name/";
  StoreBuilder store;
  store
      .File(root + "refs/latest.json",
            R"({"hash":"sha256-1","path":"x","files":[{"hash":"sha256-)" + hex +
                R"(","name":"m.gguf","type":"gguf_model"}]})")
      .File(root + "blobs/sha256-" + hex, weights)
      .Link(root + "snapshots/sha256-1/m.gguf", "../../blobs/sha256-" + hex);
  const Lines expected = {
      "kind=ramalama host=huggingface.co repository=org/name "
      "revision=sha256-1 tag=latest layer=model path=m.gguf verified=sha256"};
  CHECK(StoreLines(store.ScanFolder()) == expected);
  CHECK(StoreLines(store.ScanTar()) == expected);
}

}  // namespace
}  // namespace weighbridge
