// Scans of the stores of container engines: every file that lies unpacked in a layer's
// folder knows its images, and the engines' book-keeping is no finding.
#include <doctest/doctest.h>

#include "tests/support/live_store_builder.h"

namespace weighbridge {
namespace {

using namespace test;
using Lines = std::vector<std::string>;

std::string Weights(int seed) { return SafetensorsFile({{"a.weight", Pattern(400, seed)}}); }

LiveImage Sample() {
  return {"acme/llm:1",
          {{{{"m/kept.safetensors", Weights(1)},
             {"m/deleted.safetensors", Weights(2)},
             {"m/replaced.safetensors", Weights(3)},
             {"fresh/deep/below.safetensors", Weights(4)},
             {"gone/inside.gguf", TinyGguf("gone")}},
            {},
            {}},
           {{{"m/replaced.safetensors", Weights(5)}}, {"m/deleted.safetensors", "gone"}, {}},
           {{{"fresh/new.safetensors", Weights(6)}}, {}, {"fresh"}}}};
}

// "file layer/layers state" of the weights, sorted.
Lines PlaceLines(const Report& report) {
  Lines lines;
  for (const Artifact& artifact : report.artifacts) {
    if (artifact.kind != ArtifactKind::kWeights) continue;
    std::string line(artifact.location.FileName());
    for (const ImagePlace& place : artifact.images) {
      line += " " + place.image + " " + std::to_string(place.position) + "/" +
              std::to_string(place.layers) + " " + ImageStateName(place.state);
    }
    lines.push_back(line);
  }
  std::sort(lines.begin(), lines.end());
  return lines;
}

const Lines kPlaces = {
    "below.safetensors acme/llm:1 1/3 deleted",   "deleted.safetensors acme/llm:1 1/3 deleted",
    "inside.gguf acme/llm:1 1/3 deleted",         "kept.safetensors acme/llm:1 1/3 visible",
    "new.safetensors acme/llm:1 3/3 visible",     "replaced.safetensors acme/llm:1 1/3 replaced",
    "replaced.safetensors acme/llm:1 2/3 visible"};

Report ScanAt(const std::string& target) {
  ScanOptions options;
  options.targets = {target};
  return RunScan(options);
}

Lines Formats(const Report& report) {
  Lines formats;
  for (const Artifact& artifact : report.artifacts) {
    if (artifact.kind != ArtifactKind::kWeights) formats.push_back(artifact.format);
  }
  return formats;
}

using MakeStore = LiveStore (*)(const std::string& root, const LiveImage& image);
struct Engine {
  std::string name;
  MakeStore make;
  Lines formats;  // of the documents that stay in the report
};
const Engine kEngines[] = {{"docker", DockerStore, {"oci_config"}},
                           {"storage", StorageStore, {"oci_manifest"}},
                           {"containerd", ContainerdStore, {"oci_config", "oci_manifest"}}};

TEST_CASE("each engine, each form of deletion, wherever the root lies") {
  const std::pair<Whiteout, std::string> forms[] = {{Whiteout::kFile, ".wh. files"},
                                                    {Whiteout::kAttribute, "attributes"},
                                                    {Whiteout::kDevice, "devices"}};
  for (const Engine& engine : kEngines) {
    for (const auto& [form, form_name] : forms) {
      for (const std::string root : {"", "var/lib/x/"}) {
        CAPTURE(engine.name);
        CAPTURE(form_name);
        CAPTURE(root);
        const Scratch scratch;
        const LiveImage image = Sample();
        if (!WriteLive(scratch, engine.make(root, image), image, form)) {
          MESSAGE("skipped: " << form_name << " cannot be made here");
          continue;
        }
        const Report report = ScanAt(scratch.path());
        CHECK(PlaceLines(report) == kPlaces);
        Lines formats = Formats(report);
        std::sort(formats.begin(), formats.end());
        CHECK(formats == engine.formats);
        CHECK(report.diagnostics.empty());
        for (const Finding& finding : report.findings) CHECK(!finding.images.empty());
      }
    }
  }
}

TEST_CASE("digests: of the manifest, or what the engine knows of the layer") {
  const LiveImage image = Sample();
  const std::string manifest = "sha256:" + Sha256Of(image.Manifest());
  const std::pair<std::string, std::string> digests[] = {
      {"", image.DiffId(0)}, {manifest, image.BlobDigest(0)}, {manifest, image.BlobDigest(0)}};
  for (std::size_t i = 0; i < 3; ++i) {
    const Scratch scratch;
    REQUIRE(WriteLive(scratch, kEngines[i].make("", image), image, Whiteout::kFile));
    const Report report = ScanAt(scratch.path());
    for (const Artifact& artifact : report.artifacts) {
      if (artifact.location.FileName() != "kept.safetensors") continue;
      REQUIRE(artifact.images.size() == 1);
      CHECK(artifact.images[0].manifest_digest == digests[i].first);
      CHECK(artifact.images[0].layer_digest == digests[i].second);
    }
  }
}

TEST_CASE("in a tar what deletes is not asked: unknown, unless nothing can hide it") {
  for (const Engine& engine : kEngines) {
    CAPTURE(engine.name);
    const Scratch scratch;
    const LiveImage image = Sample();
    scratch.Write("host.tar", LiveTar(engine.make("var/lib/x/", image), image));
    CHECK(PlaceLines(ScanAt(scratch.path())) ==
          Lines{"below.safetensors acme/llm:1 1/3 unknown",
                "deleted.safetensors acme/llm:1 1/3 unknown", "inside.gguf acme/llm:1 1/3 unknown",
                "kept.safetensors acme/llm:1 1/3 unknown", "new.safetensors acme/llm:1 3/3 visible",
                "replaced.safetensors acme/llm:1 1/3 replaced",
                "replaced.safetensors acme/llm:1 2/3 unknown"});
  }
}

TEST_CASE("files of running containers belong to no image") {
  const Scratch scratch;
  const LiveImage image = Sample();
  REQUIRE(WriteLive(scratch, DockerStore("d/", image), image, Whiteout::kFile));
  const std::string box = Sha256Of("box");
  scratch.Write("d/image/overlay2/layerdb/mounts/" + box + "/mount-id", box);
  scratch.Write("d/image/overlay2/layerdb/mounts/" + box + "/parent", image.ChainId(2));
  scratch.Write("d/overlay2/" + box + "/diff/own.safetensors", Weights(9));
  const Lines lines = PlaceLines(ScanAt(scratch.path()));
  CHECK(std::find(lines.begin(), lines.end(), "own.safetensors") != lines.end());
}

TEST_CASE("a damaged database: names are lost and that is said, digests are not") {
  const Scratch scratch;
  const LiveImage image = Sample();
  LiveStore store = ContainerdStore("", image);
  for (LiveFile& file : store.files) {
    if (file.name.ends_with("meta.db")) file.bytes.resize(3 * 4096 + 100);
  }
  REQUIRE(WriteLive(scratch, store, image, Whiteout::kFile));
  const Report report = ScanAt(scratch.path());
  CHECK(PlaceLines(report)[3] == "kept.safetensors  1/3 visible");
  REQUIRE(report.diagnostics.size() == 1);
  CHECK(report.diagnostics[0].message.rfind("containerd_images: page ", 0) == 0);
  CHECK(report.diagnostics[0].location.path == scratch / "io.containerd.metadata.v1.bolt/meta.db");
}

TEST_CASE("a broken images.json is said") {
  const Scratch scratch;
  const LiveImage image = Sample();
  LiveStore store = StorageStore("", image);
  store.files[0].bytes.resize(40);
  REQUIRE(WriteLive(scratch, store, image, Whiteout::kFile));
  const Report report = ScanAt(scratch.path());
  CHECK(PlaceLines(report)[3] == "kept.safetensors");
  REQUIRE(report.diagnostics.size() == 1);
  CHECK(report.diagnostics[0].message.rfind("storage_images: ", 0) == 0);
}

}  // namespace
}  // namespace weighbridge
