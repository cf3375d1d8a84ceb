// Documents and layers joined by their places, in a folder and in an archive.
#include "scanner/images/place.h"

#include <algorithm>

#include <doctest/doctest.h>

namespace weighbridge {
namespace {

const std::string kLower(64, 'a');
const std::string kUpper(64, 'b');
const std::string kManifest(64, 'c');
const std::string kConfig(64, 'd');

Artifact At(const std::string& path, std::vector<std::string> members, ArtifactKind kind) {
  Artifact artifact;
  artifact.location = Location{path, std::move(members)};
  artifact.kind = kind;
  return artifact;
}

Artifact Document(Artifact artifact, std::vector<Claim> claims) {
  artifact.kind = ArtifactKind::kImageManifest;
  artifact.claims = std::move(claims);
  return artifact;
}

LayerSummary Layer(const Location& location, std::vector<std::string> names) {
  LayerSummary layer;
  layer.location = location;
  layer.complete = true;
  for (const std::string& name : names) layer.AddFile(name);
  layer.Finish();
  return layer;
}

struct Image {
  std::vector<Artifact> artifacts;
  std::vector<LayerSummary> layers;
  const Artifact& file() const {
    return *std::find_if(artifacts.begin(), artifacts.end(), [](const Artifact& artifact) {
      return artifact.kind == ArtifactKind::kWeights;
    });
  }
};

// An OCI layout as a folder: one image of two layers, weights in the lower one.
Image OciLayout(std::vector<std::string> upper_names) {
  const std::string blobs = "img/blobs/sha256/";
  Image image;
  image.artifacts.push_back(At(blobs + kLower, {}, ArtifactKind::kContainer));
  image.artifacts.push_back(At(blobs + kLower, {"models/m.gguf"}, ArtifactKind::kWeights));
  image.artifacts.push_back(At(blobs + kUpper, {}, ArtifactKind::kContainer));
  image.artifacts.push_back(
      Document(At(blobs + kManifest, {}, {}), {{"oci:document", "manifest"},
                                               {"oci:config", "sha256:" + kConfig + "\t"},
                                               {"oci:layer", "sha256:" + kLower + "\t1\tx\t"},
                                               {"oci:layer", "sha256:" + kUpper + "\t1\tx\t"}}));
  image.artifacts.push_back(
      Document(At("img/index.json", {}, {}),
               {{"oci:document", "index"},
                {"oci:manifest", "sha256:" + kManifest + "\tx\tlinux/amd64\tv1"}}));
  image.layers.push_back(Layer({blobs + kLower, {}}, {"models/m.gguf"}));
  image.layers.push_back(Layer({blobs + kUpper, {}}, std::move(upper_names)));
  return image;
}

TEST_CASE("a file in a layer knows its image and whether it shows") {
  struct Row {
    std::vector<std::string> upper;
    ImagePlace::State state;
  };
  const Row rows[] = {{{"other"}, ImagePlace::State::kVisible},
                      {{"models/.wh.m.gguf"}, ImagePlace::State::kDeleted},
                      {{"models/m.gguf"}, ImagePlace::State::kReplaced}};
  for (const Row& row : rows) {
    Image image = OciLayout(row.upper);
    PlaceInImages(image.layers, {}, image.artifacts);
    REQUIRE(image.file().images.size() == 1);
    const ImagePlace& place = image.file().images[0];
    CHECK(place.image == "v1 (linux/amd64)");
    CHECK(place.manifest_digest == "sha256:" + kManifest);
    CHECK(place.layer_digest == "sha256:" + kLower);
    CHECK(place.position == 1);
    CHECK(place.layers == 2);
    CHECK(place.state == row.state);
  }
}

TEST_CASE("a layer that was not read leaves the lower ones unknown") {
  Image image = OciLayout({"other"});
  image.layers.pop_back();
  PlaceInImages(image.layers, {}, image.artifacts);
  REQUIRE(image.file().images.size() == 1);
  CHECK(image.file().images[0].state == ImagePlace::State::kUnknown);
}

TEST_CASE("docker save: tags, linked layers, members of one tar") {
  Image image;
  image.artifacts.push_back(At("i.tar", {"one/layer.tar"}, ArtifactKind::kContainer));
  image.artifacts.push_back(
      At("i.tar", {"one/layer.tar", "models/m.gguf"}, ArtifactKind::kWeights));
  image.artifacts.push_back(
      Document(At("i.tar", {"manifest.json"}, {}), {{"oci:document", "docker-manifest"},
                                                    {"docker:image", "c.json\tacme/a:1"},
                                                    {"docker:image", "d.json\tacme/b:1"},
                                                    {"docker:layer", "0\tone/layer.tar"},
                                                    {"docker:layer", "1\ttwo/layer.tar"}}));
  image.layers.push_back(Layer({"i.tar", {"one/layer.tar"}}, {"models/m.gguf"}));
  const std::vector<LayerLink> links{{{"i.tar", {"two/layer.tar"}}, "../one/layer.tar", false}};
  PlaceInImages(image.layers, links, image.artifacts);
  REQUIRE(image.file().images.size() == 2);
  CHECK(image.file().images[0].image == "acme/a:1");
  CHECK(image.file().images[1].image == "acme/b:1");
  CHECK(image.file().images[1].state == ImagePlace::State::kVisible);
}

TEST_CASE("digests that do not match are said") {
  Image image = OciLayout({"other"});
  image.artifacts[0].sha256 = std::string(64, 'e');
  image.artifacts[2].sha256 = kUpper;
  image.artifacts[2].content_sha256 = std::string(64, 'f');
  image.artifacts[2].claims = {{"archive:compression", "gzip"}};
  image.artifacts.push_back(Document(At("img/blobs/sha256/" + kConfig, {}, {}),
                                     {{"oci:document", "config"},
                                      {"oci:diff_id", "sha256:" + std::string(64, '1')},
                                      {"oci:diff_id", "sha256:" + std::string(64, '2')}}));
  PlaceInImages(image.layers, {}, image.artifacts);
  REQUIRE(image.artifacts[0].diagnostics.size() >= 1);
  CHECK(image.artifacts[0].diagnostics[0].message ==
        "digest mismatch: the name says sha256:" + kLower +
            ", its content has sha256:" + std::string(64, 'e'));
  REQUIRE(image.artifacts[2].diagnostics.size() == 1);
  CHECK(image.artifacts[2].diagnostics[0].message ==
        "digest mismatch: the image's configuration says sha256:" + std::string(64, '2') +
            ", its content has sha256:" + std::string(64, 'f'));
}

}  // namespace
}  // namespace weighbridge
